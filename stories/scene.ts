/**
 * An element in a certain situation, without a backend and without a camera: what a story of an element is made of.
 * `args` are what a reader may change, the scene is what the story is about.
 */
import type { GatheringElement } from '../components/base/gathering-element.ts';
import type { Grant, RecordingState } from '../protocol/model.ts';
import type { WcsError } from '../protocol/errors.ts';
import { connectTo, fakeBackend } from '../test/fakes/element-room.ts';
import type { FakePerson, FakeRoom, FakeSession } from '../test/fakes/element-room.ts';
import { desktop, person } from './pictures.ts';

export interface SceneArgs {
  /** People in the room, oneself included; 0 is before joining. */
  people: number;
  /** What becomes of the wish to use camera and microphone. */
  devices: 'given' | 'denied' | 'missing' | 'busy';
  /** Whether others share their screens, and how many. */
  screens: number;
  recording: RecordingState;
  username: string;
  /** The element's attributes and properties. */
  [property: string]: unknown;
}

export interface Scene {
  /** Names of the others instead of the usual ones. */
  names?: readonly string[];
  /** The room does not let us in. */
  refused?: WcsError;
  /** Joining takes for ever. */
  held?: boolean;
  /** What we may do there. */
  grants?: readonly Grant[];
  /** Nobody lets us in. */
  waiting?: boolean;
  /** What happens in the room. */
  entered?: (at: { element: GatheringElement; room: FakeRoom; session: FakeSession }) => void | Promise<void>;
  /** CSS lengths of the box that the element fills; the whole page without them. */
  width?: string;
  height?: string;
  /** CSS for the element and its parts, as a page would write it. */
  css?: string;
  /** Markup in the element's slots. */
  content?: string;
}

/** What a story's render function is told besides its args. */
export interface SceneContext {
  parameters: { scene?: Scene };
  viewMode?: string;
}

export const sceneArgs: SceneArgs = {
  people: 4,
  devices: 'given',
  screens: 0,
  recording: 'off',
  username: 'Alice',
  room: 'team-meeting',
};

export const sceneArgTypes = {
  people: { control: { type: 'range', min: 0, max: 25 }, table: { category: 'Scene' } },
  devices: { control: 'select', options: ['given', 'denied', 'missing', 'busy'], table: { category: 'Scene' } },
  screens: { control: { type: 'range', min: 0, max: 2 }, table: { category: 'Scene' } },
  recording: { control: 'select', options: ['unavailable', 'off', 'on'], table: { category: 'Scene' } },
} as const;

const NAMES = [
  'Bob',
  'Claire Dupont',
  'Дмитрий',
  'Eve Online',
  '李小龍',
  'محمد علي',
  'Grace',
  'Henrik Ørsted',
  'Ingrid',
  'José',
  'Kim',
  'Λευτέρης',
];

let scenes = 0;

/** Renders `<tag>` in a box. The box gets `data-ready` when the scene is as it should be. */
export function showElement(tag: string) {
  return (args: SceneArgs, { parameters, viewMode }: SceneContext): HTMLElement => {
    const scene = parameters.scene ?? {};
    const box = document.createElement('div');
    const height = scene.height ?? (viewMode === 'docs' ? '36rem' : '100vh');
    Object.assign(box.style, { width: scene.width ?? '100%', maxWidth: '100%', height });
    // Nested, so that it stays in its box where a page shows several of them.
    box.className = `scene-${(scenes += 1)}`;
    if (scene.css) {
      const textContent = `.${box.className} { ${scene.css} }`;
      box.append(Object.assign(document.createElement('style'), { textContent }));
    }
    const element = document.createElement(tag) as GatheringElement;
    if (scene.content) element.innerHTML = scene.content;
    box.append(element);
    void stage(element, args, scene).then(() => (box.dataset.ready = ''));
    return box;
  };
}

async function stage(element: GatheringElement, args: SceneArgs, scene: Scene): Promise<void> {
  const { people, devices, screens, recording, ...properties } = args;
  installDevices(devices, args.username || 'Alice');
  for (const [name, value] of Object.entries(properties)) set(element, name, value);
  const goesIn = people > 0;
  const ended = goesIn ? Promise.withResolvers<void>() : undefined;
  element.connect = connectTo(
    fakeBackend({
      recording,
      others: others(people - 1, screens, scene.names),
      ...(scene.refused ? { refused: scene.refused } : {}),
      ...(scene.held ? { held: new Promise(() => undefined) } : {}),
      ...(scene.waiting ? { lobby: new Promise(() => undefined) } : {}),
      ...(scene.grants ? { grants: scene.grants } : {}),
      entered: (room, session) =>
        void Promise.resolve(scene.entered?.({ element, room, session })).then(ended?.resolve, ended?.reject),
    }),
  );
  await element.updateComplete;
  if (!goesIn) return settled(element);
  // What goes wrong is what the story shows.
  const joining = element.join().then(
    () => ended?.promise,
    () => undefined,
  );
  if (!scene.held && !scene.waiting) await joining;
  await settled(element);
}

/** Until pictures play and what follows from them is rendered. */
async function settled(element: GatheringElement): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  await element.updateComplete;
}

/** Attributes by their names, properties by theirs. */
function set(element: HTMLElement, name: string, value: unknown): void {
  if (value === undefined) return;
  if (name in element) Object.assign(element, { [name]: value });
  else if (typeof value === 'boolean') element.toggleAttribute(name, value);
  else if (typeof value === 'string' || typeof value === 'number') element.setAttribute(name, `${value}`);
}

function others(count: number, screens: number, names: readonly string[] = NAMES): FakePerson[] {
  return Array.from({ length: Math.max(count, 0) }, (_, index) => {
    const round = Math.floor(index / names.length);
    const login = `${names[index % names.length]}${round === 0 ? '' : ` ${round + 1}`}`;
    return {
      login,
      // Not everybody has a camera, and not everybody's microphone is on.
      ...(index % 5 === 3 ? {} : { media: person(login) }),
      muted: { audio: index % 4 === 2 },
      ...(index < screens ? { screen: desktop() } : {}),
    };
  });
}

/** Puts fake devices in the place of the browser's. */
function installDevices(devices: SceneArgs['devices'], name: string): void {
  const problem = { given: undefined, denied: 'NotAllowedError', missing: 'NotFoundError', busy: 'NotReadableError' }[
    devices
  ];
  Object.assign(navigator.mediaDevices, {
    async getUserMedia({ audio, video }: MediaStreamConstraints) {
      if (problem) throw new DOMException('Not in this story.', problem);
      const media = person(name);
      if (!audio) media.getAudioTracks().forEach((track) => media.removeTrack(track));
      if (!video) media.getVideoTracks().forEach((track) => media.removeTrack(track));
      return media;
    },
    async getDisplayMedia() {
      return desktop();
    },
  });
}
