/** Where the sound of everybody else comes out: the `<video>`s that play it, all on one speaker. */
export class Outputs {
  readonly #players = new Set<HTMLMediaElement>();
  #speaker = '';

  /** Whether the browser lets a page choose. */
  static get canChoose(): boolean {
    return typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;
  }

  add(player: HTMLMediaElement): void {
    for (const each of this.#players) if (!each.isConnected) this.#players.delete(each);
    this.#players.add(player);
    if (this.#speaker !== '') this.#direct(player);
  }

  /** Id of the speaker; empty: the one of the system. */
  use(speaker: string): void {
    if (speaker === this.#speaker) return;
    this.#speaker = speaker;
    for (const player of this.#players) this.#direct(player);
  }

  /** What a phone call or another program has paused goes on. A refusal leaves it to the words about held back sound. */
  goOn(): void {
    for (const player of this.#players) {
      if (player.isConnected && player.paused && player.srcObject) player.play().catch(() => undefined);
    }
  }

  #direct(player: HTMLMediaElement): void {
    if (!Outputs.canChoose) return;
    // A speaker that has just gone: the sound comes out of the one of the system.
    player.setSinkId(this.#speaker).catch(() => undefined);
  }
}
