import { css } from 'lit';

/** Elements that show another one's room, and those that stand inside another one. */
export const guestStyles = css`
  .waiting {
    grid-row: 1 / -1;
    display: grid;
    place-content: center;
    margin: 0;
    padding: 1em;
    color: var(--_text-muted);
    text-align: center;
  }

  .guest {
    grid-template-rows: minmax(0, 1fr);
  }

  .guest .main {
    padding-block-start: 0.75em;
  }

  .guest .main:last-child {
    padding-block-end: 0.75em;
  }

  /* Beside or above the stage, in twice its room. */
  .main:has(> slot.guests) {
    display: flex;
    gap: 0.75em;
  }

  .main > slot.guests {
    display: contents;
  }

  .main > slot.guests::slotted(*) {
    flex: 2;
    min-width: 0;
    min-height: 0;
  }

  .main > wcs-stage {
    flex: 1;
    min-width: 0;
    min-height: 0;
  }

  @container (max-aspect-ratio: 1) {
    .main:has(> slot.guests) {
      flex-direction: column;
    }
  }
`;
