/** The HTTP side with a folder of recordings, for the tests of one file. */
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Access, type AccessOptions } from '../../backend/http/access.ts';
import type { RoomRoutesOptions } from '../../backend/http/api/rooms.ts';
import { createApp } from '../../backend/http/app.ts';
import { packageFolders } from '../../backend/http/folders.ts';
import { createLog } from '../../backend/log.ts';
import { runFfmpeg } from '../../backend/recording/ffmpeg.ts';
import { roomFileName } from '../../backend/recording/store/file-name.ts';
import type { Mix } from '../../backend/recording/finalizing/finalizer.ts';
import type { PruneLimits } from '../../backend/recording/store/prune.ts';
import type { Recorder } from '../../backend/recording/recorder.ts';
import { writeTimeline, type Timeline } from '../../backend/recording/timeline.ts';
import { Registry } from '../../backend/rooms/registry.ts';
import { WcsError } from '../../protocol/errors.ts';
import { byDefault } from './backend.ts';
import { startRecorder } from './recording/recorder.ts';

export interface SiteOptions extends Partial<AccessOptions> {
  mix?: Mix;
  limits?: PruneLimits;
  /** Writes what is there before the backend starts. */
  prepare?: (directory: string) => Promise<void>;
}

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
  json: () => { error?: { code: string; message: string } } & Record<string, unknown>;
}

export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
}

export interface Site {
  url: string;
  directory: string;
  recorder: Recorder;
  /** What was asked of rooms. */
  switched: [room: string, on: boolean][];
  /** The path goes out exactly as it is given. */
  ask: (path: string, asked?: Asked) => Promise<Answer>;
}

export async function site(t: TestContext, options: SiteOptions = {}): Promise<Site> {
  const directory = await mkdtemp(join(tmpdir(), 'wcs-records-'));
  await options.prepare?.(directory);
  const log = createLog({ level: 'silent' });
  const recorder = await startRecorder({
    directory,
    mix: options.mix ?? (() => Promise.reject(new Error('there is no mixer in this test'))),
    ...(options.limits ? { limits: options.limits } : {}),
  });
  const switched: Site['switched'] = [];
  const recordRoom = async (room: string, on: boolean) => {
    if (room !== 'kitchen') throw new WcsError('room_unknown', 'There is no such room just now.');
    switched.push([room, on]);
    return on ? ('on' as const) : ('off' as const);
  };
  const access = new Access({ access: options.access ?? 'loopback', adminToken: options.adminToken ?? '' });
  const recording = { recordings: recorder, recordRoom };
  const isReady = () => true;
  const server = createServer(
    createApp({ folders: packageFolders(), access, rooms: noRooms(), recording, isReady, ...byDefault(), log }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await recorder.close();
    await rm(directory, { recursive: true });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    directory,
    recorder,
    switched,
    ask: (path, asked) => ask(port, path, asked),
  };
}

/** Rooms for an HTTP side without media workers. */
export function noRooms(): RoomRoutesOptions {
  const openRouters = () => Promise.reject(new Error('there are no workers in this test'));
  const registry = new Registry({
    openRouters,
    chatHistory: 0,
    maxParticipants: 0,
    idleTimeout: 1000,
    voices: 0,
    limits: { streams: 0, bitrate: 0 },
    log: createLog({ level: 'silent' }),
  });
  return { registry, census: () => ({ sockets: 0, sessions: 0, ...registry.census() }) };
}

/** fetch tidies paths and leaves out headers, which is what is tried here. */
async function ask(port: number, path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
  const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const request = httpRequest({ host: '127.0.0.1', port, path, method, headers: { ...type, ...headers } });
  request.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  const all = Buffer.concat(parts);
  const json = () => JSON.parse(all.toString()) as ReturnType<Answer['json']>;
  return { status: response.statusCode ?? 0, headers: response.headers, body: all, json };
}

let media: Promise<string> | undefined;

/** The path of a second of picture and sound, made once for the process. */
export function smallVideo(): Promise<string> {
  media ??= (async () => {
    const directory = await mkdtemp(join(tmpdir(), 'wcs-small-'));
    process.once('exit', () => void rm(directory, { recursive: true, force: true }));
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=10:duration=1'];
    const sound = ['-f', 'lavfi', '-i', 'sine=duration=1'];
    const codecs = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest', '-movflags', '+faststart'];
    await runFfmpeg({ args: [...picture, ...sound, ...codecs, 'small.mp4'], cwd: directory });
    return join(directory, 'small.mp4');
  })();
  return media;
}

/** Writes the recording of a room, with files of a few bytes, or with `video` as its mixed file. Answers its id. */
export async function addRoom(
  directory: string,
  room: string,
  { video, bytes = 100, ...changes }: Partial<Timeline> & { video?: string; bytes?: number } = {},
): Promise<string> {
  const startedAt = changes.startedAt ?? Date.UTC(2026, 0, 2, 3, 4, 5);
  const id = roomFileName(room, startedAt);
  const [file, mixed] = [`${id}.mkv`, `${id}-mixed.mp4`];
  await writeFile(join(directory, file), Buffer.alloc(bytes, 1));
  if (video) await copyFile(video, join(directory, mixed));
  else await writeFile(join(directory, mixed), Buffer.alloc(bytes, 2));
  await writeTimeline(join(directory, `${id}.json`), {
    version: 1,
    room,
    recorder: `multi-recorder://${room}`,
    startedAt,
    endedAt: startedAt + 61_000,
    durationMs: 61_000,
    state: 'done',
    attempts: 1,
    file,
    mixed,
    participants: ['Ада', 'Bob', 'Bob'].map((login) => ({ login, joinedAtMs: 0, leftAtMs: 61_000 })),
    streams: [],
    speakers: [],
    ...changes,
  });
  return id;
}

/** Writes the recording of one stream. Answers its id. */
export async function addStream(directory: string, login: string, startedAt: number): Promise<string> {
  const mediaSessionId = '0f2c1f0e-1b8c-4c70-8f0b-2a6a3a1d8f11';
  const file = `stream-${mediaSessionId}-${login}.webm`;
  await writeFile(join(directory, file), 'x'.repeat(50));
  const stream = { name: 'kitchen-Ada-1a2b', login, kind: 'camera' as const, mediaSessionId, startMs: 0, endMs: 2000 };
  await writeTimeline(join(directory, `stream-${mediaSessionId}.json`), {
    version: 1,
    room: 'kitchen',
    recorder: `stream-recorder://${mediaSessionId}`,
    startedAt,
    endedAt: startedAt + 2000,
    durationMs: 2000,
    state: 'done',
    attempts: 1,
    file,
    participants: [],
    streams: [{ ...stream, muted: [], audio: { codec: 'opus' } }],
    speakers: [],
  });
  return `stream-${mediaSessionId}`;
}
