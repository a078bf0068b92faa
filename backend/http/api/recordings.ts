import { WcsError } from '../../../protocol/errors.ts';
import type { CatalogueEntry, RecordingFile } from '../../recording/store/catalogue.ts';
import { checkMixerChanges, MixerConfigError } from '../../recording/mixing/config.ts';
import type { Recorder } from '../../recording/recorder.ts';
import { isOfStream, type Timeline } from '../../recording/timeline.ts';
import { LIMIT_DEFAULT, LIMIT_MAX, type Answer, type Handlers } from './routes.ts';

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

/** What is asked and done of recordings. */
export function recordingHandlers({
  recordings,
  recordRoom,
}: RecordingRoutesOptions): Handlers<'recordings' | 'recording' | 'deleteRecording' | 'mix' | 'recordRoom'> {
  const { catalogue, finalizer, pruner } = recordings;
  const find = async (id: string): Promise<CatalogueEntry> => {
    const entry = await catalogue.find(id);
    if (!entry) throw new WcsError('recording_unknown', 'There is no such recording.');
    return entry;
  };
  const describe = (entry: CatalogueEntry) => describeRecording(entry, finalizer.has(entry.path));

  return {
    async recordings({ query: { limit = LIMIT_DEFAULT, offset = 0 } }) {
      const entries = await catalogue.list();
      const page = entries.slice(offset, offset + Math.min(limit, LIMIT_MAX));
      const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
      return { total: entries.length, bytes, recordings: page.map(describe) };
    },

    recording: async ({ params }) => describe(await find(params.id)),

    async deleteRecording({ params }) {
      const { path } = await find(params.id);
      await pruner.remove(path);
    },

    async mix({ params, body }) {
      const { path } = await find(params.id);
      await finalizer.again(path, mixerChanges(body));
      return describe(await find(params.id));
    },

    recordRoom: async ({ params, body }) => ({ recording: await recordRoom(params.name, body.on) }),
  };
}

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

function describeRecording(entry: CatalogueEntry, isWorkedOn: boolean): Answer<'recording'> {
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

function describeFile(
  { name, role, bytes }: RecordingFile,
  { streams }: Timeline,
): Answer<'recording'>['files'][number] {
  const isSoundOnly = role === 'stream' && name.endsWith('.webm') && !streams[0]?.video;
  const type = isSoundOnly ? 'audio/webm' : mediaType(name);
  return { role, name, url: `/client/records/${encodeURIComponent(name)}`, bytes, type };
}
