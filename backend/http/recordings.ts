import express, { Router, type RequestHandler } from 'express';
import * as v from 'valibot';
import { WcsError } from '../../protocol/errors.ts';
import { RoomName } from '../../protocol/model.ts';
import type { CatalogueEntry, FileRole, RecordingFile } from '../recording/store/catalogue.ts';
import { checkMixerChanges, MixerConfigError } from '../recording/mixing/config.ts';
import type { Recorder } from '../recording/recorder.ts';
import { isOfStream, type Timeline } from '../recording/timeline.ts';

/** Recordings in one answer at most, and when nobody says how many. */
const LIMIT_MAX = 1000;
const LIMIT_DEFAULT = 100;

/** What of a recorder the administration uses. */
export type Recordings = Pick<Recorder, 'catalogue' | 'finalizer' | 'pruner'>;

/** What administration needs; where nothing can be recorded there is none of it. */
export interface RecordingRoutesOptions {
  recordings: Recordings;
  /**
   * Switches the recording of a room that is there now. Throws WcsError `room_unknown`, `recording_unavailable`,
   * `recording_failed`.
   */
  recordRoom: (room: string, on: boolean) => Promise<'on' | 'off'>;
}

/** A recording as the administration API describes it. Times are milliseconds, `startedAt` since the Unix epoch. */
interface RecordingAnswer {
  id: string;
  kind: 'room' | 'stream';
  room: string;
  /** Of a recording of one stream: whose it is. */
  login?: string;
  /** Who was there, each once. */
  participants: string[];
  startedAt: number;
  durationMs: number;
  bytes: number;
  state: Timeline['state'];
  /** Of mixing, 0 to 1. */
  progress?: number;
  /** Why it failed, or what was odd. */
  reason?: string;
  /** Being recorded, waiting or being worked on: cannot be deleted or mixed now. */
  busy: boolean;
  /** Whether it can be mixed again, once it is not busy. */
  mixable: boolean;
  files: FileAnswer[];
}

interface FileAnswer {
  role: FileRole;
  name: string;
  url: string;
  bytes: number;
  /** Media type. */
  type: string;
}

const Count = v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number));
const ListQuery = v.object({ limit: v.optional(Count), offset: v.optional(Count) });
const Switch = v.strictObject({ on: v.boolean() });

/** `/api/v1/recordings` and `/api/v1/rooms/<name>/recording`; `API.md` beside this file describes them. */
export function recordingRoutes({ recordings, recordRoom }: RecordingRoutesOptions): Router {
  const { catalogue, finalizer, pruner } = recordings;
  const routes = Router();
  routes.use(express.json({ limit: '16kb', strict: false }), refuseOtherBodies);

  const find = async (id: string): Promise<CatalogueEntry> => {
    const entry = await catalogue.find(id);
    if (!entry) throw new WcsError('recording_unknown', 'There is no such recording.');
    return entry;
  };
  const describe = (entry: CatalogueEntry) => describeRecording(entry, finalizer.has(entry.path));

  routes.get('/recordings', async (request, response) => {
    const query = v.safeParse(ListQuery, request.query);
    if (!query.success) throw new WcsError('invalid', 'limit and offset must be whole numbers.');
    const { limit = LIMIT_DEFAULT, offset = 0 } = query.output;
    const entries = await catalogue.list();
    const page = entries.slice(offset, offset + Math.min(limit, LIMIT_MAX));
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    response.json({ total: entries.length, bytes, recordings: page.map(describe) });
  });

  routes.get('/recordings/:id', async ({ params }, response) => {
    response.json(describe(await find(params.id)));
  });

  routes.delete('/recordings/:id', async ({ params }, response) => {
    const { path } = await find(params.id);
    await pruner.remove(path);
    response.status(204).end();
  });

  routes.post('/recordings/:id/mix', async ({ params, body }, response) => {
    const { path } = await find(params.id);
    await finalizer.again(path, mixerChanges(body));
    response.status(202).json(describe(await find(params.id)));
  });

  routes.post('/rooms/:name/recording', async ({ params, body }, response) => {
    const name = v.safeParse(RoomName, params.name);
    if (!name.success) throw new WcsError('room_unknown', 'There is no such room.');
    const wish = v.safeParse(Switch, body);
    if (!wish.success) throw new WcsError('invalid', 'The body must be JSON: {"on": true} or {"on": false}.');
    response.json({ recording: await recordRoom(name.output, wish.output.on) });
  });
  return routes;
}

/** A body of another type would be left out without a word. */
const refuseOtherBodies: RequestHandler = ({ headers, body }, _response, next) => {
  const isEmpty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
  if (body === undefined && !isEmpty) throw new WcsError('invalid', 'The body must be application/json.');
  next();
};

/** Media types by ending; nothing that a browser would run. */
export function mediaType(name: string): string {
  const types: Record<string, string> = {
    mp4: 'video/mp4',
    m4a: 'audio/mp4',
    webm: 'video/webm',
    mkv: 'video/x-matroska',
    json: 'application/json',
  };
  return types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
}

function mixerChanges(body: unknown): Record<string, unknown> {
  try {
    // A request without a body mixes by offline_mixer.json as it is.
    return checkMixerChanges(body === undefined ? {} : body);
  } catch (cause) {
    if (!(cause instanceof MixerConfigError)) throw cause;
    throw new WcsError('invalid', cause.message, { cause });
  }
}

function describeRecording(entry: CatalogueEntry, isWorkedOn: boolean): RecordingAnswer {
  const { id, timeline, files, bytes } = entry;
  const { room, participants, streams, startedAt, state, progress, reason } = timeline;
  const busy = isWorkedOn || state === 'recording';
  const isStream = isOfStream(timeline);
  const [first] = streams;
  const durationMs = state === 'recording' ? Math.max(0, Date.now() - startedAt) : timeline.durationMs;
  return {
    id,
    kind: isStream ? 'stream' : 'room',
    room,
    ...(isStream && first ? { login: first.login } : {}),
    participants: [...new Set([...participants, ...streams].map(({ login }) => login))],
    startedAt,
    durationMs,
    bytes,
    state,
    ...(progress === undefined ? {} : { progress }),
    ...(reason === undefined ? {} : { reason }),
    busy,
    mixable: !isStream && files.some(({ role }) => role === 'tracks'),
    files: files.map((file) => describeFile(file, timeline)),
  };
}

function describeFile({ name, role, bytes }: RecordingFile, { streams }: Timeline): FileAnswer {
  const isSoundOnly = role === 'stream' && name.endsWith('.webm') && !streams[0]?.video;
  const type = isSoundOnly ? 'audio/webm' : mediaType(name);
  return { role, name, url: `/client/records/${encodeURIComponent(name)}`, bytes, type };
}
