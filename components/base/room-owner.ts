/** What an element needs to be found by, and to find, the one whose room it shows. */
interface RoomSharer extends HTMLElement {
  /** Id of the element whose room it shows; empty when it is not pointed at one. */
  readonly for: string;
}

/**
 * The element whose session and room another one uses: the one that it is pointed at by `for`, else the one that it
 * stands in; of a chain of them the last. Undefined for an element of its own, and while the other one is not there.
 */
export function ownerOf<E extends RoomSharer>(element: E, isSharer: (node: unknown) => node is E): E | undefined {
  const seen = new Set([element]);
  let owner: E | undefined;
  for (let next = nextOf(element, isSharer); next; next = nextOf(next, isSharer)) {
    if (seen.has(next)) return undefined;
    seen.add(next);
    owner = next;
  }
  return owner;
}

function nextOf<E extends RoomSharer>(element: E, isSharer: (node: unknown) => node is E): E | undefined {
  const found = element.for ? pointedAt(element) : enclosing(element, isSharer);
  return isSharer(found) ? found : undefined;
}

function pointedAt(element: RoomSharer): unknown {
  const root = element.getRootNode();
  return root instanceof Document || root instanceof ShadowRoot ? root.getElementById(element.for) : undefined;
}

/** Through shadow roots, too: a page's own element may wrap one of ours. */
function enclosing<E extends RoomSharer>(element: E, isSharer: (node: unknown) => node is E): E | undefined {
  let node: Node | null = element;
  while (node) {
    node = node instanceof ShadowRoot ? node.host : node.parentNode;
    if (isSharer(node)) return node;
  }
  return undefined;
}
