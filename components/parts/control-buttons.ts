import type { LocalizeController } from '@shoelace-style/localize';
import type { Intent } from '../base/element/intent.ts';
import type { Shortcut } from '../base/element/shortcuts.ts';
import type { DeviceState } from '../base/view.ts';
import type { Dictionary } from '../locales/dictionary.ts';
import { DEVICE_HINTS } from './device-hints.ts';
import type { IconName } from './icon.ts';

/** What each button shows. One that is absent is left out, except for the leave button. */
export interface ControlsView {
  microphone?: DeviceState;
  camera?: DeviceState | undefined;
  publishing?: 'on' | 'off' | 'busy';
  /** `impossible`: pressing it says why. */
  sharing?: 'on' | 'off' | 'busy' | 'impossible';
  /** Whether the share button says its name: where sharing is the purpose. */
  sharingNamed?: boolean;
  /** Our place among the raised hands, from 1; undefined: our hand is down. */
  hand?: { place: number | undefined };
  reactions?: boolean;
  /** How many are in the room; how many wait before it. */
  people?: { open: boolean; count: number; waiting: number };
  chat?: { open: boolean; unread: number };
  leave?: boolean;
}

/** One button of the bar, or the same as an entry of its menu. */
export interface Control {
  shortcut?: Shortcut;
  part: string;
  name: string;
  hint: string;
  icon: IconName;
  /** What it asks for, or which menu it opens. */
  act: Intent | 'reactions';
  /** The less, the longer it stays in the bar when there is no room for all. */
  rank: number;
  pressed?: boolean | undefined;
  busy?: boolean;
  /** Cannot be used just now; pressing it says why. */
  held?: boolean;
  /** Stands beside the icon where there is room. */
  label?: string | undefined;
  className?: string;
  /** A number or a sign at its corner; `loud`: it wants to be seen. */
  badge?: { text: string; tone: 'loud' | 'quiet' | 'warning' } | undefined;
}

type Localize = LocalizeController<Dictionary>;

/** Unread messages that are counted one by one. */
const MOST_UNREAD = 99;

/** The buttons of the bar in the order in which they stand, without the one that leaves. */
export function controlsOf(localize: Localize, view: ControlsView): Control[] {
  return [
    view.microphone && device(localize, 'microphone', view.microphone),
    view.camera && device(localize, 'camera', view.camera),
    view.publishing && publish(localize, view.publishing),
    view.sharing && share(localize, view.sharing, view.sharingNamed),
    view.hand && hand(localize, view.hand),
    view.reactions && reactions(localize),
    view.people && people(localize, view.people),
    view.chat && chat(localize, view.chat),
  ].filter((control) => control !== undefined && control !== false);
}

export function leaveControl(localize: Localize): Control {
  const name = localize.term('leave');
  return {
    part: 'leave-button',
    name,
    hint: name,
    icon: 'leave',
    act: { do: 'leave' },
    rank: 0,
    className: 'leave danger',
  };
}

function device(localize: Localize, kind: 'microphone' | 'camera', state: DeviceState): Control {
  return {
    shortcut: kind,
    part: `${kind}-button`,
    name: localize.term(kind),
    hint: localize.term(DEVICE_HINTS[kind][state]),
    icon: state === 'on' ? kind : `${kind}-off`,
    act: { do: kind },
    rank: kind === 'microphone' ? 1 : 2,
    pressed: state === 'on',
    busy: state === 'busy',
    held: state === 'held',
    className: state === 'off' ? 'off' : '',
    badge: state === 'missing' ? { text: '!', tone: 'warning' } : undefined,
  };
}

function publish(localize: Localize, state: 'on' | 'off' | 'busy'): Control {
  return {
    part: 'publish-button',
    name: localize.term('publish'),
    hint: localize.term(state === 'off' ? 'publishStart' : 'publishStop'),
    icon: state === 'off' ? 'publish' : 'stop',
    act: { do: 'publish' },
    rank: 9,
    pressed: state !== 'off',
    busy: state === 'busy',
    className: state === 'off' ? 'primary' : '',
  };
}

function share(localize: Localize, state: 'on' | 'off' | 'busy' | 'impossible', named = false): Control {
  const on = state === 'on';
  const label = named ? localize.term(on ? 'shareStop' : 'share') : undefined;
  return {
    shortcut: 'share',
    part: 'share-button',
    name: label ?? localize.term('share'),
    hint: localize.term(state === 'impossible' ? 'error_share_unsupported' : on ? 'shareStop' : 'shareStart'),
    label,
    icon: on ? 'unshare' : 'share',
    act: { do: 'share' },
    rank: named ? 3 : 6,
    // A name that says what pressing it does changes by itself.
    pressed: named ? undefined : on,
    busy: state === 'busy',
    className: on ? 'on' : state === 'impossible' ? 'impossible' : named ? 'primary' : '',
  };
}

function hand(localize: Localize, { place }: { place: number | undefined }): Control {
  const up = place !== undefined;
  const where = up ? localize.term('handUp', place) : undefined;
  return {
    shortcut: 'hand',
    part: 'hand-button',
    name: [localize.term('handRaise'), where].filter(Boolean).join(', '),
    hint: where ? `${localize.term('handLower')} (${where})` : localize.term('handRaise'),
    icon: 'hand',
    act: { do: 'hand', up: !up },
    rank: 7,
    pressed: up,
    className: up ? 'on' : '',
    badge: up ? { text: String(place), tone: 'loud' } : undefined,
  };
}

function reactions(localize: Localize): Control {
  const name = localize.term('reactions');
  return { part: 'reactions-button', name, hint: name, icon: 'react', act: 'reactions', rank: 8 };
}

function people(
  localize: Localize,
  { open, count, waiting }: { open: boolean; count: number; waiting: number },
): Control {
  const knocks = waiting > 0 ? localize.term('manyWantIn', waiting) : undefined;
  return {
    shortcut: 'people',
    part: 'people-button',
    name: [localize.term('people'), knocks ?? localize.term('peopleCount', count)].join(', '),
    hint: knocks ?? localize.term('people'),
    icon: 'people',
    act: { do: 'people', open: !open },
    rank: 5,
    pressed: open,
    className: open ? 'on' : '',
    badge: waiting > 0 ? { text: String(waiting), tone: 'loud' } : { text: String(count), tone: 'quiet' },
  };
}

function chat(localize: Localize, { open, unread }: { open: boolean; unread: number }): Control {
  const shown = unread > MOST_UNREAD ? `${MOST_UNREAD}+` : String(unread);
  // What is heard is what is seen.
  const counted = () => localize.term('chatUnread', Math.min(unread, MOST_UNREAD + 1));
  const news = unread > 0 ? counted().replace(/\d+/, shown) : undefined;
  return {
    shortcut: 'chat',
    part: 'chat-button',
    name: [localize.term('chat'), news].filter(Boolean).join(', '),
    hint: news ?? localize.term('chat'),
    icon: 'chat',
    act: { do: 'chat', open: !open },
    rank: 4,
    pressed: open,
    className: open ? 'on' : '',
    badge: unread > 0 ? { text: shown, tone: 'loud' } : undefined,
  };
}
