import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { WcsError } from '../../protocol/errors.ts';
import { DisplayName, Grant, Note } from '../../protocol/model.ts';
import type { Log } from '../log.ts';
import { problemOf, signedPost } from '../signed-post.ts';

/** Bytes of an answer at most. */
const ANSWER_MAX_BYTES = 16 * 1024;

/** What an answer may say to let somebody in as less than they asked to be, or under another name. */
const Allowance = v.object({ displayName: v.optional(DisplayName), grants: v.optional(v.array(Grant)) });
export type Allowance = v.InferOutput<typeof Allowance>;

const Refusal = v.object({ message: Note });

/** What the hook is asked. */
export interface Question {
  at: 'connect' | 'join';
  login: string;
  displayName?: string | undefined;
  subject?: string | undefined;
  /** What the token grants, where there are tokens. */
  grants?: readonly Grant[] | undefined;
  /** At `join` only. */
  room?: string;
}

export interface ConnectHookOptions {
  url: string;
  secret: string;
  /** Milliseconds that it has to answer. */
  timeout: number;
  log: Log;
}

/** Asks a server of the site whether somebody may connect, and enter a room. */
export class ConnectHook {
  readonly #options: ConnectHookOptions;

  constructor(options: ConnectHookOptions) {
    this.#options = options;
  }

  /** Throws WcsError `forbidden`, in the hook's words, or `auth_unavailable`: whoever cannot be checked is not let in. */
  async ask(question: Question): Promise<Allowance> {
    const { url, secret, timeout, log } = this.#options;
    const delivery = randomUUID();
    const body = JSON.stringify({ id: delivery, ...question });
    try {
      const response = await signedPost({ url, body, secret, delivery, deadline: timeout });
      if (!response.ok && response.status !== 403) {
        await response.body?.cancel();
        throw new Error(`the answer was ${response.status}`);
      }
      const answer = await readAnswer(response);
      if (response.ok) return v.parse(Allowance, answer === '' ? {} : JSON.parse(answer));
      throw new WcsError('forbidden', refusalOf(answer));
    } catch (cause) {
      if (cause instanceof WcsError) throw cause;
      log.warn({ at: question.at, login: question.login, delivery, problem: problemOf(cause) }, 'connect hook failed');
      throw new WcsError('auth_unavailable', 'Who may come in cannot be checked just now: try again.', { cause });
    }
  }
}

async function readAnswer(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > ANSWER_MAX_BYTES) throw new Error(`the answer has more than ${ANSWER_MAX_BYTES} bytes`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refusalOf(answer: string): string {
  try {
    return v.parse(Refusal, JSON.parse(answer)).message;
  } catch {
    return 'The site does not let you in.';
  }
}
