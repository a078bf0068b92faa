import type { LocalizeController } from '@shoelace-style/localize';
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { Dictionary } from '../locales/dictionary.ts';

interface StatusView {
  /** A SESSION_STATUS. */
  session: string;
  /** The own stream's STREAM_STATUS; undefined outside a room. */
  stream: string | undefined;
  hidden: boolean;
}

const MOODS: Partial<Record<string, string>> = { ESTABLISHED: 'good', FAILED: 'bad', DISCONNECTED: 'idle' };

const TERMS = {
  ESTABLISHED: 'statusEstablished',
  RECONNECTING: 'statusReconnecting',
  DISCONNECTED: 'statusDisconnected',
  FAILED: 'statusFailed',
} as const;

/** The states by their names in the room API, and on pointing in plain words.. */
export function statusLine(
  localize: LocalizeController<Dictionary>,
  { session, stream, hidden }: StatusView,
): TemplateResult {
  const words = [localize.term(session in TERMS ? TERMS[session as keyof typeof TERMS] : 'statusConnecting')];
  if (stream) words.push(localize.term(stream === 'PUBLISHING' ? 'statusPublishing' : 'statusUnpublished'));
  return html`<div class="status" part="status" ?hidden=${hidden} title=${words.join('. ')}>
    <span class=${`dot ${MOODS[session] ?? 'wait'}`}></span><span>${stream ? `${session} · ${stream}` : session}</span>
  </div>`;
}
