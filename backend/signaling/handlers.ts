import { WcsError } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION, type Method, type Reply, type RequestData } from '../../protocol/messages.ts';
import type { RtpCapabilities } from '../../protocol/rtp.ts';
import type { Auth } from '../auth/auth.ts';
import type { Limits } from '../limits.ts';
import type { MediaRouter } from '../media/router.ts';
import type { Metrics } from '../metrics.ts';
import type { RoomMembers } from '../recording/room-member.ts';
import type { Registry } from '../rooms/registry.ts';
import { conversationHandlers } from './conversation-handlers.ts';
import { moderationHandlers } from './moderation-handlers.ts';
import { probeHandlers } from './probe-handlers.ts';
import type { Link, Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** The connection that a request came over. */
export interface Caller extends Link {
  /** Throws WcsError `connect_first` before `connect`. */
  readonly session: Session;
  readonly signedIn: boolean;
  /** Where it comes from, as `networkOf` gives it. */
  readonly address: string;
  /** Whether the socket has closed. */
  readonly gone: boolean;
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
  auth: Auth;
  /** Undefined when this backend does not record. */
  recorders: RoomMembers | undefined;
  routerCapabilities: RtpCapabilities;
  /** Makes a router of no room. Throws WcsError `media_unavailable`. */
  createRouter: () => Promise<MediaRouter>;
  limits: Limits;
  metrics: Metrics;
}

export function createHandlers(options: HandlersOptions): Handlers {
  const { sessions, registry, auth, recorders, routerCapabilities, createRouter, limits, metrics } = options;
  return {
    ...moderationHandlers({ registry, auth }),
    ...conversationHandlers,
    ...probeHandlers({ createRouter }),

    async connect(caller, { version, login, token, resume }) {
      if (version !== PROTOCOL_VERSION)
        throw new WcsError('version_unsupported', `This server speaks version ${PROTOCOL_VERSION}: reload the page.`);
      if (caller.signedIn) throw new WcsError('already_connected', 'This connection is signed in already.');
      const known = resume && sessions.find({ id: resume.session, key: resume.key, login });
      const identity = known?.identity ?? (await auth.identify({ login, token }));
      if (caller.gone) throw new WcsError('connection_lost', 'The connection was closed meanwhile.');
      const session = known ?? sessions.open(identity);
      caller.signIn(session);
      await session.attach(caller);
      return () => {
        session.goLive(caller);
        if (known) metrics.reconnects.inc();
        const { id, key } = session;
        const { backend, resumeTimeout } = sessions;
        const reply = { session: id, key, backend, resumeTimeout, routerCapabilities };
        return known ? { ...reply, rooms: session.describeRooms() } : reply;
      };
    },

    ping: () => ({}),

    async join({ session, address }, { room: name, record, capacity, lobby, rtpCapabilities }) {
      session.assertMayJoin(name);
      const { displayName, grants } = await auth.admit(session.identity, name);
      if (!registry.has(name)) await limits.take('rooms', { address });
      const { admitted: participant, created } = await registry.join(name, { capacity, lobby }, (room) => {
        if (session.ended) throw new WcsError('not_joined', 'The session has ended.');
        const { login, id: sessionId, subject, connected, tell } = session;
        const seat = { login, displayName, sessionId, subject, grants };
        const participant = room.admit({ ...seat, rtpCapabilities, connected, tell });
        session.add(participant);
        return participant;
      });
      const { room } = participant;
      try {
        const transports = await participant.openTransports();
        // Without a recording people still want to talk: that there is none stands in the answer.
        const recorder = participant.grants.has('record') ? recorders?.in(room) : undefined;
        // Whoever comes back to a room that was being recorded need not be the first.
        if (record && (created || recorder?.resumable)) await recorder?.start().catch(ifRefused);
        return () => {
          participant.assertIn();
          room.enter(participant);
          metrics.joins.inc();
          const { history } = room.conversation;
          const said = history.length > 0 ? { history: [...history] } : {};
          return { room: room.describe(participant), created, grants: [...participant.grants], transports, ...said };
        };
      } catch (error) {
        participant.leave('left');
        throw error;
      }
    },

    async leave({ session }, { room: name }) {
      if (session.stopWaiting(name)) return {};
      const participant = session.participant(name);
      const streams = participant.describe().streams.map((stream) => stream.name);
      participant.leave('left');
      const recordNames = await recorders?.in(participant.room)?.takeNames(streams);
      return recordNames && Object.keys(recordNames).length > 0 ? { recordNames } : {};
    },

    async connectTransport({ session }, data) {
      await session.participant(data.room).connectTransport(data);
      return {};
    },

    async restartIce({ session }, { room, transport }) {
      return await session.participant(room).restartIce(transport);
    },

    async renewTransports({ session }, { room }) {
      return { transports: await session.participant(room).renewTransports() };
    },

    async publish({ session }, data) {
      return { stream: await session.participant(data.room).publishing.begin(data) };
    },

    async unpublish({ session }, { room: name, stream }) {
      const participant = session.participant(name);
      if (!participant.publishing.has(stream) && participant.grants.has('moderate')) {
        participant.room.moderation.stop(participant, stream);
        return {};
      }
      participant.publishing.end(stream);
      const recordName = (await recorders?.in(participant.room)?.takeNames([stream]))?.[stream];
      return recordName === undefined ? {} : { recordName };
    },

    async mute({ session }, { room, stream, muted }) {
      await session.participant(room).publishing.mute(stream, muted);
      return {};
    },

    resize({ session }, { room, stream, ...picture }) {
      session.participant(room).publishing.resize(stream, picture);
      return {};
    },

    async play({ session }, { room, streams }) {
      return { streams: await session.participant(room).play(streams) };
    },

    async resume({ session }, { room, streams }) {
      await session.participant(room).resume(streams);
      return {};
    },

    async show({ session }, { room, streams }) {
      await session.participant(room).show(streams);
      return {};
    },

    inspect({ session }, { room, stream }) {
      return session.participant(room).inspect(stream);
    },

    stop({ session }, { room, streams }) {
      session.participant(room).stop(streams);
      return {};
    },

    async record({ session }, { room: name, on }) {
      const participant = session.participant(name);
      const { room } = participant;
      const recorder = recorders?.in(room);
      if (!recorder) throw new WcsError('recording_unavailable', 'Recording is not available on this server.');
      participant.assertMay('record');
      await (on ? recorder.start() : recorder.stop());
      return { recording: room.recording };
    },
  };
}

function ifRefused(error: unknown): void {
  if (!(error instanceof WcsError)) throw error;
}
