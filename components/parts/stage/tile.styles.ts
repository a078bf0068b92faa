import { css } from 'lit';

export const tileStyles = css`
  :host {
    display: block;
    position: relative;
    overflow: hidden;
    container-type: size;
    border-radius: var(--_tile-radius);
    background: var(--_tile-background);
    color: var(--_tile-text);
  }

  video {
    display: block;
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: cover;
  }

  video.mirrored {
    scale: -1 1;
  }

  /* A screen is shown whole: its frame has its shape, once that is known. */
  .screen {
    position: absolute;
    inset: 0;
    width: min(100cqw, 100cqh * var(--_shape, 16 / 9));
    height: min(100cqh, 100cqw / (var(--_shape, 16 / 9)));
    margin: auto;
    overflow: hidden;
    border-radius: min(var(--_tile-radius), 0.625em);
    background: #000;
  }

  .screen video {
    object-fit: contain;
  }

  .without-picture video {
    visibility: hidden;
  }

  .avatar {
    position: absolute;
    inset: 0;
    margin: auto;
    display: grid;
    place-items: center;
    width: 2.72em;
    aspect-ratio: 1;
    border-radius: 50%;
    background: oklch(0.52 0.12 var(--_hue));
    color: #fff;
    font-size: min(14cqmin, 2.75em);
    font-weight: 600;
    letter-spacing: 0.01em;
    line-height: 1;
    user-select: none;
    overflow: hidden;
  }

  .backdrop {
    position: absolute;
    inset: 0;
    background: radial-gradient(circle at 50% 45%, oklch(0.45 0.09 var(--_hue) / 0.55), transparent 75%);
  }

  .overlay {
    position: absolute;
    inset: 0;
    overflow: hidden;
    pointer-events: none;
  }

  .name {
    position: absolute;
    inset-inline-start: min(0.625em, 3cqmin);
    bottom: min(0.625em, 3cqmin);
    display: flex;
    align-items: center;
    gap: 0.375em;
    max-width: calc(100% - min(1.25em, 6cqmin));
    padding: 0.2em 0.625em;
    border-radius: 0.625em;
    background: #0b0d11b8;
    color: #fff;
    font-size: clamp(0.6875em, 4cqi, 0.8125em);
    font-weight: 550;
    line-height: 1.5;
  }

  /* Out of the way of what lies over the left corner, whichever way the text runs. */
  :host([name-at='right']) .name {
    inset-inline: auto;
    right: min(0.625em, 3cqmin);
  }

  .name svg {
    width: 1.15em;
    height: 1.15em;
    stroke-width: 2.25;
    color: #ff9a94;
  }

  .note {
    position: absolute;
    inset-block-start: min(0.625em, 3cqmin);
    inset-inline-start: min(0.625em, 3cqmin);
    max-width: calc(100% - 5.75em);
    padding: 0.2em 0.625em;
    border-radius: 0.625em;
    background: #0b0d11b8;
    color: #ffd27a;
    font-size: clamp(0.625em, 3.5cqi, 0.8125em);
    font-weight: 550;
    line-height: 1.35;
  }

  .note.stopped {
    color: #fff;
  }

  .buttons {
    position: absolute;
    z-index: 1;
    top: min(0.5em, 3cqmin);
    inset-inline-end: min(0.5em, 3cqmin);
    display: flex;
    gap: 0.25em;
  }

  .buttons button {
    width: 2em;
    height: 2em;
    min-width: 0;
    min-height: 0;
    padding: 0;
    border-radius: 50%;
    background: #0b0d11b8;
    color: #fff;
    opacity: 0;
    transition: opacity 0.15s;
  }

  .buttons button:hover:not(:disabled) {
    background: #0b0d11;
  }

  .buttons svg {
    width: 1.125em;
    height: 1.125em;
  }

  .frame:hover button,
  .buttons button:focus-visible,
  .buttons:focus-within button,
  .buttons button[aria-pressed='true'] {
    opacity: 1;
  }

  @media (hover: none) {
    .buttons button {
      opacity: 0.75;
    }
  }

  /* Large enough for a finger, and still no larger to the eye. */
  @media (pointer: coarse) {
    .buttons {
      top: 0;
      inset-inline-end: 0;
      gap: 0;
    }

    .buttons button,
    .buttons button:hover:not(:disabled) {
      background: radial-gradient(circle, #0b0d11b8 0 calc(1em - 1px), transparent 1em);
    }
  }

  /* In a small tile there is room for one: the other one is in its menu, too. */
  @container (max-width: 11rem) or (max-height: 5rem) {
    .buttons .pin:not([aria-pressed='true']):not(:last-child) {
      display: none;
    }
  }

  /* On the whole screen a picture is shown whole. */
  :host(:fullscreen) {
    border-radius: 0;
    background: #000;
  }

  :host(:fullscreen) video {
    object-fit: contain;
  }

  .name .signal {
    display: flex;
    flex-shrink: 0;
    color: #ffd27a;
  }

  .name .signal.lost {
    position: static;
    padding: 0;
    background: none;
    color: #ff9a94;
  }

  .name .signal svg {
    color: inherit;
  }

  /* Inside the picture, so that neighbours do not cover it; a ring besides a colour is seen by everybody. */
  .frame.speaking::after {
    content: '';
    position: absolute;
    inset: 0;
    z-index: 1;
    border-radius: inherit;
    box-shadow:
      inset 0 0 0 3px var(--_accent),
      inset 0 0 0 4px #0b0d11b3;
    pointer-events: none;
  }

  .label {
    overflow: hidden;
    text-overflow: ellipsis;
    min-height: 1.5em;
    white-space: nowrap;
  }

  .lost {
    position: absolute;
    inset: 0;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 0.625em;
    padding: 0.5em;
    background: #0b0d11b3;
    color: #fff;
    font-size: clamp(0.6875em, 4.5cqi, 0.9375em);
    font-weight: 550;
    text-align: center;
  }

  .spinner {
    width: 1.75em;
    height: 1.75em;
    border: 0.2em solid #ffffff40;
    border-top-color: #fff;
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }

  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
`;
