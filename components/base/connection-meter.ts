import type { Inspection, Stream } from '../room/streams/stream.ts';
import type { Quality } from '../../protocol/model.ts';
import type { OwnMedia } from './own/own-media.ts';
import type { OwnScreen } from './own/own-screen.ts';
import type { ConnectionDetails, PictureDetails, TrackDetails } from './view.ts';
import type { Viewing } from './viewing.ts';

type Stats = Record<string, unknown>;
type Kind = 'audio' | 'video';

/** What is counted from the beginning on; the difference of two looks is what goes on now. */
interface Counts {
  at: number;
  bytes: number;
  packets: number;
  lost: number;
  frames: number;
}

/** Milliseconds after which two looks are too far apart to say what goes on now. */
const TOO_LONG = 5_000;

const looks = new WeakMap<Stream, Partial<Record<Kind, Counts>>>();

interface Streams {
  viewing: Viewing;
  own: OwnMedia;
  screen: OwnScreen;
}

/** How the stream that a tile shows goes over the connection; undefined when it shows none. */
export async function measureTile(
  tile: string,
  { viewing, own, screen }: Streams,
): Promise<ConnectionDetails | undefined> {
  const viewed = viewing.streamOf(tile);
  if (viewed) return measure(viewed.stream, viewed.of.quality().quality);
  const published = { own: own.published, 'own-screen': screen.published }[tile];
  return published && measure(published);
}

/** How a stream goes over the connection: numbers of the browser (W3C WebRTC Statistics §8), and of the backend where it knows more. */
async function measure(stream: Stream, quality?: Quality): Promise<ConnectionDetails | undefined> {
  const [report, inspection] = await Promise.all([stream.getStats(undefined, true), stream.inspect()]);
  const stats = [...(report as unknown as Map<string, Stats>).values()];
  const before = looks.get(stream);
  const now = { audio: count(stats, 'audio'), video: count(stats, 'video') };
  looks.set(stream, now);
  const details = (kind: Kind) =>
    now[kind] && track(stats, kind, { now: now[kind], before: before?.[kind], inspection });
  const [sound, video] = [details('audio'), details('video')];
  if (!sound && !video) return undefined;
  return {
    direction: stream.published() ? 'sent' : 'received',
    quality,
    roundTrip: roundTrip(stats),
    sound,
    picture: video && picture(stats, video, { now: now.video!, before: before?.video, inspection }),
  };
}

interface Look {
  now: Counts;
  before: Counts | undefined;
  inspection: Inspection | undefined;
}

function rtp(stats: readonly Stats[], kind: Kind): Stats[] {
  return stats.filter((one) => one.kind === kind && /^(?:in|out)bound-rtp$/.test(String(one.type)));
}

function count(stats: readonly Stats[], kind: Kind): Counts | undefined {
  const all = rtp(stats, kind);
  if (all.length === 0) return undefined;
  const sum = (...names: string[]) =>
    all.reduce((total, one) => total + names.reduce((each, name) => each + Number(one[name] ?? 0), 0), 0);
  const remote = stats.filter((one) => one.kind === kind && one.type === 'remote-inbound-rtp');
  return {
    at: Math.max(...all.map(({ timestamp }) => Number(timestamp))),
    bytes: sum('bytesReceived', 'bytesSent', 'headerBytesReceived', 'headerBytesSent'),
    packets: sum('packetsReceived', 'packetsSent'),
    lost: sum('packetsLost') + remote.reduce((total, { packetsLost }) => total + Number(packetsLost ?? 0), 0),
    frames: Math.max(...all.map(({ framesDecoded, framesEncoded }) => Number(framesDecoded ?? framesEncoded ?? 0))),
  };
}

function track(stats: readonly Stats[], kind: Kind, look: Look): TrackDetails {
  const { now, inspection } = look;
  const before = recent(look);
  const [first] = rtp(stats, kind);
  const codec = stats.find(({ id }) => id === first?.codecId)?.mimeType;
  const jitter = stats.find((one) => one.kind === kind && one.jitter !== undefined)?.jitter;
  const [lost, packets] = before ? [now.lost - before.lost, now.packets - before.packets] : [0, 0];
  const isReceived = first?.type === 'inbound-rtp';
  const expected = packets + (isReceived ? lost : 0);
  return {
    codec: typeof codec === 'string' ? codec.slice(codec.indexOf('/') + 1) : '',
    bitrate: before && ((now.bytes - before.bytes) * 8) / (now.at - before.at),
    loss: expected > 0 ? Math.min(1, Math.max(0, lost / expected)) : undefined,
    jitter: jitter === undefined ? undefined : Number(jitter) * 1000,
    score: inspection?.tracks.find((one) => one.kind === kind)?.score,
  };
}

function picture(stats: readonly Stats[], details: TrackDetails, look: Look): PictureDetails {
  const before = recent(look);
  const layers = rtp(stats, 'video');
  const width = ({ frameWidth }: Stats) => Number(frameWidth ?? 0);
  const active = layers.filter((layer) => layer.active !== false && width(layer) > 0);
  const largest = active.toSorted((a, b) => width(b) - width(a))[0];
  const { inspection } = look;
  const sent = { count: layers.length, current: active.length, wanted: active.length };
  return {
    ...details,
    width: number(largest?.frameWidth),
    height: number(largest?.frameHeight),
    frameRate: before && ((look.now.frames - before.frames) * 1000) / (look.now.at - before.at),
    size: inspection ? inspection.layers?.spatial : layers[0]?.type === 'outbound-rtp' ? sent : undefined,
    rate: inspection?.layers?.temporal,
  };
}

/** The look before, where it was a moment ago. */
function recent({ now, before }: Look): Counts | undefined {
  return before && now.at > before.at && now.at - before.at < TOO_LONG ? before : undefined;
}

/** Of the way that is in use; seconds in the browser's numbers. */
function roundTrip(stats: readonly Stats[]): number | undefined {
  const transport = stats.find(({ type }) => type === 'transport');
  const pairs = stats.filter(({ type, state }) => type === 'candidate-pair' && state === 'succeeded');
  const pair = pairs.find(({ id }) => id === transport?.selectedCandidatePairId) ?? pairs.find((one) => one.nominated);
  const remote = stats.find(({ type, roundTripTime }) => type === 'remote-inbound-rtp' && roundTripTime !== undefined);
  const seconds = number(pair?.currentRoundTripTime ?? remote?.roundTripTime);
  return seconds === undefined ? undefined : seconds * 1000;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
