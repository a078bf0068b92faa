import type { Participant } from '../room/participant.ts';

/** What is shown of somebody: the name that the site gives them, with the login where somebody else has the same. */
export function shownName(participant: Participant, people: readonly Participant[]): string {
  const name = participant.displayName();
  const hasNamesake = people.some((other) => other.name() !== participant.name() && other.displayName() === name);
  return hasNamesake ? `${name} (${participant.name()})` : name;
}
