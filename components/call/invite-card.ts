import type { LocalizeController } from '@shoelace-style/localize';
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { Dictionary } from '../locales/dictionary.ts';
import { closeButton } from '../parts/close-button.ts';
import { forwardIcons } from '../parts/icon.ts';

interface InviteView {
  lang: string;
  url: string;
  alone: boolean;
  close: () => void;
}

/** The link that brings others here; to somebody who is alone it also says so. */
export function inviteCard(localize: LocalizeController<Dictionary>, view: InviteView): TemplateResult {
  return html`<section class="invite" part="invite">
    <div class="heading">
      ${
        view.alone
          ? html`<slot name="empty"
              ><div>
                <h2>${localize.term('nobodyElse')}</h2>
                <p>${localize.term('nobodyElseHint')}</p>
              </div></slot
            >`
          : html`<h2>${localize.term('inviteLink')}</h2>`
      }
      ${closeButton(localize, view.close)}
    </div>
    <wcs-invite exportparts="invite-link, copy-button" .lang=${view.lang} .url=${view.url}
      >${forwardIcons(['copy', 'check'])}</wcs-invite
    >
  </section>`;
}
