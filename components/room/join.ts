import { WcsError } from '../../protocol/errors.ts';
import type { Reply, RequestData } from '../../protocol/messages.ts';
import type { Ask } from './media/media.ts';

export interface JoinRequest {
  ask: Ask;
  data: RequestData<'join'>;
  /** Gives up. */
  signal: AbortSignal;
  /** Called with the answer before any event that follows it. */
  accept(reply: Reply<'join'>): void;
  /** Resolves when we may come into a room before which newcomers wait. */
  wait(): Promise<void>;
}

/** Enters a room, waiting before it where that is asked for. Throws the WcsError of the refusal. */
export async function askToJoin(request: JoinRequest): Promise<void> {
  for (;;) {
    try {
      return await enter(request);
    } catch (error) {
      if (!(error instanceof WcsError) || error.code !== 'waiting_room') throw error;
    }
    await request.wait();
  }
}

/** Over a connection that may be lost before the answer. */
async function enter({ ask, data, signal, accept }: JoinRequest): Promise<void> {
  let repeated = false;
  try {
    await ask('join', data, { accept, signal, repeat: true, onRepeat: () => (repeated = true) });
  } catch (error) {
    if (!repeated || !(error instanceof WcsError) || error.code !== 'already_joined') throw error;
    // We are in, but the answer with the transports was lost with the connection.
    await ask('leave', { room: data.room }, { signal, repeat: true });
    await ask('join', data, { accept, signal, repeat: true });
  }
}
