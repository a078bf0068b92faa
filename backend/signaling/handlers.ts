import { WcsError } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION, type Method, type Reply, type RequestData } from '../../protocol/messages.ts';
import type { RtpCapabilities } from '../../protocol/rtp.ts';
import type { Registry } from '../rooms/registry.ts';
import type { Link, Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** The connection that a request came over. */
export interface Caller extends Link {
  /** Throws WcsError `connect_first` before `connect`. */
  readonly session: Session;
  readonly signedIn: boolean;
  signIn(session: Session): void;
}

/**
 * A reply, or what makes it at the moment it is sent: for replies with state in them, so that no event slips in between
 * the state and what the events after it change.
 */
type Answer<M extends Method> = Reply<M> | (() => Reply<M>);

/** The method table; there is no other dispatch. */
export type Handlers = {
  [M in Method]: (caller: Caller, data: RequestData<M>) => Answer<M> | Promise<Answer<M>>;
};

export interface HandlersOptions {
  sessions: Sessions;
  registry: Registry;
  routerCapabilities: RtpCapabilities;
}

export function createHandlers({ sessions, registry, routerCapabilities }: HandlersOptions): Handlers {
  return {
    async connect(caller, { version, login, resume }) {
      if (version !== PROTOCOL_VERSION)
        throw new WcsError('version_unsupported', `This server speaks version ${PROTOCOL_VERSION}: reload the page.`);
      if (caller.signedIn) throw new WcsError('already_connected', 'This connection is signed in already.');
      const known = resume && sessions.find({ id: resume.session, key: resume.key, login });
      const session = known ?? sessions.open(login);
      caller.signIn(session);
      await session.attach(caller);
      return () => {
        session.goLive(caller);
        const { id, key } = session;
        const reply = { session: id, key, resumeTimeout: sessions.resumeTimeout, routerCapabilities };
        return known ? { ...reply, rooms: session.describeRooms() } : reply;
      };
    },

    ping: () => ({}),

    async join({ session }, { room: name, capacity, rtpCapabilities }) {
      session.assertMayJoin(name);
      const { admitted: participant, created } = await registry.join(name, { capacity }, (room) => {
        if (session.ended) throw new WcsError('not_joined', 'The session has ended.');
        const { login, connected, tell } = session;
        const participant = room.admit({ login, rtpCapabilities, connected, tell });
        session.add(participant);
        return participant;
      });
      const { room } = participant;
      try {
        const transports = await participant.openTransports();
        return () => {
          room.enter(participant);
          return { room: room.describe(), created, transports };
        };
      } catch (error) {
        participant.leave('left');
        throw error;
      }
    },

    leave({ session }, { room }) {
      session.participant(room).leave('left');
      return {};
    },

    async connectTransport({ session }, data) {
      await session.participant(data.room).connectTransport(data);
      return {};
    },

    async restartIce({ session }, { room, transport }) {
      return { iceParameters: await session.participant(room).restartIce(transport) };
    },

    async publish({ session }, data) {
      return { stream: await session.participant(data.room).publish(data) };
    },

    unpublish({ session }, { room, stream }) {
      session.participant(room).unpublish(stream);
      return {};
    },

    async mute({ session }, { room, stream, muted }) {
      await session.participant(room).mute(stream, muted);
      return {};
    },

    async play({ session }, { room, streams }) {
      return { streams: await session.participant(room).play(streams) };
    },

    async resume({ session }, { room, streams }) {
      await session.participant(room).resume(streams);
      return {};
    },

    stop({ session }, { room, streams }) {
      session.participant(room).stop(streams);
      return {};
    },

    message({ session }, { room: name, to, text }) {
      const participant = session.participant(name);
      return { at: participant.room.message(participant, { to, text }) };
    },

    record({ session }, { room }) {
      session.participant(room);
      throw new WcsError('recording_unavailable', 'Recording is not available on this server.');
    },
  };
}
