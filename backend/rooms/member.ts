import type { EventData, EventName } from '../../protocol/messages.ts';

/** Tells one member of something that happened; what cannot be delivered is the teller's business. */
export type Tell = <E extends EventName>(event: E, data: EventData<E>) => void;

/**
 * Anything inside a room. A room knows its members by this much and never asks what is behind them: a browser's
 * connection, a recorder, another server.
 */
export interface Member {
  /** Whether someone is there just now; a room without any such member waits for a while, then ends. */
  readonly connected: boolean;
  /** Hears what happens in the room from its entrance on. */
  readonly tell: Tell;
  /** The router has died, and with it everything made on it. */
  dropMedia(): void;
  /** The room has a new router: make on it what is needed. Rejects when that router has died as well. */
  restoreMedia(): Promise<void>;
  /** The room has ended. Idempotent. */
  close(): void;
}
