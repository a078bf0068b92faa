import type { Meta } from '@storybook/web-components-vite';
import type { PersonView } from '../components/base/view.ts';
import '../components/call/in-call.ts';
import '../components/call/people-panel.ts';
import type { PeopleView } from '../components/parts/people/people.ts';
import { showPart } from './part.ts';

export default {
  title: 'Parts/People',
  component: 'wcs-people',
  render: showPart('wcs-people', { width: '22rem', height: '40rem' }),
} satisfies Meta;

const person = (name: string, change: Partial<PersonView> = {}): PersonView => ({
  login: name,
  name,
  own: false,
  microphone: 'on',
  camera: true,
  sharing: false,
  speaking: false,
  connected: true,
  hand: undefined,
  ...change,
});

const alice = person('Alice', { own: true });
const some = [
  alice,
  person('Claire Dupont', { hand: 1, microphone: 'off' }),
  person('Дмитрий', { hand: 2 }),
  person('Bob', { speaking: true }),
  person('Eve Online', { sharing: true, camera: false }),
  person('محمد علي', { microphone: 'held' }),
  person('Grace', { connected: false, microphone: 'off', camera: false }),
];
const many = [...some, ...Array.from({ length: 40 }, (_, index) => person(`Guest ${index + 1}`))];

const list = (people: PersonView[], view: Partial<PeopleView> = {}) => ({
  args: { view: { people, mayWrite: true, locked: false, moderation: undefined, ...view } satisfies PeopleView },
});
const waiting = (...logins: string[]) => logins.map((login) => ({ login, since: 0 }));

export const Alone = list([alice]);
export const Some = list(some);
export const Many = list(many);
export const WithoutChat = list(some, { mayWrite: false });
export const Locked = list(some, { locked: true });
export const LongNames = list([
  alice,
  person('Maximiliane-Friederike von und zu Hohenzollern-Sigmaringen', { hand: 1 }),
]);
export const Moderator = list(some, { moderation: { lobby: false, waiting: [] } });
export const ModeratorLocked = list(some, { locked: true, moderation: { lobby: true, waiting: [] } });
export const OneWaits = list(some, { moderation: { lobby: true, waiting: waiting('Zoe') } });
export const SomeWait = list(many, {
  moderation: { lobby: true, waiting: waiting('Zoe', 'Ünal', 'Maximiliane-Friederike von und zu Hohenzollern') },
});
