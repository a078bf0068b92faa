import type { Participant, ParticipantStream } from '../room/participant.ts';
import type { Stream } from '../room/streams/stream.ts';
import type { TileView } from './view.ts';

type Playing = ReadonlyMap<ParticipantStream, Stream>;

/**
 * The tiles of other participants, in the order they came: each has one, with the first camera stream or only the
 * name, and one more for every further stream.
 */
export function tilesOf(participants: readonly Participant[], playing: Playing): TileView[] {
  return participants.flatMap((participant) => {
    const streams = participant.getStreams();
    const first = streams.find((stream) => stream.kind() === 'camera');
    const others = streams.filter((stream) => stream !== first);
    return [
      tile(participant, first, playing, participant.name()),
      ...others.map((stream) => tile(participant, stream, playing, stream.streamName())),
    ];
  });
}

function tile(participant: Participant, stream: ParticipantStream | undefined, playing: Playing, id: string): TileView {
  const played = stream && playing.get(stream);
  const media = played?.status() === 'PLAYING' ? played.mediaStream : undefined;
  return {
    id,
    kind: stream?.kind() ?? 'camera',
    name: participant.name(),
    own: false,
    media,
    video: media !== undefined && stream?.hasVideo() === true && !stream.muted().video,
    audio: stream?.hasAudio() === true && !stream.muted().audio,
    connected: participant.connected(),
  };
}
