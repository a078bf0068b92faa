import type { LocalizeController } from '@shoelace-style/localize';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { WcsError } from '../../protocol/errors.ts';
import type { Intent } from '../base/element/intent.ts';
import { errorText } from '../base/error-text.ts';
import type { DeviceNote, NoteKind } from '../base/own/devices/device-view.ts';
import type { Dictionary } from '../locales/dictionary.ts';
import { isolate } from './isolate.ts';
import './notice.ts';

interface NoticesView {
  lang: string;
  error: WcsError | undefined;
  /** Under which name to join again with one click, where that may help. */
  tryAgain: string | undefined;
  /** Why there is no microphone, or no camera. */
  problems: { audio?: WcsError; video?: WcsError };
  /** Where in this browser one allows what was denied. */
  hint: ((problem: WcsError) => keyof Dictionary | undefined) | undefined;
  /** What else there is to tell about one's own devices. */
  notes: readonly DeviceNote[];
  reconnecting: boolean;
  /** Whether the sound of the shared screen was left out. */
  screenIsSilent: boolean;
  soundBlocked: boolean;
  /** Problems that were sent away. */
  dismissed: ReadonlySet<WcsError>;
  /** What happens among people, ready to be shown. */
  gathering: unknown;
  dismissError: () => void;
  dismissProblem: (problem: WcsError) => void;
  dismissSilence: () => void;
  dismissNote: (kind: NoteKind) => void;
}

type Localize = LocalizeController<Dictionary>;

/**
 * What to know and do, most urgent first. The two live regions are always there, so that what comes in is read out: an
 * error at once, the rest when there is a pause.
 */
export function notices(localize: Localize, view: NoticesView): TemplateResult {
  return html`<div class="notices">
    <div role="alert">${error(localize, view)}</div>
    <div role="status">
      ${reconnecting(localize, view)} ${soundBlocked(localize, view)} ${deviceProblem(localize, view)}
      ${view.notes.map((note) => deviceNote(localize, view, note))} ${screenIsSilent(localize, view)} ${view.gathering}
    </div>
  </div>`;
}

function error(localize: Localize, { lang, error, tryAgain: name, dismissError }: NoticesView): unknown {
  if (!error) return nothing;
  const text = errorText(localize, error);
  const action = name && { label: localize.term('tryAgain'), intent: { do: 'join', name, record: false } };
  // A new error is a new element, so that it is read out even if it says the same again.
  return keyed(
    error,
    html`<wcs-notice part="error" tone="error" .lang=${lang} .action=${action} .dismiss=${dismissError}
      >${text}</wcs-notice
    >`,
  );
}

function reconnecting(localize: Localize, { lang, reconnecting }: NoticesView): TemplateResult | typeof nothing {
  if (!reconnecting) return nothing;
  return html`<wcs-notice part="notice" tone="warning" .lang=${lang}
    >${localize.term('statusReconnecting')}…</wcs-notice
  >`;
}

function soundBlocked(localize: Localize, { lang, soundBlocked }: NoticesView): TemplateResult | typeof nothing {
  if (!soundBlocked) return nothing;
  const action = { label: localize.term('startSound'), intent: { do: 'sound' } as const };
  return html`<wcs-notice part="notice" icon="sound" .lang=${lang} .action=${action}
    >${localize.term('soundBlocked')}</wcs-notice
  >`;
}

function screenIsSilent(
  localize: Localize,
  { lang, screenIsSilent, dismissSilence }: NoticesView,
): TemplateResult | typeof nothing {
  if (!screenIsSilent) return nothing;
  return html`<wcs-notice part="notice" icon="sound" .lang=${lang} .dismiss=${dismissSilence}
    >${localize.term('shareWithoutSound')}</wcs-notice
  >`;
}

function deviceProblem(
  localize: Localize,
  { lang, problems: { audio, video }, hint, dismissed, dismissProblem }: NoticesView,
): TemplateResult | typeof nothing {
  const problem = audio ?? video;
  if (!problem || dismissed.has(problem)) return nothing;
  const what = audio && video ? 'withoutBoth' : audio ? 'withoutMicrophone' : 'withoutCamera';
  const where = hint?.(problem);
  // The words for it come a little later than the elements.
  const isSaid = where && localize.exists(where, { includeFallback: true });
  const why = isSaid ? String(localize.term(where)) : errorText(localize, problem);
  const kinds = (['audio', 'video'] as const).filter((kind) => (kind === 'audio' ? audio : video));
  const intent: Intent = { do: 'device', ask: { reopen: kinds } };
  return html`<wcs-notice
    part="notice"
    tone="warning"
    .lang=${lang}
    .action=${{ label: localize.term('tryAgain'), intent }}
    .dismiss=${() => dismissProblem(problem)}
    >${localize.term(what, why)}</wcs-notice
  >`;
}

function deviceNote(
  localize: Localize,
  { lang, dismissNote }: NoticesView,
  { kind, term, what, error, icon, action }: DeviceNote,
): TemplateResult {
  const filling = error ? errorText(localize, error) : isolate(what ?? '');
  // Whatever the text is: one with a gap, or one without, which leaves the filling out.
  const words = localize.term(term as 'withoutCamera', filling);
  return html`<wcs-notice
    part="notice"
    tone=${error ? 'warning' : 'info'}
    icon=${icon ?? 'warning'}
    .lang=${lang}
    .action=${action && { label: localize.term(action.term as 'tryAgain'), intent: action.intent }}
    .dismiss=${() => dismissNote(kind)}
    >${words}</wcs-notice
  >`;
}
