import type { types } from 'mediasoup-client';

/** How one track is doing: numbers of the browser (W3C WebRTC Statistics §8), of its RTP stream and what belongs to it. */
export interface TrackStats {
  /** `opus`, `VP8`, … */
  codec: string;
  [name: string]: unknown;
}

export interface DirectionStats {
  audio?: TrackStats;
  video?: TrackStats;
}

/** As in the original: what we send, or what we receive. */
export interface StreamStats {
  outboundStream?: DirectionStats;
  inboundStream?: DirectionStats;
}

type Source = types.Producer | types.Consumer;

/** The numbers of some tracks, by kind. */
export async function directionStats(sources: readonly Source[]): Promise<DirectionStats> {
  const each = await Promise.all(sources.map(trackStats));
  return Object.fromEntries(sources.map(({ kind }, index) => [kind, each[index]]));
}

/** Everything that the browser knows about some tracks, as it says it. */
export async function nativeStats(sources: readonly Source[]): Promise<RTCStatsReport> {
  const reports = await Promise.all(sources.map((source) => source.getStats()));
  return new Map(reports.flatMap((report) => [...report]));
}

async function trackStats(source: Source): Promise<TrackStats> {
  const { mimeType = '' } = source.rtpParameters.codecs[0] ?? {};
  const report = await source.getStats();
  const rtp = [...report.values()].find(({ type }: RTCStats) => /^(?:in|out)bound-rtp$/.test(type)) as
    object | undefined;
  return { ...rtp, codec: mimeType.slice(mimeType.indexOf('/') + 1) };
}
