/** The situations that every one of the elements is shown in. */
import { WcsError } from '../protocol/errors.ts';
import type { Scene, SceneArgs } from './scene.ts';

export interface SceneStory {
  args?: Partial<SceneArgs>;
  parameters?: { scene: Scene };
  globals?: Record<string, string>;
  tags?: string[];
}

/** Only some of them stand on the documentation page: each is a whole call. */
const unlisted = ['!autodocs'];

const scene = (parameters: Scene, args: Partial<SceneArgs> = {}): SceneStory => ({
  args,
  parameters: { scene: parameters },
  tags: unlisted,
});
const situation = (args: Partial<SceneArgs>): SceneStory => ({ args, tags: unlisted });

/** Presses a button as soon as it is there. */
async function press(element: Element, part: string): Promise<void> {
  (await shown(element, part))?.click();
}

/** Waits until a part is there. */
async function shown(element: Element, part: string): Promise<HTMLElement | undefined> {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = find(element, `[part~="${part}"]`);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return undefined;
}

/** Through shadow roots. */
function find(root: Element, selector: string): HTMLElement | undefined {
  for (const element of root.shadowRoot?.querySelectorAll<HTMLElement>('*') ?? []) {
    const found = element.matches(selector) ? element : find(element, selector);
    if (found) return found;
  }
  return undefined;
}

const LONG = 'Maximiliane-Friederike von und zu Hohenzollern-Sigmaringen-Wertheim';

export const beforeJoining: SceneStory = { args: { people: 0, username: '' } };
export const beforeJoiningWithoutPreview = situation({ people: 0, username: '', 'no-prejoin': true });
export const nameKnown = situation({ people: 0 });
export const devicesDenied = situation({ people: 0, username: '', devices: 'denied' });
export const devicesDeniedInCall = situation({ people: 3, devices: 'denied' });
export const devicesMissing = situation({ people: 2, devices: 'missing' });
export const joining = scene({ held: true }, { people: 2 });
export const roomFull = scene({ refused: new WcsError('room_full', 'Current room is full.') }, { people: 2 });
export const nameTaken = scene(
  { refused: new WcsError('login_taken', 'Room already has user with such login') },
  { people: 2 },
);
export const alone = situation({ people: 1 });
export const two = situation({ people: 2 });
export const four: SceneStory = { args: { people: 4 } };
export const nine = situation({ people: 9 });
export const twentyFive = situation({ people: 25 });
export const sharing = scene({ entered: ({ element }) => element.toggleScreenShare(true) }, { people: 3 });
export const watchingAScreen = situation({ people: 4, screens: 1 });
export const twoScreens = situation({ people: 4, screens: 2 });
export const recording = situation({ people: 3, recording: 'on' });
export const reconnecting = scene({ entered: ({ session }) => session.become('RECONNECTING') }, { people: 3 });
export const somebodyReconnecting = scene({ entered: ({ room }) => room.connection('Bob', false) }, { people: 3 });
export const chatting = scene(
  {
    async entered({ element, room }) {
      element.toggleChat(true);
      room.says('Bob', 'Hello, everybody');
      room.says(
        'Claire Dupont',
        'مرحبا! https://example.org/a/very/long/address/that/does/not/fit/into/one/line/of/the/chat',
      );
      await element.sendMessage('Good morning <b>Bob</b> 👋🏽');
      room.says('Bob', `Z${'\u0300'.repeat(200)} and \u202Eright-to-left\u202C`);
      room.leaves('Bob', 'lost');
    },
  },
  { people: 3 },
);
const MODERATOR = ['join', 'publish', 'screen', 'chat', 'record', 'moderate'] as const;

export const people = scene({ entered: ({ element }) => element.togglePeople(true) }, { people: 9 });
export const handsAndReactions = scene(
  {
    entered({ room }) {
      room.raise('Claire Dupont', 'Alice', 'Bob');
      room.reacts('Bob', 'applause');
      room.reacts('Claire Dupont', 'love');
      room.reacts('Alice', 'party');
    },
  },
  { people: 4 },
);
export const moderating = scene(
  {
    grants: MODERATOR,
    entered({ element, room }) {
      room.guarded({ lobby: true });
      room.waits('Zoe', 'Ünal');
      room.raise('Eve Online');
      element.togglePeople(true);
    },
  },
  { people: 7 },
);
export const moderatingMenu = scene(
  {
    grants: MODERATOR,
    async entered({ element, room }) {
      room.raise('Bob');
      element.togglePeople(true);
      await press(element, 'person-button');
    },
  },
  { people: 5, screens: 1 },
);
export const somebodyKnocks = scene({ grants: MODERATOR, entered: ({ room }) => room.waits('Zoe') }, { people: 3 });
export const waitingForSomebody = scene({ waiting: true }, { people: 2 });
export const mutedForGood = scene(
  {
    async entered({ element, room }) {
      await shown(element, 'controls');
      room.silenced({ audio: true }, { hold: true, note: 'Please wait for your turn.' });
    },
  },
  { people: 3 },
);
export const reactionsMenu = scene({ entered: ({ element }) => press(element, 'reactions-button') }, { people: 3 });
export const phoneMenu = scene(
  { width: '320px', height: '568px', entered: ({ element }) => press(element, 'more-button') },
  { people: 3 },
);
export const phonePeople = scene(
  {
    width: '320px',
    height: '568px',
    grants: MODERATOR,
    entered({ element, room }) {
      room.waits('Zoe');
      element.togglePeople(true);
    },
  },
  { people: 5 },
);
export const longNames = scene({ names: [LONG, 'a'.repeat(64), '汉'.repeat(40)] }, { people: 4, username: LONG });
export const soundBlocked = scene(
  {
    entered({ element }) {
      const tile = element.shadowRoot?.querySelector('wcs-stage');
      tile?.dispatchEvent(
        Object.assign(new Event('wcs-intent', { bubbles: true }), { intent: { do: 'sound-blocked' } }),
      );
    },
  },
  { people: 2 },
);
export const audioOnly = situation({ people: 5, 'audio-only': true });
export const nothingButTiles = situation({
  people: 4,
  'no-chat': true,
  'no-invite': true,
  'no-screen-share': true,
  'no-record': true,
});
export const rightToLeft = situation({ people: 4, dir: 'rtl' });
export const russian = situation({ people: 1, lang: 'ru' });
export const german = situation({ people: 1, lang: 'de' });
export const spanish = situation({ people: 1, lang: 'es' });
export const french = situation({ people: 1, lang: 'fr' });
export const dark: SceneStory = { ...situation({ people: 4 }), globals: { theme: 'dark' } };
export const phone = scene({ width: '320px', height: '568px' }, { people: 3 });
export const phoneBeforeJoining = scene({ width: '320px', height: '568px' }, { people: 0, username: '' });
export const phoneLandscape = scene({ width: '568px', height: '320px' }, { people: 3 });
export const narrow = scene({ width: '240px', height: '480px' }, { people: 2 });
export const waitingForAScreen = situation({ people: 2, screens: 0 });
