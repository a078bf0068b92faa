import type { PropertyValues } from 'lit';
import { state } from 'lit/decorators.js';
import { WcsError } from '../../protocol/errors.ts';
import type { Muted, Reaction } from '../../protocol/model.ts';
import type { Room } from '../room/room.ts';
import { CustomStates } from './element/custom-states.ts';
import type { Intent, ModeratorIntent } from './element/intent.ts';
import type { Assembly } from './gathering/assembly.ts';
import { toWcsError } from './problems.ts';
import { RoomElement } from './room-element.ts';

/** Width in CSS pixels from which panels stand beside the stage; the same as in the styles. */
export const PANELS_BESIDE_FROM = 52 * 16;

/** Height in CSS pixels from which two of them stand one above the other; the same as in the styles. */
const BOTH_FROM = 32 * 16;

/** What people do in a room besides talking: they write, look who is there, raise hands, react; moderators decide. */
export abstract class GatheringElement extends RoomElement {
  @state() protected chatOpen = false;
  @state() protected peopleOpen = false;
  /** Is loaded with what is shown in a room. */
  protected assembly: Assembly | undefined;

  protected readonly states = new CustomStates(this, () => {
    const joined = this.call.phase === 'in' || this.call.phase === 'leaving';
    const capacity = this.call.room?.capacity() ?? 0;
    const isFull = joined && capacity > 0 && this.participants.length + 1 >= capacity;
    return {
      joining: this.call.phase === 'joining',
      waiting: this.call.waiting,
      joined,
      reconnecting: this.call.reconnecting,
      recording: this.call.recording === 'on',
      sharing: this.screen.state() === 'on',
      muted: !this.own.wanted.audio,
      'camera-off': !this.own.wanted.video,
      'chat-open': joined && this.chatOpen,
      'people-open': joined && this.peopleOpen,
      'hand-raised': joined && this.owner.assembly?.place !== undefined,
      alone: joined && this.participants.length === 0,
      full: isFull || this.error?.code === 'room_full',
    };
  });

  /** Switches the microphone, or adds one. Rejects with `forbidden` while a moderator has muted it for good. */
  async toggleMicrophone(on?: boolean): Promise<void> {
    await this.#switch('audio', on);
  }

  /** Switches the camera, or adds one; not with `audio-only`. Rejects with `forbidden` while a moderator has switched it off for good. */
  async toggleCamera(on?: boolean): Promise<void> {
    if (!this.owner.audioOnly) await this.#switch('video', on);
  }

  /** Opens or closes the chat. */
  toggleChat(open = !this.owner.chatOpen): void {
    if (this.owner !== this) return this.owner.toggleChat(open);
    this.chatOpen = open && !this.noChat;
  }

  /** Opens or closes the list of people. */
  togglePeople(open = !this.owner.peopleOpen): void {
    if (this.owner !== this) return this.owner.togglePeople(open);
    this.peopleOpen = open && !this.noPeople;
  }

  /** Raises our hand, or lowers it. Rejects with a WcsError: `not_joined`, …. */
  async raiseHand(up = this.owner.assembly?.place === undefined): Promise<void> {
    await this.#joinedRoom().raiseHand(up);
  }

  /**
   * Shows everybody a sign for a moment: `like`, `love`, `applause`, `laugh`, `surprise` or `party`. Rejects with a WcsError:
   * `not_joined`, `rate_limited` after 5 within 5 seconds, ….
   */
  async react(reaction: Reaction): Promise<void> {
    await this.#joinedRoom().react(reaction);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const both = this.chatOpen && this.peopleOpen && !this.#hasRoomForBoth;
    // Whichever was opened last is what somebody wants to see.
    if (both && (changed as PropertyValues).has('peopleOpen')) this.chatOpen = false;
    else if (both) this.peopleOpen = false;
    if (this.chatOpen) this.call.chat.read();
  }

  /** Opens the chat with a field for a message to one. */
  protected abstract writeTo(login: string): void;

  protected override handle(intent: Intent): Promise<void> | undefined {
    switch (intent.do) {
      case 'chat':
        return void this.toggleChat(intent.open);
      case 'people':
        return void this.togglePeople(intent.open);
      case 'write':
        return void this.writeTo(intent.to);
      case 'hand':
        return this.#try(this.raiseHand(intent.up));
      case 'react':
        // Whoever shows too many at once sees that by themselves.
        return this.react(intent.reaction);
      case 'leave':
        return this.call.waiting ? this.#giveUp() : super.handle(intent);
      case 'microphone':
        return this.#press('audio');
      case 'camera':
        return this.owner.audioOnly ? undefined : this.#press('video');
      case 'mute':
      case 'mute-all':
      case 'stop-sharing':
      case 'lower-hand':
      case 'remove':
      case 'guard':
      case 'admit':
      case 'end':
        return this.#moderate(intent);
      default:
        return super.handle(intent);
    }
  }

  /** What a moderator has muted of ours for good. */
  protected get held(): Muted {
    const { room } = this.call;
    return room?.isJoined() ? room.held() : { audio: false, video: false };
  }

  get #hasRoomForBoth(): boolean {
    return this.clientWidth >= PANELS_BESIDE_FROM && this.clientHeight >= BOTH_FROM;
  }

  /** Whoever does not want to wait any more is before the room again, with their picture. */
  async #giveUp(): Promise<void> {
    await this.leave();
    if (this.previews) await this.own.open();
  }

  async #switch(kind: 'audio' | 'video', on: boolean | undefined): Promise<void> {
    if (on !== false && this.held[kind]) throw new WcsError('forbidden', 'A moderator has muted you.');
    await this.own.toggle(kind, on);
  }

  /** What cannot be switched on says why. */
  #press(kind: 'audio' | 'video'): Promise<void> | undefined {
    if (!this.held[kind]) return this.#switch(kind, undefined);
    this.owner.assembly?.explainHeld(kind);
    return undefined;
  }

  #moderate(intent: ModeratorIntent): Promise<void> | undefined {
    const { assembly } = this.owner;
    return assembly && this.#try(assembly.moderate(intent));
  }

  async #try(done: Promise<void>): Promise<void> {
    try {
      await done;
    } catch (error) {
      this.report(toWcsError(error));
    }
  }

  #joinedRoom(): Room {
    const { room } = this.call;
    if (!room?.isJoined()) throw new WcsError('not_joined', 'Join the room first.');
    return room;
  }
}
