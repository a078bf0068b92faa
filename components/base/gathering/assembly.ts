import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Muted, Reaction, Waiting } from '../../../protocol/model.ts';
import type { Silence } from '../../room/moderated-room.ts';
import type { Room } from '../../room/room.ts';
import type { ModeratorIntent } from '../element/intent.ts';
import { tell } from '../events.ts';
import { shownName } from '../names.ts';
import type { PersonView, TileView } from '../view.ts';
import { moderate } from './moderating.ts';
import { NewsDesk } from './news.ts';
import { peopleOf, placeOf } from './people.ts';
import { ShownReactions } from './shown-reactions.ts';

/** What a moderator has done to us. `held`, `allowed`: whether we may switch it on again. */
export interface Decision {
  id: number;
  what: 'muted' | 'held' | 'allowed' | 'camera' | 'camera-held' | 'share';
  /** What is shown of the moderator, where we know who it was. */
  by: string | undefined;
  /** What they have to say. */
  note?: string | undefined;
}

interface AssemblyOptions {
  /** The room, from joining to leaving. */
  room(): Room | undefined;
  /** Ourselves, as far as the room does not know it. */
  own(): Omit<PersonView, 'hand'>;
  /** The login of who speaks just now. */
  speaking(): string | undefined;
}

/**
 * What there is to show and tell of the people in a room besides sound, picture and text: who is there, hands, reactions, who
 * waits before the room, what moderators decide.
 */
export class Assembly implements ReactiveController {
  /** What moderators have done to us and we have not sent away yet. */
  decisions: readonly Decision[] = [];
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #options: AssemblyOptions;
  readonly #reactions: ShownReactions;
  readonly #news: NewsDesk;
  #room: Room | undefined;
  #hands: readonly string[] = [];
  #held: Muted = { audio: false, video: false };
  #next = 1;

  constructor(host: ReactiveControllerHost & HTMLElement, options: AssemblyOptions) {
    this.#host = host;
    this.#options = options;
    this.#reactions = new ShownReactions(() => host.requestUpdate());
    this.#news = new NewsDesk(() => host.requestUpdate());
    host.addController(this);
  }

  hostUpdate(): void {
    const room = this.#options.room();
    if (room === this.#room || (room && !room.isJoined())) return;
    this.#room = room;
    this.#reactions.clear();
    this.#news.clear();
    this.decisions = [];
    if (room) this.#listen(room);
  }

  /** Everybody, in the order of the list. */
  get people(): PersonView[] {
    const own = { ...this.#options.own(), hand: undefined };
    const others = this.#room?.getParticipants() ?? [];
    return peopleOf({ own, others, hands: this.#hands, speaking: this.#options.speaking() });
  }

  /** Our own place among the raised hands, from 1. */
  get place(): number | undefined {
    return placeOf(this.#options.own().login, this.#hands);
  }

  /** What we may decide over, where we may. */
  get moderation(): { locked: boolean; lobby: boolean; waiting: readonly Waiting[] } | undefined {
    const room = this.#room;
    if (!room?.may('moderate')) return undefined;
    return { locked: room.locked(), lobby: room.lobby(), waiting: room.waiting() };
  }

  get locked(): boolean {
    return this.#room?.locked() ?? false;
  }

  get news(): NewsDesk['lines'] {
    return this.#news.lines;
  }

  /** The tiles with hands and reactions. */
  withSigns(tiles: TileView[]): TileView[] {
    const { login: own } = this.#options.own();
    return tiles.map((tile) => {
      if (tile.kind === 'screen') return tile;
      const login = tile.own ? own : tile.id;
      const reactions = this.#reactions.of(login);
      return { ...tile, hand: placeOf(login, this.#hands), ...(reactions && { reactions }) };
    });
  }

  /** Rejects with a WcsError: `forbidden`, `participant_unknown`, …. */
  async moderate(intent: ModeratorIntent): Promise<void> {
    if (this.#room) await moderate(this.#room, intent);
    this.#host.requestUpdate();
  }

  dismiss(decision: Decision): void {
    this.decisions = this.decisions.filter((one) => one !== decision);
    this.#host.requestUpdate();
  }

  /** Says again why something cannot be switched on. */
  explainHeld(kind: 'audio' | 'video'): void {
    this.#decided(kind === 'audio' ? 'held' : 'camera-held', undefined);
  }

  #listen(room: Room): void {
    this.#hands = room.hands();
    this.#held = room.held();
    // Whoever comes back is still held, or was while this was being loaded.
    if (this.#held.audio) this.explainHeld('audio');
    if (this.#held.video) this.explainHeld('video');
    const current = () => room === this.#room;
    const update = () => this.#host.requestUpdate();
    room
      .on('HANDS', (hands) => current() && this.#takeHands(hands))
      .on('REACTION', (login, reaction) => current() && this.#takeReaction(login, reaction))
      .on('SILENCED', (participant, silence) => (participant ? update() : current() && this.#takeSilence(silence)))
      .on('STOPPED', (_, by) => current() && this.#decided('share', by))
      .on('LOBBY', update)
      .on('GUARDED', update);
  }

  #takeHands(hands: readonly string[]): void {
    const own = this.#options.own().login;
    const raised = hands.filter((login) => login !== own && !this.#hands.includes(login));
    this.#hands = hands;
    this.#news.raised(raised.map((login) => this.#shown(login)));
    tell(this.#host, 'wcs-hand', { hands });
    this.#host.requestUpdate();
  }

  #takeReaction(login: string, reaction: Reaction): void {
    this.#reactions.add(login, reaction);
    if (login !== this.#options.own().login) this.#news.reacted(this.#shown(login), reaction);
    tell(this.#host, 'wcs-reaction', { username: login, reaction });
  }

  #takeSilence({ audio, video, held, by, note }: Silence): void {
    const before = this.#held;
    this.#held = held;
    if (audio) this.#decided(held.audio ? 'held' : before.audio ? 'allowed' : 'muted', by, note);
    if (video) this.#decided(held.video ? 'camera-held' : 'camera', by, note);
  }

  /** The newest of a kind takes the place of what was said about the same before. */
  #decided(what: Decision['what'], by: string | undefined, note?: string): void {
    const others = this.decisions.filter((one) => subject(one.what) !== subject(what));
    const name = by === undefined ? undefined : this.#shown(by);
    this.decisions = [...others, { id: this.#next++, what, by: name, note }];
    this.#host.requestUpdate();
  }

  #shown(login: string): string {
    const people = this.#room?.getParticipants() ?? [];
    const participant = people.find((one) => one.name() === login);
    return participant ? shownName(participant, people) : login;
  }
}

function subject(what: Decision['what']): 'microphone' | 'camera' | 'share' {
  if (what === 'share') return 'share';
  return what === 'camera' || what === 'camera-held' ? 'camera' : 'microphone';
}
