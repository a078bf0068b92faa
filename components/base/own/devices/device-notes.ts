import type { WcsError } from '../../../../protocol/errors.ts';
import type { DeviceNote, NoteKind, ShownDevice } from './device-view.ts';

type Kind = 'audio' | 'video';

/** What there is to tell about one's own devices: one thing of each kind, until it is dismissed or over. */
export class DeviceNotes {
  readonly #notes = new Map<NoteKind, DeviceNote>();
  readonly #update: () => void;

  /** `update` is called when there is something new. */
  constructor(update: () => void) {
    this.#update = update;
  }

  get all(): readonly DeviceNote[] {
    return [...this.#notes.values()];
  }

  drop(...kinds: NoteKind[]): void {
    for (const kind of kinds) this.#notes.delete(kind);
  }

  clear(): void {
    this.#notes.clear();
  }

  /** Another device has taken the place of one that is gone. */
  replaced(kind: Kind, label: string): void {
    const term = kind === 'audio' ? 'microphoneReplaced' : 'cameraReplaced';
    this.#add({ kind: 'replaced', term, what: label, action: { term: 'chooseDevice', intent: { do: 'settings' } } });
  }

  /** Something was plugged in that nobody has chosen yet. */
  found(choose: 'microphone' | 'camera', { id, label }: ShownDevice): void {
    const term = choose === 'microphone' ? 'microphoneFound' : 'cameraFound';
    const intent = { do: 'device', ask: { choose, id } } as const;
    this.#add({ kind: 'found', term, what: label, action: { term: 'useIt', intent } });
  }

  /** A device does not do what somebody wants of it; the one in use stays. */
  refused(error: WcsError): void {
    this.#add({ kind: 'refused', term: 'deviceRefused', error });
  }

  mutedSpeech(): void {
    const action = { term: 'microphoneOn', intent: { do: 'microphone' } } as const;
    this.#add({ kind: 'mutedSpeech', term: 'mutedSpeech', icon: 'microphone-off', action });
  }

  /** Of these the system holds back what they capture; of none any more. */
  interrupted(kinds: readonly Kind[]): void {
    if (kinds.length === 0) return this.drop('interrupted');
    const alone = kinds[0] === 'audio' ? 'interruptedMicrophone' : 'interruptedCamera';
    const action = { term: 'resume', intent: { do: 'device', ask: { reopen: kinds } } } as const;
    this.#add({ kind: 'interrupted', term: kinds.length > 1 ? 'interruptedBoth' : alone, action });
  }

  #add(note: DeviceNote): void {
    this.#notes.set(note.kind, note);
    this.#update();
  }
}
