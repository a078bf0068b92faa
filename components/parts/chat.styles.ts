import { css } from 'lit';

export const chatStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    background: var(--_chat-background);
    color: var(--_text);
  }

  .heading {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding-block: 0.5em 0.25em;
    padding-inline: 1em 0.5em;
  }

  h2 {
    margin: 0;
    font-size: 1em;
    font-weight: 650;
  }

  .log {
    flex: 1;
    min-height: 0;
    margin: 0;
    padding: 0.5em 1em 0.75em;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }

  .log:focus-visible {
    outline-offset: -2px;
  }

  .empty {
    display: grid;
    place-content: center;
    height: 100%;
    color: var(--_text-muted);
    font-size: 0.875em;
    text-align: center;
  }

  .line {
    overflow: clip;
    padding-block: 0.3125em;
    font-size: 0.9375em;
    line-height: 1.4;
    overflow-wrap: anywhere;
  }

  .system {
    padding-block: 0.25em;
    color: var(--_text-muted);
    font-size: 0.8125em;
  }

  .author {
    font-weight: 650;
  }

  time {
    color: var(--_text-muted);
    font-size: 0.8125em;
    font-variant-numeric: tabular-nums;
  }

  .system time {
    font-size: 1em;
  }

  .text {
    display: block;
    overflow: clip;
    white-space: pre-wrap;
    unicode-bidi: isolate;
  }

  .sending .text {
    opacity: 0.6;
  }

  .note {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 0.5em;
    color: var(--_danger-text);
    font-size: 0.875em;
  }

  .note button {
    min-height: 1.875em;
    padding-inline: 0.625em;
    font-size: 1em;
    color: var(--_text);
  }

  form {
    display: flex;
    align-items: end;
    gap: 0.5em;
    padding: 0.625em 0.75em 0.75em;
  }

  textarea {
    display: block;
    field-sizing: content;
    max-height: 7.5em;
    min-height: var(--_button-size);
    padding-block: 0.7em;
    border-radius: 1.4em;
    resize: none;
    scrollbar-width: thin;
  }

  .text a {
    color: color-mix(in oklab, var(--_accent), var(--_text) 35%);
    text-decoration: underline;
  }

  .private {
    margin-inline: -0.625em;
    padding-inline: 0.625em;
    border-radius: 0.5em;
    background: color-mix(in oklab, var(--_accent), transparent 88%);
  }

  .whom {
    color: var(--_text-muted);
    font-size: 0.8125em;
  }

  .recipient {
    display: flex;
    align-items: center;
    gap: 0.5em;
    padding: 0.5em 1em 0;
    color: var(--_text-muted);
    font-size: 0.875em;
  }

  .recipient select {
    flex: 1;
    min-width: 0;
    min-height: 2.25em;
    padding-inline: 0.5em;
    border: 1px solid var(--_border);
    border-radius: 0.5em;
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    text-overflow: ellipsis;
  }

  .recipient + form {
    padding-block-start: 0.375em;
  }
`;
