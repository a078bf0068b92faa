import type { types } from 'mediasoup';
import { mediaError } from '../media/router.ts';
import type { PublishedStream } from './stream.ts';

/** One encoding of a track, as it arrives from its publisher. */
interface LayerStatistics {
  rid?: string;
  /** Bits per second, now. */
  bitrate: number;
  /** 0 to 10. */
  score: number;
  packetsLost: number;
  /** 0 to 1, of the latest packets. */
  fractionLost: number;
  /** In units of RTP time (RFC 3550 §6.4.1). */
  jitter: number;
  /** Milliseconds. */
  roundTripTime?: number;
}

interface TrackStatistics {
  kind: types.MediaKind;
  codec: string;
  paused: boolean;
  bitrate: number;
  bytes: number;
  packetsLost: number;
  layers: LayerStatistics[];
}

/** How a stream of `login` arrives at this moment. Throws WcsError `media_unavailable` when its worker has died. */
export async function streamStatistics(login: string, { name, kind, producers }: PublishedStream) {
  return { name, login, kind, tracks: await Promise.all(producers.map(trackStatistics)) };
}

async function trackStatistics(producer: types.Producer): Promise<TrackStatistics> {
  // A track that ends in this moment has nothing more to tell.
  const stats = await producer.getStats().catch((cause: unknown) => {
    if (producer.closed) return [];
    throw mediaError(cause, { gone: true });
  });
  const sum = (of: (one: types.ProducerStat) => number) => stats.reduce((total, one) => total + of(one), 0);
  return {
    kind: producer.kind,
    codec: producer.rtpParameters.codecs[0]?.mimeType ?? '',
    paused: producer.paused,
    bitrate: sum(({ bitrate }) => bitrate),
    bytes: sum(({ byteCount }) => byteCount),
    packetsLost: sum(({ packetsLost }) => packetsLost),
    layers: stats.map(layerStatistics),
  };
}

function layerStatistics(stat: types.ProducerStat): LayerStatistics {
  const { rid, bitrate, score, packetsLost, fractionLost, jitter, roundTripTime } = stat;
  return {
    ...(rid ? { rid } : {}),
    bitrate,
    score,
    packetsLost,
    // The report has it in 256ths (RFC 3550 §6.4.1).
    fractionLost: fractionLost / 256,
    jitter,
    ...(roundTripTime === undefined ? {} : { roundTripTime }),
  };
}
