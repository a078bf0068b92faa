import { property } from 'lit/decorators.js';
import { CAPACITY_MAX, NAME_MAX_LENGTH } from '../../protocol/limits.ts';
import { address, oneOf, optionalNumber, takes, textUpTo, wholeNumber } from './element/attribute-rules.ts';
import { WcsElement } from './element/element.ts';
import type { TileLayout, TileOrder } from './tile-layout.ts';
import type { TokenSource } from '../room/signaling/connection.ts';

/** The attributes of the three elements. */
export abstract class RoomAttributes extends WcsElement {
  /** URL of the backend's signaling, `wss://host/ws`; default: `/ws` where this script came from. */
  @takes(address('wss:', 'ws:', 'https:', 'http:'), 'the server that this script came from')
  @property({ attribute: 'server-url' })
  serverUrl = '';
  /** Room to join; default: the page's `?roomName=`, else `room-` and 6 hexadecimal digits. */
  @takes(textUpTo(NAME_MAX_LENGTH), 'the room that the page’s address names, or a new one')
  @property({ useDefault: true })
  room = '';
  /** Login, unique in the room, 1 to 64 characters; without it the element asks. */
  @takes(textUpTo(NAME_MAX_LENGTH), 'none, so the element asks for it')
  @property({ useDefault: true })
  username = '';
  /**
   * Signed token, where the backend wants one. Set the property to keep it out of the page's markup; as a function that returns one, or a promise of
   * one, it is asked anew at each attempt to connect, and camera and microphone are opened when the server has said that they may be published.
   */
  @property({ useDefault: true }) token: TokenSource = '';
  /** As first participant, record the whole room. */
  @property({ type: Boolean }) record = false;
  /** People to let in at most, when this participant makes the room; 1 to 10,000. */
  @takes(wholeNumber(1, CAPACITY_MAX), 'no limit')
  @property({ attribute: 'max-participants', converter: optionalNumber })
  maxParticipants: number | undefined;
  /**
   * Who is large: `grid`, nobody but screens; `speaker`, who speaks; `auto`, who speaks as soon as not everybody fits. In a
   * video chat the other one is large anyway.
   */
  @takes(oneOf('auto', 'grid', 'speaker'), 'auto')
  @property({ useDefault: true })
  layout: 'auto' | 'grid' | 'speaker' = 'auto';
  /**
   * In which order the tiles stand: compares two of them as in `Array.prototype.sort`. Each is plain data: `username`, `name`, `kind` (`camera`, `screen`), `own`,
   * `speaking`, `audio`, `video`, `pinned`.
   */
  @property({ attribute: false }) tileOrder: TileOrder | undefined;
  /**
   * Where the tiles stand, instead of `layout`: gets the tiles and the stage (`width`, `height`, `gap`), and gives a box (`x`, `y`, `width`, `height`, in
   * CSS pixels) for each, in the same order; those without one are not shown, but heard. When it gives nothing, or throws, the element lays them out itself.
   */
  @property({ attribute: false }) tileLayout: TileLayout | undefined;
  /** Join as soon as `username` is known. */
  @property({ attribute: 'auto-join', type: Boolean }) autoJoin = false;
  /** Start with the microphone off. */
  @property({ type: Boolean }) muted = false;
  /** Start with the camera off. */
  @property({ attribute: 'camera-off', type: Boolean }) cameraOff = false;
  /** Sound only: no picture is sent or received, and tiles show names; can be switched during the call. */
  @property({ attribute: 'audio-only', type: Boolean, reflect: true }) audioOnly = false;
  /** Height in pixels of what one's own camera sends, at most; the width follows, 16 to 9. */
  @takes(wholeNumber(90, 4320), '720')
  @property({ attribute: 'max-video-height', type: Number })
  maxVideoHeight = 720;
  /** Kilobits per second that the picture of one's own camera takes, all its sizes together, at most; default: what suits its size. */
  @takes(wholeNumber(30, 100_000), 'what suits the size')
  @property({ attribute: 'max-video-bitrate', converter: optionalNumber })
  maxVideoBitrate: number | undefined;
  /** Leave the text chat out. */
  @property({ attribute: 'no-chat', type: Boolean }) noChat = false;
  /** Leave the list of people out. */
  @property({ attribute: 'no-people', type: Boolean }) noPeople = false;
  /** Leave raised hands and reactions out. */
  @property({ attribute: 'no-reactions', type: Boolean }) noReactions = false;
  /** Leave the invite link out. */
  @property({ attribute: 'no-invite', type: Boolean }) noInvite = false;
  /** Leave screen sharing out. */
  @property({ attribute: 'no-screen-share', type: Boolean }) noScreenShare = false;
  /** Leave recording out. */
  @property({ attribute: 'no-record', type: Boolean }) noRecord = false;
  /** Do not show the camera before joining. */
  @property({ attribute: 'no-prejoin', type: Boolean }) noPrejoin = false;
  /** Leave the settings of camera, microphone and speaker out. */
  @property({ attribute: 'no-settings', type: Boolean }) noSettings = false;
  /** Test the connection before joining: say whether sound and picture will get through, and what to do where they do not. */
  @property({ attribute: 'check-connection', type: Boolean }) checkConnection = false;
  /** No keyboard shortcuts, and no list of them. */
  @property({ attribute: 'no-shortcuts', type: Boolean }) noShortcuts = false;
  /**
   * Id of another element of the kit, in the same document or shadow root: shows its room and shares screens into it,
   * instead of joining by itself. An element inside another one does so without `for`.
   */
  @property({ useDefault: true }) for = '';
  /** Milliseconds for which a lost connection is looked for before giving up; default: two minutes. */
  @takes(wholeNumber(0, 86_400_000), 'two minutes')
  @property({ attribute: 'reconnect-timeout', converter: optionalNumber })
  reconnectTimeout: number | undefined;
  /** Frames per second of a shared screen, at most. */
  @takes(wholeNumber(1, 120), '30')
  @property({ attribute: 'share-frame-rate', type: Number })
  shareFrameRate = 30;
  /** Width of a shared screen in pixels, at most; a larger one is scaled down. */
  @takes(wholeNumber(16, 16384), '1280')
  @property({ attribute: 'share-width', type: Number })
  shareWidth = 1280;
  /** Height of a shared screen in pixels, at most. */
  @takes(wholeNumber(16, 16384), '720')
  @property({ attribute: 'share-height', type: Number })
  shareHeight = 720;
}
