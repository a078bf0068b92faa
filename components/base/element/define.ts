/**
 * Registers an element, unless the name is taken: two copies of the script on a page must not throw. On a server, where
 * there are no elements, it does nothing.
 */
export function define(name: string, element: CustomElementConstructor): void {
  if (typeof customElements === 'undefined' || customElements.get(name)) return;
  customElements.define(name, element);
}
