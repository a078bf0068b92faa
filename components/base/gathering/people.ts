import type { Participant } from '../../room/participant.ts';
import { shownName } from '../names.ts';
import type { PersonView } from '../view.ts';

interface Gathered {
  /** Ourselves. */
  own: PersonView;
  /** Everybody else, in the order they came. */
  others: readonly Participant[];
  /** Logins of those who have raised a hand, the longest first. */
  hands: readonly string[];
  /** The login of who speaks just now. */
  speaking: string | undefined;
}

/** Everybody in the room as a list: oneself, raised hands in their order, the others in the order they came. */
export function peopleOf({ own, others, hands, speaking }: Gathered): PersonView[] {
  const people = others.map((participant) => personOf(participant, others, speaking));
  const placed = [own, ...people].map((person) => ({ ...person, hand: placeOf(person.login, hands) }));
  const [first, ...rest] = placed;
  if (!first) return [];
  const waiting = rest.filter(({ hand }) => hand !== undefined).sort((a, b) => (a.hand ?? 0) - (b.hand ?? 0));
  return [first, ...waiting, ...rest.filter(({ hand }) => hand === undefined)];
}

/** From 1; undefined without a raised hand. */
export function placeOf(login: string, hands: readonly string[]): number | undefined {
  const index = hands.indexOf(login);
  return index < 0 ? undefined : index + 1;
}

function personOf(
  participant: Participant,
  others: readonly Participant[],
  speaking: string | undefined,
): Omit<PersonView, 'hand'> & { hand: undefined } {
  const streams = participant.getStreams();
  const cameras = streams.filter((stream) => stream.kind() === 'camera');
  const isHeard = cameras.some((stream) => stream.hasAudio() && !stream.muted().audio);
  return {
    login: participant.name(),
    name: shownName(participant, others),
    own: false,
    microphone: participant.held().audio ? 'held' : isHeard ? 'on' : 'off',
    camera: cameras.some((stream) => stream.hasVideo() && !stream.muted().video),
    sharing: streams.some((stream) => stream.kind() === 'screen'),
    speaking: participant.name() === speaking,
    connected: participant.connected(),
    hand: undefined,
  };
}
