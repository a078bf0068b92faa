import type { PropertyValues } from 'lit';
import { RoomAttributes } from './room-attributes.ts';
import type { TileView } from './view.ts';

/** Milliseconds after which an element that is pointed at nothing says so: the other one may come a little later. */
const PATIENCE = 1000;

/**
 * Several elements in one room: one owns the session, the room and the devices, the others are its guests. An element is
 * the guest of the one that it is pointed at by `for`, else of the one that it stands in; of a chain of them, of the last.
 */
export abstract class RoomOwner extends RoomAttributes {
  /** Which pictures this kind of element is for, when it shows a room together with one of the other kind. */
  protected abstract readonly purpose: TileView['kind'];

  #owner: this | undefined;
  readonly #guests = new Set<this>();
  #complaint: ReturnType<typeof setTimeout> | undefined;

  /** The element whose session, room and devices these are: this one, unless it is a guest. */
  protected get owner(): this {
    return this.#owner ?? this;
  }

  /** Whether another element's room is shown, or will be when that element is there. */
  protected get isGuest(): boolean {
    return this.#owner !== undefined || this.for !== '';
  }

  /** Everybody who shows this room, the owner first. */
  protected get company(): this[] {
    return [this.owner, ...this.owner.#guests];
  }

  /** Whether an element of the other kind shows the rest of this room. */
  protected get dividesRoom(): boolean {
    return this.company.some(({ purpose }) => purpose !== this.purpose);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    present.add(this);
    for (const element of present) element.#findOwner();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('for')) this.#findOwner();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    for (const guest of this.#guests) guest.requestUpdate();
  }

  /** Out of the page for good, or until it is put back. */
  protected takeLeave(): void {
    present.delete(this);
    clearTimeout(this.#complaint);
    for (const element of [this, ...this.#guests]) element.#findOwner();
  }

  /** It has become a guest, or is one no longer: whatever it has of its own is to be given up. */
  protected abstract ownerChanged(): void;

  #findOwner(): void {
    clearTimeout(this.#complaint);
    const isPresent = present.has(this);
    const owner = isPresent ? lastOf(this) : undefined;
    if (isPresent && this.for && !owner) this.#complaint = setTimeout(() => this.#complain(), PATIENCE);
    if (owner === this.#owner) return;
    if (this.#owner) this.#owner.#guests.delete(this);
    this.#owner?.requestUpdate();
    this.#owner = owner;
    if (owner) owner.#guests.add(this);
    owner?.requestUpdate();
    this.ownerChanged();
    this.requestUpdate();
  }

  #complain(): void {
    const takes = 'takes the id of another element of the kit in the same document or shadow root';
    console.warn(`<${this.localName}> for="${this.for}": ${takes}; nothing is shown until there is one.`);
  }
}

/** The elements in this page, so that a guest finds its owner whichever of them comes first. */
const present = new Set<RoomOwner>();

function lastOf<E extends RoomOwner>(element: E): E | undefined {
  const seen = new Set<RoomOwner>([element]);
  let owner: RoomOwner | undefined;
  for (let next = nextOf(element); next && present.has(next); next = nextOf(next)) {
    if (seen.has(next)) return undefined;
    seen.add(next);
    owner = next;
  }
  // All elements of the kit are of the one class that is made of this one.
  return owner as E | undefined;
}

function nextOf(element: RoomOwner): RoomOwner | undefined {
  const found = element.for ? pointedAt(element) : enclosing(element);
  return found instanceof RoomOwner ? found : undefined;
}

function pointedAt(element: RoomOwner): Node | null {
  const root = element.getRootNode();
  return root instanceof Document || root instanceof ShadowRoot ? root.getElementById(element.for) : null;
}

/** Through shadow roots, too: a page's own element may wrap one of ours. */
function enclosing(element: RoomOwner): Node | null {
  let node: Node | null = element;
  do {
    node = node instanceof ShadowRoot ? node.host : node.parentNode;
  } while (node && !(node instanceof RoomOwner));
  return node;
}
