import { randomUUID } from 'node:crypto';
import type { Identity } from '../auth/auth.ts';
import type { Log } from '../log.ts';
import { Session } from './session.ts';

export interface SessionsOptions {
  /** Milliseconds that a session can come back in after its connection was lost. */
  resumeTimeout: number;
  log: Log;
}

/** All sessions by id. */
export class Sessions {
  readonly resumeTimeout: number;
  /** Names this process: browsers know by it that a session is gone because the backend was restarted. */
  readonly backend = randomUUID();
  readonly #log: Log;
  readonly #sessions = new Map<string, Session>();

  constructor({ resumeTimeout, log }: SessionsOptions) {
    this.resumeTimeout = resumeTimeout;
    this.#log = log;
  }

  get size(): number {
    return this.#sessions.size;
  }

  open(identity: Identity): Session {
    const session = new Session({ identity, resumeTimeout: this.resumeTimeout, log: this.#log });
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
