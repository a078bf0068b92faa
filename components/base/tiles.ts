import type { Participant, ParticipantStream } from '../room/participant.ts';
import type { Stream } from '../room/streams/stream.ts';
import { shownName } from './names.ts';
import type { TileView } from './view.ts';

type Playing = ReadonlyMap<ParticipantStream, Stream>;

/**
 * The tiles of other participants, in the order they came: each has one, with the first camera stream or only the
 * name, and one more for every further stream.
 */
export function tilesOf(participants: readonly Participant[], playing: Playing, speaking?: string): TileView[] {
  return participants.flatMap((participant) => {
    const streams = participant.getStreams();
    const first = streams.find((stream) => stream.kind() === 'camera');
    const others = streams.filter((stream) => stream !== first);
    const name = shownName(participant, participants);
    return [
      { ...tile(participant, first, playing), id: participant.name(), name, speaking: participant.name() === speaking },
      ...others.map((stream) => ({ ...tile(participant, stream, playing), id: stream.streamName(), name })),
    ];
  });
}

function tile(
  participant: Participant,
  stream: ParticipantStream | undefined,
  playing: Playing,
): Omit<TileView, 'id' | 'name'> {
  const played = stream && playing.get(stream);
  const media = played?.status() === 'PLAYING' ? played.mediaStream : undefined;
  return {
    kind: stream?.kind() ?? 'camera',
    own: false,
    media,
    video: media !== undefined && stream?.hasVideo() === true && !stream.muted().video,
    audio: stream?.hasAudio() === true && !stream.muted().audio,
    quality: stream?.quality().quality,
    starved: stream?.quality().video === false,
    connected: participant.connected(),
  };
}

/** The stream that the tile of this id shows. */
export function streamOfTile(id: string, participants: readonly Participant[]): ParticipantStream | undefined {
  const streams = participants.flatMap((participant) => participant.getStreams());
  const ofParticipant = participants.find((participant) => participant.name() === id);
  return (
    ofParticipant?.getStreams().find((stream) => stream.kind() === 'camera') ??
    streams.find((stream) => stream.streamName() === id)
  );
}
