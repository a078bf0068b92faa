import type { Participant, ParticipantStream } from '../room/participant.ts';
import type { Stream } from '../room/streams/stream.ts';
import { shownName } from './names.ts';
import type { TileView } from './view.ts';

/** How a viewer has the others' streams; tiles by their ids. */
export interface Viewed {
  /** Login of who speaks. */
  speaking?: string | undefined;
  playing: (stream: ParticipantStream) => Stream | undefined;
  /** 0 to 100. */
  volume: (tile: string) => number;
  /** Whether the picture is stopped. */
  stopped: (tile: string) => boolean;
  /** Whether there are no pictures at all. */
  audioOnly: boolean;
}

/**
 * The tiles of other participants, in the order they came: each has one, with the first camera stream or only the
 * name, and one more for every further stream.
 */
export function tilesOf(participants: readonly Participant[], viewed: Viewed): TileView[] {
  return participants.flatMap((participant) => {
    const streams = participant.getStreams();
    const first = streams.find((stream) => stream.kind() === 'camera');
    const others = streams.filter((stream) => stream !== first);
    const name = shownName(participant, participants);
    const login = participant.name();
    return [
      { ...tile(participant, first, login, viewed), name, login, speaking: login === viewed.speaking },
      ...others.map((stream) => ({ ...tile(participant, stream, stream.streamName(), viewed), name, login })),
    ];
  });
}

function tile(
  participant: Participant,
  stream: ParticipantStream | undefined,
  id: string,
  { playing, volume, stopped, audioOnly }: Viewed,
): Omit<TileView, 'name'> {
  const played = stream && playing(stream);
  const media = played?.status() === 'PLAYING' ? played.mediaStream : undefined;
  const hasPicture = media !== undefined && stream?.hasVideo() === true && !stream.muted().video && !audioOnly;
  return {
    id,
    kind: stream?.kind() ?? 'camera',
    own: false,
    media,
    video: hasPicture && !stopped(id),
    audio: stream?.hasAudio() === true && !stream.muted().audio,
    quality: stream?.quality().quality,
    starved: hasPicture && !stopped(id) && stream?.quality().video === false,
    stopped: hasPicture && stopped(id),
    volume: stream?.hasAudio() ? volume(id) : undefined,
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
