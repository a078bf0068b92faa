import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { define } from '../../base/element/define.ts';
import { WcsElement } from '../../base/element/element.ts';
import { IntentEvent } from '../../base/element/intent.ts';
import type { TileView } from '../../base/view.ts';
import { shared } from '../../styles/shared.ts';
import { tokens } from '../../styles/tokens.ts';
import { icon } from '../icon.ts';
import { fullScreenOf, toggleFullScreen, toggleWindow, windowOf, type Enlarged } from './enlarge.ts';
import { playable } from '../playable.ts';
import { hue, initials } from './initials.ts';
import { isolate } from '../isolate.ts';
import { tileButtons } from './tile-buttons.ts';
import { tileSigns, tileSignsStyles } from './tile-signs.ts';
import { tileStyles } from './tile.styles.ts';

/**
 * @customElement wcs-tile
 * @summary One participant, or one shared screen: picture or initials, name, microphone sign.
 *
 * Plays what it is given, with sound unless it is our own. Where the browser refuses to start the sound it shows the
 * picture silently and asks for a button (intent `sound-blocked`); `allowSound()` in answer to a click starts it.
 *
 * @csspart tile-video - The `<video>`.
 * @csspart tile-name - The name with the microphone sign.
 * @csspart tile-note - Words about a picture that is missing.
 * @csspart pin-button - Makes it large for oneself, or lets it go.
 * @csspart tile-button - Opens what can be done with it.
 * @csspart tile-overlay - What the page lays over the picture.
 */
export class WcsTile extends WcsElement {
  static override styles = [tokens, shared, tileStyles, tileSignsStyles];

  /** Whose tile it is and what it shows. */
  @property({ attribute: false }) view: TileView | undefined;
  /** Whether the sound is played elsewhere. */
  @property({ type: Boolean }) silent = false;
  /** Whether it can be made large. */
  @property({ type: Boolean }) pinnable = false;
  /** Whether it has been made large. */
  @property({ type: Boolean }) pinned = false;
  /** Whether it has a button for what can be done with it. */
  @property({ type: Boolean }) options = false;
  /** Where the name stands at the bottom. */
  @property({ attribute: 'name-at', reflect: true, useDefault: true }) nameAt: 'start' | 'right' = 'start';
  /** What the page lays over pictures; each tile shows a copy. */
  @property({ attribute: false }) overlay: readonly Element[] = [];
  @query('video') private readonly video!: HTMLVideoElement | null;
  @query('[part=tile-button]') private readonly button!: HTMLElement | null;

