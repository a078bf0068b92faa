/**
 * The timeline of a room recording (`room-<name>-<start>.json`): who was there, when each stream began, was muted and
 * ended, and how far the work on the recording has come. It is the truth of the recording; the media lies beside it in
 * `room-<name>-<start>.mkv`. All times are milliseconds on the recording's own clock, 0 being `startedAt`.
 */
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import * as v from 'valibot';

const Moment = v.pipe(v.number(), v.minValue(0));
const Kind = v.picklist(['audio', 'video']);

const track = <const T extends readonly string[]>(codecs: T) =>
  v.object({
    codec: v.picklist(codecs),
    /** Matroska track number in the room's file, from 1. */
    track: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    /** Name of a file of its own, beside the timeline. */
    file: v.optional(v.string()),
    /** Milliseconds to add to every time in that file. */
    shiftMs: v.optional(v.number()),
  });

const TimelineStream = v.object({
  name: v.string(),
  login: v.string(),
  kind: v.picklist(['camera', 'screen']),
  mediaSessionId: v.string(),
  startMs: Moment,
  /** null while it goes on, or when the end was never seen. */
  endMs: v.nullable(Moment),
  audio: v.optional(track(['opus', 'pcmu', 'pcma'])),
  video: v.optional(track(['vp8', 'h264'])),
  muted: v.array(v.object({ kind: Kind, fromMs: Moment, toMs: v.nullable(Moment) })),
});

const TimelineSchema = v.object({
  version: v.literal(1),
  room: v.string(),
  /** `multi-recorder://<room>`, the name that the hook script is given. */
  recorder: v.string(),
  /** Milliseconds since the Unix epoch. */
  startedAt: v.number(),
  endedAt: v.nullable(v.number()),
  durationMs: Moment,
  state: v.picklist(['recording', 'recorded', 'mixing', 'done', 'failed']),
  /** Why it failed, or what was odd. */
  reason: v.optional(v.string()),
  /** How often mixing was begun. */
  attempts: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Of mixing, 0 to 1. */
  progress: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  /** Settings that go over those of `offline_mixer.json`, when it was asked to be mixed in another way. */
  mixer: v.optional(v.record(v.string(), v.unknown())),
  /** The `callbackUrl` is still to be told of the result: by which delivery, and how often that was tried. */
  callback: v.optional(v.object({ delivery: v.string(), attempts: v.pipe(v.number(), v.integer(), v.minValue(0)) })),
  /** File names, beside the timeline. */
  file: v.optional(v.string()),
  mixed: v.optional(v.string()),
  /** A login occurs once for each time it joined. */
  participants: v.array(v.object({ login: v.string(), joinedAtMs: Moment, leftAtMs: v.nullable(Moment) })),
  streams: v.array(TimelineStream),
  speakers: v.array(v.object({ atMs: Moment, login: v.nullable(v.string()) })),
});

export type Timeline = v.InferOutput<typeof TimelineSchema>;
export type TimelineStream = v.InferOutput<typeof TimelineStream>;

/** Whether it is of one stream, and not of a whole room. */
export function isOfStream({ recorder }: Timeline): boolean {
  return recorder.startsWith('stream-recorder:');
}

/** Reads and checks a timeline. Throws an Error that names the file and the first thing that is wrong in it. */
export async function readTimeline(path: string): Promise<Timeline> {
  const text = await readFile(path, 'utf8');
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${path} is not JSON`, { cause });
  }
  const result = v.safeParse(TimelineSchema, data);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`${path}: ${v.getDotPath(issue) ?? 'timeline'}: ${issue.message}`);
}

/** Writes a timeline so that a reader, or a crash, sees the old one or the new one and nothing between. */
export async function writeTimeline(path: string, timeline: Timeline): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(`${JSON.stringify(timeline, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
