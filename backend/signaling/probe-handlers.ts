import { WcsError } from '../../protocol/errors.ts';
import { PROBE_LIFETIME } from '../../protocol/limits.ts';
import { transportOptions, type MediaRouter } from '../media/router.ts';
import type { Handlers } from './handlers.ts';
import type { Session } from './session.ts';

interface ProbeOptions {
  /** Throws WcsError `media_unavailable`. */
  createRouter: () => Promise<MediaRouter>;
}

/** What is asked before joining: which ways to this backend are open. A session tries one transport at a time. */
export function probeHandlers({ createRouter }: ProbeOptions): Pick<Handlers, 'probe'> {
  const open = new WeakMap<Session, () => void>();

  /** Closes `router` with the next probe of `session`, when it ends, and after a while. */
  const keep = (session: Session, router: MediaRouter) => {
    const close = () => {
      clearTimeout(timer);
      session.off('ended', close);
      router.close();
    };
    const timer = setTimeout(close, PROBE_LIFETIME);
    session.once('ended', close);
    open.get(session)?.();
    open.set(session, close);
    return close;
  };

  return {
    async probe({ session }) {
      const router = await createRouter();
      const close = keep(session, router);
      try {
        if (session.ended) throw new WcsError('not_joined', 'The session has ended.');
        const transport = await router.createTransport();
        return { transport: transportOptions(transport), iceServers: router.iceServers(session.id) };
      } catch (error) {
        close();
        throw error;
      }
    },
  };
}
