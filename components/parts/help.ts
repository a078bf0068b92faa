import { css, html } from 'lit';
import type { CSSResultGroup, TemplateResult } from 'lit';
import { define } from '../base/element/define.ts';
import { SHORTCUTS } from '../base/element/shortcuts.ts';
import type { Shortcut } from '../base/element/shortcuts.ts';
import { WcsDialog } from './dialog.ts';

/**
 * @customElement wcs-help
 * @summary A dialog that lists the keyboard shortcuts.
 *
 * @csspart help - The dialog.
 */
export class WcsHelp extends WcsDialog {
  static override styles: CSSResultGroup = [
    WcsDialog.styles,
    css`
      dialog {
        width: min(24em, 100vw - 2em);
        max-height: calc(100dvh - 2em);
        padding: 1em 1.25em 1.25em;
        overflow: auto;
      }

      dl {
        display: grid;
        gap: 0.25em;
        margin: 0.75em 0;
      }

      dl div {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 1em;
        min-height: 2em;
      }

      dd {
        margin: 0;
      }

      kbd {
        display: inline-block;
        min-width: 2em;
        padding: 0.1em 0.5em;
        border: 1px solid var(--_border);
        border-radius: 0.375em;
        background: var(--_surface-2);
        font: inherit;
        font-size: 0.875em;
        text-align: center;
      }

      p {
        margin: 0;
        color: var(--_text-muted);
        font-size: 0.875em;
      }
    `,
  ];

  protected override readonly partName = 'help';

  protected override get heading(): string {
    return this.localize.term('shortcuts');
  }

  protected override content(): TemplateResult {
    const names: Record<Shortcut, string> = {
      microphone: this.localize.term('microphone'),
      camera: this.localize.term('camera'),
      share: this.localize.term('share'),
      hand: this.localize.term('handRaise'),
      people: this.localize.term('people'),
      chat: this.localize.term('chat'),
      help: this.localize.term('shortcutsShow'),
    };
    return html`<dl>
        ${(Object.keys(names) as Shortcut[]).map(
          (shortcut) =>
            html`<div>
              <dt>${names[shortcut]}</dt>
              <dd><kbd>${SHORTCUTS[shortcut]}</kbd></dd>
            </div>`,
        )}
      </dl>
      <p>${this.localize.term('shortcutsHint')}</p>`;
  }
}

define('wcs-help', WcsHelp);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-help': WcsHelp;
  }
}
