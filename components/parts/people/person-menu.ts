import type { LocalizeController } from '@shoelace-style/localize';
import type { PersonView } from '../../base/view.ts';
import type { Dictionary } from '../../locales/dictionary.ts';
import { isolate } from '../isolate.ts';
import type { MenuItem } from '../menu/menu.ts';

/** What a moderator can do with somebody, of what makes sense just now. */
export function personMenu(
  localize: LocalizeController<Dictionary>,
  person: PersonView,
  mayWrite: boolean,
): MenuItem[] {
  const { login, microphone } = person;
  const mute = (hold: boolean): MenuItem['act'] => ({ do: 'mute', login, kind: 'audio', hold });
  const items: (MenuItem | false)[] = [
    mayWrite && {
      label: localize.term('writeTo', isolate(person.name)),
      icon: 'chat',
      act: { do: 'write', to: login },
    },
    microphone === 'on' && { label: localize.term('muteOne'), icon: 'microphone-off', act: mute(false) },
    microphone === 'held'
      ? { label: localize.term('allowUnmute'), icon: 'microphone', act: mute(false) }
      : { label: localize.term('muteForGood'), icon: 'microphone-off', act: mute(true) },
    person.camera && {
      label: localize.term('stopCamera'),
      icon: 'camera-off',
      act: { do: 'mute', login, kind: 'video', hold: false },
    },
    person.sharing && { label: localize.term('stopTheirShare'), icon: 'unshare', act: { do: 'stop-sharing', login } },
    person.hand !== undefined && { label: localize.term('handLower'), icon: 'hand', act: { do: 'lower-hand', login } },
    { label: localize.term('remove'), icon: 'leave', grave: true, act: { do: 'remove', login, ban: false } },
    { label: localize.term('removeForGood'), icon: 'lock', grave: true, act: { do: 'remove', login, ban: true } },
  ];
  return items.filter((item) => item !== false);
}
