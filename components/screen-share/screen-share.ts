import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { CAPACITY_MAX } from '../../protocol/limits.ts';
import { takes, wholeNumber } from '../base/element/attribute-rules.ts';
import { define } from '../base/element/define.ts';
import { canShare } from '../base/own/own-screen.ts';
import { CallElement } from '../call/call-element.ts';
import { icon } from '../parts/icon.ts';
import { screenShareStyles } from './screen-share.styles.ts';

/**
 * @customElement wcs-screen-share
 * @summary Shared screens, large, with the cameras of two people beside them, or of more by `max-participants`.
 *
 * In another element, or pointed at one by `for`, it shows and shares the screens of that one's room.
 *
 * @slot empty-screen - Instead of the words that stand where a screen will be.
 */
export class WcsScreenShare extends CallElement {
  static override styles = [CallElement.styles, screenShareStyles];

  @takes(wholeNumber(1, CAPACITY_MAX), '2')
  override maxParticipants: number | undefined = 2;

  protected override readonly purpose = 'screen';
  protected override readonly arrangement = 'presentation';

  protected override get emptyScreen(): TemplateResult {
    const hint = canShare() ? 'nothingSharedHint' : 'error_share_unsupported';
    return html`<div class="empty-screen">
      <slot name="empty-screen"
        >${icon('share')}
        <p class="title">${this.localize.term('nothingShared')}</p>
        ${this.sharesScreens ? html`<p>${this.localize.term(hint)}</p>` : ''}
      </slot>
    </div>`;
  }
}

define('wcs-screen-share', WcsScreenShare);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-screen-share': WcsScreenShare;
  }
}