  /** Tries again to play with sound. Call it while handling a click or a key, which is what browsers wait for. */
  allowSound(): void {
    this.#isBlocked = false;
    if (!this.video || this.#isSilent) return;
    this.video.muted = false;
    void this.#play(this.video);
  }

  /** Puts the focus on the button for what can be done with it. */
  override focus(options?: FocusOptions): void {
    this.button?.focus(options);
  }

  /** What a menu of it stands beside. */
  get optionsButton(): HTMLElement {
    return this.button ?? this;
  }

  /** Whether it is on the whole screen, and can be. */
  get fullScreen(): Enlarged {
    return fullScreenOf(this, this.video);
  }

  /** Whether its picture is in a window of its own, and can be. */
  get pictureInPicture(): Enlarged {
    return this.view?.video ? windowOf(this.video) : 'impossible';
  }

  /** Whether its picture is in a window of its own. */
  get inWindow(): boolean {
    return windowOf(this.video) === 'on';
  }

  /** Shows it on the whole screen, or no longer. Call it while handling a click. */
  toggleFullScreen(): void {
    toggleFullScreen(this, this.video);
  }

  /** Shows its picture in a window of its own, or no longer. Call it while handling a click. */
  async togglePictureInPicture(): Promise<void> {
    if (this.video) await toggleWindow(this.video);
  }

  #copies: Element[] = [];
  #shows: string | undefined;
  #volume: number | undefined;
  /** Whether the browser holds the sound back. */
  #isBlocked = false;

  override render(): TemplateResult | typeof nothing {
    const { view } = this;
    if (!view) return nothing;
    const picture = view.video && !view.starved;
    const classes = `frame ${view.kind} ${picture ? '' : 'without-picture'} ${view.speaking ? 'speaking' : ''}`;
    return html`<div class=${classes} role="group" aria-label=${this.#description(view)}>
      ${
        picture
          ? nothing
          : html`<div class="backdrop"></div>
              <div class="avatar" aria-hidden="true">${initials(view.name)}</div>`
      }
      <video
        part="tile-video"
        class=${view.mirrored ? 'mirrored' : ''}
        playsinline
        autoplay
        disablepictureinpicture
        aria-hidden="true"
        tabindex="-1"
        @resize=${this.#takeShape}
      ></video>
      <div class="overlay" part="tile-overlay">${this.#copies}</div>
      ${tileSigns(view)}
      ${tileButtons(this.localize, {
        view,
        pinned: this.pinned,
        pinnable: this.pinnable,
        options: this.options,
        ask: (intent) => this.dispatchEvent(new IntentEvent({ ...intent })),
      })}
      ${
        view.connected
          ? nothing
          : html`<div class="lost">
              <div class="spinner"></div>
              ${this.localize.term('reconnecting')}
            </div>`
      }
      ${this.#note(view)}
      <div class="name" part="tile-name" aria-hidden="true">
        ${view.audio || view.kind === 'screen' ? nothing : icon('microphone-off')}
        <bdi class="label">${this.#label(view)}</bdi>
        ${this.#signal(view)}
      </div>
    </div>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('overlay')) this.#copies = this.overlay.map((original) => this.#copy(original));
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!this.view || !this.video) return;
    if (this.view.id !== this.#shows) this.#tellShown(this.view.id);
    if (changed.has('silent') || this.view.volume !== this.#volume) this.#takeVolume(this.video);
    this.style.setProperty('--_hue', String(hue(this.view.name)));
    const media = playable(this.view.media);
    if (this.video.srcObject === media) return;
    // The attribute `muted` counts only in markup that was parsed with the page; here the property has to be set.
    this.video.muted = this.#isSilent;
    this.video.srcObject = media;
    if (media) void this.#play(this.video);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#tellShown(undefined);
    // Without this a removed video goes on playing its sound until it is collected.
    if (this.video) this.video.srcObject = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // After a move in the page the picture has to be put back.
    if (this.hasUpdated) this.requestUpdate('view');
  }

  /** Whoever sends the picture need not send it larger than it is seen here. */
  #tellShown(tile: string | undefined): void {
    const { video } = this;
    if (this.#shows !== undefined && !this.view?.own) this.#show(this.#shows, undefined);
    this.#shows = tile;
    if (tile !== undefined && video && !this.view?.own) this.#show(tile, video);
  }

  #show(tile: string, video: HTMLVideoElement | undefined): void {
    this.dispatchEvent(new IntentEvent({ do: 'show', tile, video }));
  }

  get #isSilent(): boolean {
    return this.silent || this.view?.own === true || this.view?.volume === 0;
  }

  /** On an iPhone volume is not for pages to set, silence is. */
  #takeVolume(video: HTMLVideoElement): void {
    this.#volume = this.view?.volume;
    video.volume = (this.#volume ?? 100) / 100;
    video.muted = this.#isSilent || this.#isBlocked;
  }

  /** Browsers tell it when the picture is first known and whenever a shared window changes its size. */
  #takeShape({ target }: Event): void {
    const { videoWidth, videoHeight } = target as HTMLVideoElement;
    if (videoWidth && videoHeight) this.style.setProperty('--_shape', `${videoWidth} / ${videoHeight}`);
  }

  async #play(video: HTMLVideoElement): Promise<void> {
    try {
      await video.play();
    } catch (error) {
      // AbortError: another stream, or none, came meanwhile. Only NotAllowedError is the autoplay policy.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || video.muted) return;
      this.#isBlocked = true;
      video.muted = true;
      this.dispatchEvent(new IntentEvent({ do: 'sound-blocked' }));
      await this.#play(video);
    }
  }

  /** A copy that knows whom it is shown over, for a page's own elements to use. */
  #copy(original: Element): Element {
    const copy = original.cloneNode(true) as Element;
    for (const name of ['id', 'slot']) copy.removeAttribute(name);
    copy.setAttribute('data-username', this.view?.name ?? '');
    copy.setAttribute('data-kind', this.view?.kind ?? '');
    return copy;
  }

  /** Why there is no picture, where it is not that of somebody who has switched it off. */
  #note(view: TileView): TemplateResult | typeof nothing {
    const why = whyMissing(view);
    if (!why) return nothing;
    return html`<div class=${`note ${why === 'pictureStopped' ? 'stopped' : ''}`} part="tile-note" aria-hidden="true">
      ${this.localize.term(why)}
    </div>`;
  }

  /** Said only when something is wrong: bars that are always there are seen by nobody. */
  #signal(view: TileView): TemplateResult | typeof nothing {
    if (!view.quality || view.quality === 'good') return nothing;
    return html`<span class=${`signal ${view.quality}`}>${icon('signal')}</span>`;
  }

  #label(view: TileView): string {
    if (view.kind === 'screen')
      return view.own ? this.localize.term('yourScreen') : this.localize.term('screenOf', isolate(view.name));
    return view.own ? this.localize.term('youNamed', isolate(view.name)) : view.name;
  }

  #description(view: TileView): string {
    const notes = [this.#label(view)];
    if (!view.audio && view.kind === 'camera') notes.push(this.localize.term('muted'));
    if (view.quality === 'poor' || view.quality === 'lost') notes.push(this.localize.term('poorConnection'));
    if (view.hand !== undefined) notes.push(this.localize.term('handUp', view.hand));
    const why = whyMissing(view);
    if (why) notes.push(this.localize.term(why));
    if (!view.connected) notes.push(this.localize.term('reconnecting'));
    return notes.join(', ');
  }
}

function whyMissing({ stopped, starved }: TileView): 'pictureStopped' | 'pictureWaits' | undefined {
  if (stopped) return 'pictureStopped';
  return starved ? 'pictureWaits' : undefined;
}

define('wcs-tile', WcsTile);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-tile': WcsTile;
  }
}
