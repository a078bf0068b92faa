import { css } from 'lit';

/** What all dialogs look like: the sheet, what is behind it, and its heading with a button that closes it. */
export const dialogStyles = css`
  dialog {
    border: 0;
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    box-shadow: var(--_shadow);
  }

  dialog::backdrop {
    background: #0b0d1180;
  }

  .heading {
    display: flex;
    align-items: start;
    justify-content: space-between;
    gap: 1em;
  }

  h2 {
    margin: 0.35em 0 0;
    font-size: 1.125em;
    font-weight: 650;
    line-height: 1.3;
  }

  .heading .round {
    width: 2.5em;
    height: 2.5em;
    margin-inline-end: -0.5em;
  }
`;
