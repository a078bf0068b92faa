import { WcsError } from '../../protocol/errors.ts';
import type { Reply, RequestData } from '../../protocol/messages.ts';
import type { Ask } from './media/media.ts';
import { reconnectDelay } from './signaling/reconnect.ts';

export interface JoinRequest {
  ask: Ask;
  data: RequestData<'join'>;
  /** Gives up. */
  signal: AbortSignal;
  /** Called with the answer before any event that follows it. */
  accept(reply: Reply<'join'>): void;
}

/** Enters a room, over a connection that may be lost before the answer. Throws the WcsError of the refusal. */
export async function askToJoin(request: JoinRequest): Promise<void> {
  const { ask, data, signal, accept } = request;
  let repeated = false;
  try {
    await ask('join', data, { accept, signal, repeat: true, onRepeat: () => (repeated = true) });
  } catch (error) {
    if (!repeated || !(error instanceof WcsError) || error.code !== 'already_joined') throw error;
    await joinAnew(request);
  }
}

/**
 * Enters a room again that we were in: what may pass is waited for, up to `timeout` milliseconds. Our own seat may be one of
 * those things, as long as the backend has not noticed that we were gone.
 */
export async function askToRejoin(request: JoinRequest, timeout: number): Promise<void> {
  const began = Date.now();
  for (let attempt = 0; ; attempt += 1) {
    try {
      await askToJoin(request);
      return;
    } catch (error) {
      if (error instanceof WcsError && error.code === 'already_joined') return joinAnew(request);
      const search = { attempt, elapsed: Date.now() - began, timeout, random: Math.random() };
      const delay = mayPass(error) ? reconnectDelay(search) : undefined;
      if (delay === undefined || request.signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
}

/** We are in, but the answer with the transports was lost. */
async function joinAnew({ ask, data, signal, accept }: JoinRequest): Promise<void> {
  await ask('leave', { room: data.room }, { signal, repeat: true });
  await ask('join', data, { accept, signal, repeat: true });
}

function mayPass(error: unknown): boolean {
  return error instanceof WcsError && error.retry && error.code !== 'room_full' && error.code !== 'connection_lost';
}
