import { css } from 'lit';

export const peopleStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    position: relative;
    overflow: hidden;
    min-height: 0;
    container-type: inline-size;
    background: var(--_chat-background);
    color: var(--_text);
  }

  .heading,
  .subheading {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 0.5em;
  }

  .heading {
    padding-block: 0.5em 0.25em;
    padding-inline: 1em 0.5em;
  }

  h2,
  h3 {
    margin: 0;
    font-size: 1em;
    font-weight: 650;
  }

  h3 {
    font-size: 0.875em;
  }

  .count {
    color: var(--_text-muted);
    font-weight: 500;
    font-variant-numeric: tabular-nums;
  }

  input[type='search'] {
    flex: none;
    width: calc(100% - 1.5em);
    min-height: 2.5em;
    margin: 0.125em 0.75em 0.375em;
    padding: 0.4em 0.875em;
    border: 1px solid color-mix(in oklab, var(--_text-muted), var(--_surface) 35%);
    border-radius: 99em;
    background: var(--_surface);
    color: var(--_text);
  }

  input[type='search']:focus-visible {
    outline-offset: -1px;
    box-shadow: none;
  }

  .body {
    flex: 1;
    min-height: 5em;
    padding: 0.25em 0.5em 0.75em;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }

  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .person {
    display: flex;
    align-items: center;
    gap: 0.625em;
    min-height: 3em;
    padding: 0.25em 0.25em 0.25em 0.5em;
    border-radius: 0.75em;
  }

  .person:dir(rtl) {
    padding: 0.25em 0.5em 0.25em 0.25em;
  }

  .people .person:hover {
    background: color-mix(in oklab, var(--_surface-2), transparent 40%);
  }

  .avatar {
    flex: none;
    display: grid;
    place-items: center;
    overflow: hidden;
    width: 2.5em;
    height: 2.5em;
    border-radius: 50%;
    background: oklch(0.52 0.12 var(--_hue));
    color: #fff;
    font-size: 0.8125em;
    font-weight: 600;
    line-height: 1;
    user-select: none;
  }

  .speaking .avatar {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  .away .avatar,
  .away .signs {
    opacity: 0.45;
  }

  .who {
    flex: 1;
    min-width: 0;
    display: grid;
    line-height: 1.3;
  }

  /* Where the list begins, whichever way the name runs. */
  .name {
    justify-self: start;
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 0.9375em;
    /* Marks that are heaped on letters stay inside. */
    line-height: 1.5;
  }

  .note {
    color: var(--_text-muted);
    font-size: 0.8125em;
  }

  .person .signs {
    flex: none;
    display: flex;
    align-items: center;
    gap: 0.375em;
  }

  .sign {
    display: flex;
    color: var(--_text);
  }

  .sign svg {
    width: 1.1875em;
    height: 1.1875em;
  }

  .faint {
    color: var(--_text-muted);
  }

  .held {
    color: var(--_danger-text);
  }

  .loud {
    color: color-mix(in oklab, var(--_accent), var(--_text) 35%);
  }

  .hand {
    align-items: center;
    gap: 0.2em;
    padding: 0.05em 0.5em;
    border-radius: 99em;
    background: color-mix(in oklab, var(--_warning), transparent 80%);
    font-size: 0.8125em;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }

  .person .round {
    width: 2.25em;
    height: 2.25em;
  }

  .person .round svg {
    width: 1.25em;
    height: 1.25em;
  }

  .small {
    flex: none;
    min-height: 2.25em;
    padding-inline: 0.875em;
    font-size: 0.875em;
  }

  .waiting {
    margin: 0 0 0.5em;
    padding: 0.5em 0.5em 0.375em;
    border-radius: 0.75em;
    background: color-mix(in oklab, var(--_accent), transparent 90%);
  }

  .waiting .subheading {
    min-height: 2em;
    padding-inline: 0.25em;
  }

  .waiting .person {
    flex-wrap: wrap;
    padding-inline: 0.25em;
  }

  .waiting .who {
    flex-basis: 6em;
  }

  .waiting button:not(.primary) {
    background: var(--_surface);
  }

  .nobody,
  .locked {
    margin: 0;
    padding: 0.75em 0.5em;
    color: var(--_text-muted);
    font-size: 0.875em;
  }

  .locked {
    display: flex;
    align-items: center;
    gap: 0.5em;
    padding-block: 0.25em 0.5em;
  }

  .locked svg {
    width: 1.25em;
    height: 1.25em;
  }

  .meeting {
    flex: none;
    max-height: 65%;
    padding: 0.25em 0.5em;
    overflow: hidden auto;
    scrollbar-width: thin;
    border-block-start: 1px solid var(--_border);
  }

  summary {
    display: flex;
    align-items: center;
    gap: 0.625em;
    min-height: 2.75em;
    padding-inline: 0.5em;
    border-radius: 0.75em;
    font-size: 0.9375em;
    font-weight: 550;
    cursor: pointer;
    list-style: none;
  }

  summary::-webkit-details-marker {
    display: none;
  }

  summary:hover {
    background: color-mix(in oklab, var(--_surface-2), transparent 40%);
  }

  summary:focus-visible {
    outline-offset: -2px;
    box-shadow: none;
  }

  summary span {
    flex: 1;
  }

  summary svg {
    width: 1.25em;
    height: 1.25em;
  }

  summary .arrow {
    rotate: 90deg;
  }

  [open] > summary .arrow {
    rotate: -90deg;
  }

  @media (pointer: coarse) {
    summary {
      min-height: 44px;
    }
  }

  .switch {
    justify-content: space-between;
    gap: 1em;
    width: 100%;
    min-height: 3.125em;
    padding: 0.375em 0.5em;
    border-radius: 0.75em;
    background: transparent;
    font-size: 0.9375em;
    line-height: 1.3;
    text-align: start;
    white-space: normal;
  }

  .hint {
    display: block;
    color: var(--_text-muted);
    font-size: 0.8125em;
    font-weight: 400;
  }

  .track {
    flex: none;
    position: relative;
    width: 2.375em;
    height: 1.375em;
    border: 2px solid var(--_text-muted);
    border-radius: 99em;
  }

  .track::after {
    content: '';
    position: absolute;
    inset-block: 0.1875em;
    inset-inline-start: 0.1875em;
    width: 0.75em;
    border-radius: 50%;
    background: var(--_text-muted);
    transition: inset-inline-start 0.15s;
  }

  [aria-checked='true'] .track {
    border-color: var(--_accent);
    background: var(--_accent);
  }

  [aria-checked='true'] .track::after {
    inset-inline-start: 1.1875em;
    background: var(--_on-accent);
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em;
    padding: 0.375em 0.5em 0.5em;
  }

  .actions button {
    flex: 1 1 auto;
    min-height: 2.5em;
    padding-inline: 0.75em;
    font-size: 0.875em;
    white-space: normal;
  }

  .actions svg {
    width: 1.25em;
    height: 1.25em;
  }

  .grave {
    color: var(--_danger-text);
  }

  @media (forced-colors: active) {
    .track::after {
      background: ButtonText;
    }
  }
`;
