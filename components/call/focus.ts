/** After joining the focus goes to the first button, after leaving into the form. */
export async function focusAfterTurn(root: ParentNode, inCall: boolean): Promise<void> {
  const prejoin = root.querySelector('wcs-prejoin');
  const target = inCall ? root.querySelector('wcs-controls') : prejoin;
  await target?.updateComplete;
  if (target === prejoin) prejoin?.focus();
  else target?.renderRoot.querySelector<HTMLElement>('button')?.focus();
}

/** Into the panel that was opened, or back to the button that opens it. */
export async function focusPanel(root: ParentNode, panel: 'chat' | 'people', open: boolean): Promise<void> {
  const controls = root.querySelector('wcs-controls');
  await controls?.updateComplete;
  if (!open) return controls?.focusOn(`${panel}-button`);
  const opened = root.querySelector(`wcs-${panel}`);
  await customElements.whenDefined(`wcs-${panel}`);
  await opened?.updateComplete;
  opened?.focus();
}

/** On the way out of the waiting room. */
export async function focusWaiting(root: ParentNode): Promise<void> {
  const waiting = root.querySelector('wcs-waiting');
  await customElements.whenDefined('wcs-waiting');
  await waiting?.updateComplete;
  waiting?.focus();
}
