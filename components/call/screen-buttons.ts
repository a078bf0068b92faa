import type { LocalizeController } from '@shoelace-style/localize';
import { html, nothing } from 'lit';
import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import type { Dictionary } from '../locales/dictionary.ts';
import { icon } from '../parts/icon.ts';
import { fullScreenOf, toggleFullScreen, type Enlarged } from '../parts/stage/enlarge.ts';

/** An element on the whole screen, as far as the browser lets it. */
export class FullScreen implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener('fullscreenchange', this.#update);
  }

  get state(): Enlarged {
    return fullScreenOf(this.#host);
  }

  /** In answer to a click. */
  readonly toggle = (): void => toggleFullScreen(this.#host);

  readonly #update = (): void => this.#host.requestUpdate();
}

export interface ScreenButtonsView {
  fullScreen: FullScreen;
  /** Absent: there is no picture to show in a window of its own, or the browser has no such windows. */
  popOut: (() => void) | undefined;
}

/** Buttons for a larger picture, and for one that stays over other windows. */
export function screenButtons(
  localize: LocalizeController<Dictionary>,
  { fullScreen, popOut }: ScreenButtonsView,
): TemplateResult {
  const isOn = fullScreen.state === 'on';
  const button = (name: 'full-screen' | 'picture-in-picture', text: string, act: () => void) =>
    html`<button
      type="button"
      class=${`quiet ${name}`}
      part=${`${name}-button`}
      aria-label=${text}
      title=${text}
      @click=${act}
    >
      ${icon(name)}
    </button>`;
  return html`${popOut ? button('picture-in-picture', localize.term('pictureInPicture'), popOut) : nothing}
  ${
    fullScreen.state === 'impossible'
      ? nothing
      : button('full-screen', localize.term(isOn ? 'fullScreenEnd' : 'fullScreen'), fullScreen.toggle)
  }`;
}
