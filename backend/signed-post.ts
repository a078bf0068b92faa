/** JSON by POST to a server of the site, signed so that it can tell who sent it and when. */
import { createHmac } from 'node:crypto';

/** Milliseconds to wait before each further attempt to deliver something. */
export const RETRY_DELAYS: readonly number[] = [1_000, 5_000, 25_000, 120_000];

/** Milliseconds that one attempt may take. */
const DEADLINE = 10_000;

/** Answers after which another attempt makes sense (RFC 9110 §15.5.9, RFC 6585 §4), beside those of 500 and above. */
const PASSING = [408, 425, 429];

export interface Posting {
  url: string;
  /** JSON. */
  body: string;
  /** Signs it; empty: it is not signed. */
  secret: string;
  /** UUID, the same in each attempt. */
  delivery: string;
  /** Milliseconds until it is given up. Default: 10,000. */
  deadline?: number | undefined;
  /** Gives it up before. */
  signal?: AbortSignal;
}

/** Why an attempt failed. */
export interface Problem {
  text: string;
  /** Another attempt would fail too. */
  final: boolean;
}

/**
 * One POST; the deadline is that of the answer's body, too. Redirections could lead anywhere, so they are not followed but
 * answered. Rejects when there is no answer.
 */
export async function signedPost({
  url,
  body,
  secret,
  delivery,
  deadline = DEADLINE,
  signal,
}: Posting): Promise<Response> {
  const timeout = AbortSignal.timeout(deadline);
  return await fetch(url, {
    method: 'POST',
    body,
    headers: headersOf({ body, secret, delivery }),
    redirect: 'manual',
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
}

/** One attempt to have something taken; answers why it was not. Rejects when `signal` is aborted. */
export async function deliver(posting: Posting): Promise<Problem | undefined> {
  try {
    const response = await signedPost(posting);
    await response.body?.cancel();
    if (response.ok) return undefined;
    const { status } = response;
    return { text: `the answer was ${status}`, final: status < 500 && !PASSING.includes(status) };
  } catch (error) {
    posting.signal?.throwIfAborted();
    return { text: problemOf(error), final: false };
  }
}

/** Why there was no answer, in words for a log. */
export function problemOf(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return 'there was no answer in time';
  return cause instanceof Error ? cause.message : message;
}

function headersOf({ body, secret, delivery }: Pick<Posting, 'body' | 'secret' | 'delivery'>): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers = { 'Content-Type': 'application/json', 'X-Wcs-Delivery': delivery, 'X-Wcs-Timestamp': timestamp };
  if (secret === '') return headers;
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { ...headers, 'X-Wcs-Signature': `sha256=${signature}` };
}
