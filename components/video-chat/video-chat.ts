import { CAPACITY_MAX } from '../../protocol/limits.ts';
import { takes, wholeNumber } from '../base/element/attribute-rules.ts';
import { define } from '../base/element/define.ts';
import { CallElement } from '../call/call-element.ts';

/**
 * @customElement wcs-video-chat
 * @summary A video chat for two, or more by `max-participants`: the other one large, oneself small over a corner.
 */
export class WcsVideoChat extends CallElement {
  @takes(wholeNumber(1, CAPACITY_MAX), '2')
  override maxParticipants: number | undefined = 2;

  protected override readonly purpose = 'camera';
  protected override readonly arrangement = 'spotlight';
}

define('wcs-video-chat', WcsVideoChat);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-video-chat': WcsVideoChat;
  }
}
