import { CallElement } from '../call/call-element.ts';
import { define } from '../base/element/define.ts';

/**
 * @customElement wcs-conference
 * @summary A video conference for any number of people: asks for a name, joins, shows everybody, chats, invites.
 */
export class WcsConference extends CallElement {
  protected override readonly purpose = 'camera';
  protected override readonly arrangement = 'grid';
}

define('wcs-conference', WcsConference);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-conference': WcsConference;
  }
}
