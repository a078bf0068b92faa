import { randomUUID } from 'node:crypto';
import type { Identity } from '../auth/auth.ts';
import { Session, type SessionOptions } from './session.ts';

export type SessionsOptions = Omit<SessionOptions, 'identity'>;

/** All sessions by id. */
export class Sessions {
  /** Names this process: browsers know by it that a session is gone because the backend was restarted. */
  readonly backend = randomUUID();

  readonly #options: SessionsOptions;
  readonly #sessions = new Map<string, Session>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Milliseconds that a session can come back in after its connection was lost. */
  get resumeTimeout(): number {
    return this.#options.resumeTimeout;
  }

  get size(): number {
    return this.#sessions.size;
  }

  open(identity: Identity): Session {
    const session = new Session({ ...this.#options, identity });
    this.#sessions.set(session.id, session);
    session.once('ended', () => this.#sessions.delete(session.id));
    return session;
  }

  /** The session that this id, key and login prove to be one's own, if it is still there. */
  find({ id, key, login }: { id: string; key: string; login: string }): Session | undefined {
    const session = this.#sessions.get(id);
    return session?.login === login && session.hasKey(key) ? session : undefined;
  }

  /** Ends all sessions. Idempotent. */
  close(): void {
    for (const session of [...this.#sessions.values()]) session.end('lost');
  }
}
