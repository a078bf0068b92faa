import type { Translation } from '@shoelace-style/localize';
import type { ErrorCode } from '../../protocol/errors.ts';

/** Every text of the interface in one language. A text with something to fill in is a function. */
export interface Dictionary extends Translation, ErrorTexts, CallTexts, CheckTexts {
  // Before joining
  joinTitle: string;
  name: string;
  nameNeeded: string;
  nameTooLong: string;
  join: string;
  joining: string;
  joinAs: (name: string) => string;
  record: string;
  preview: string;
  cameraIsOff: string;
  microphoneLevel: string;
  cameraStarting: string;
  soundOnly: string;

  // Controls
  microphone: string;
  microphoneOn: string;
  microphoneOff: string;
  microphoneAdd: string;
  camera: string;
  cameraOn: string;
  cameraOff: string;
  cameraAdd: string;
  chat: string;
  invite: string;
  recordStart: string;
  recordStop: string;
  recording: string;
  close: string;
  dismiss: string;
  tryAgain: string;
  startSound: string;
  soundBlocked: string;

  // Keyboard
  shortcuts: string;

  // For screen readers
  news: string;

  // Stage
  nobodyElse: string;
  nobodyElseHint: string;
  waitingForRoom: string;
  nothingShared: string;
  nothingSharedHint: string;
  shareWithoutSound: string;

  // Chat
  privateToYou: string;
  peopleHere: (names: string) => string;
  roomEmpty: string;
  joined: (name: string) => string;
  left: (name: string) => string;
  lost: (name: string) => string;

  // Invite
  inviteLink: string;

  // Status
  statusConnecting: string;
  statusEstablished: string;
  statusDisconnected: string;
  statusFailed: string;
  statusReconnecting: string;
  statusPublishing: string;
  statusUnpublished: string;

  // Devices that are missing: what is without, then why and what to do.
  withoutMicrophone: (why: string) => string;
  withoutCamera: (why: string) => string;
  withoutBoth: (why: string) => string;
  settings: string;
  flip: string;
}

/** The texts of parts that are loaded while joining, or when they are opened. */
export interface CallTexts {
  controls: string;
  publish: string;
  publishStart: string;
  publishStop: string;
  share: string;
  shareStart: string;
  shareStop: string;
  chatUnread: (count: number) => string;
  leave: string;
  shortcutsShow: string;
  shortcutsHint: string;
  stage: string;
  youNamed: (name: string) => string;
  screenOf: (name: string) => string;
  yourScreen: string;
  muted: string;
  pictureWaits: string;
  poorConnection: string;
  pin: (name: string) => string;
  unpin: (name: string) => string;
  pictureStopped: string;
  tileOptions: (name: string) => string;
  volume: string;
  pictureStop: string;
  pictureShow: string;
  fullScreen: string;
  fullScreenEnd: string;
  pictureInPicture: string;
  pictureInPictureEnd: string;
  connectionDetails: string;
  connectionOf: (name: string) => string;
  connectionMeasuring: string;
  connectionNone: string;
  quality: string;
  qualityGood: string;
  qualityPoor: string;
  qualityLost: string;
  roundTrip: string;
  picture: string;
  sound: string;
  resolution: string;
  frameRate: string;
  framesPerSecond: (count: string) => string;
  layerOfSize: string;
  layerOfRate: string;
  layersSent: string;
  wanted: (layer: string) => string;
  bitrate: string;
  packetLoss: string;
  jitter: string;
  score: string;
  codec: string;
  pages: string;
  nextPage: string;
  previousPage: string;
  reconnecting: string;
  moveSelf: string;
  cornerTopLeft: string;
  cornerTopRight: string;
  cornerBottomLeft: string;
  cornerBottomRight: string;
  chatLog: string;
  chatEmpty: string;
  message: string;
  to: string;
  everybody: string;
  privateTo: (name: string) => string;
  send: string;
  sending: string;
  notSent: string;
  sendAgain: string;
  copy: string;
  copied: string;
  copyByHand: string;

  // Devices
  speaker: string;
  noDevice: string;
  testSound: string;
  voice: string;
  echoCancellation: string;
  noiseSuppression: string;
  autoGainControl: string;
  mutedSpeech: string;
  microphoneReplaced: (name: string) => string;
  cameraReplaced: (name: string) => string;
  microphoneFound: (name: string) => string;
  cameraFound: (name: string) => string;
  useIt: string;
  chooseDevice: string;
  deviceRefused: (why: string) => string;
  interruptedMicrophone: string;
  interruptedCamera: string;
  interruptedBoth: string;
  resume: string;
  allowInChromium: string;
  allowInAndroid: string;
  allowInFirefox: string;
  allowInSafari: string;
  allowInIosSafari: string;
  allowInSystem: string;
  allowByFrame: string;
  allowByPage: string;
  people: string;
  peopleCount: (count: number) => string;
  peopleSearch: string;
  peopleFound: (count: number) => string;
  nobodyFound: string;
  sharesScreen: string;
  speaks: string;
  withoutPicture: string;
  mutedForGood: string;
  handUp: (count: number) => string;
  writeTo: (name: string) => string;
  optionsFor: (name: string) => string;
  muteOne: string;
  muteForGood: string;
  allowUnmute: string;
  stopCamera: string;
  stopTheirShare: string;
  remove: string;
  removeForGood: string;
  removeAsk: (name: string) => string;
  removeHint: string;
  removeForGoodHint: string;
  cancel: string;
  moderation: string;
  lock: string;
  lockHint: string;
  lobby: string;
  lobbyHint: string;
  muteAll: string;
  endForAll: string;
  endAsk: string;
  endHint: string;
  roomLocked: string;
  waitingPeople: string;
  wantsIn: (name: string) => string;
  manyWantIn: (count: number) => string;
  admit: string;
  admitNamed: (name: string) => string;
  admitAll: string;
  refuse: string;
  refuseNamed: (name: string) => string;
  show: string;
  waitTitle: string;
  waitHint: string;
  handRaise: string;
  handLower: string;
  handRaised: (name: string) => string;
  reactions: string;
  reactionLike: string;
  reactionLove: string;
  reactionApplause: string;
  reactionLaugh: string;
  reactionSurprise: string;
  reactionParty: string;
  more: string;
  aModerator: string;
  mutedYou: (name: string) => string;
  heldYou: string;
  allowedYou: (name: string) => string;
  stoppedCamera: (name: string) => string;
  stoppedShare: (name: string) => string;
  microphoneHeld: string;
  cameraHeld: string;
}

/** The texts of the connection test, which is loaded where a page wants one. */
export interface CheckTexts {
  checkTitle: string;
  checkRunning: string;
  checkGood: string;
  checkPoor: string;
  checkBlocked: string;
  checkFailed: string;
  checkDetails: string;
  checkAgain: string;
  checkServer: string;
  checkUdp: string;
  checkTcp: string;
  checkRelay: string;
  checkAnswers: (milliseconds: number) => string;
  checkNoAnswer: string;
  checkOpen: string;
  checkClosed: string;
  checkAbsent: string;
}

/** What went wrong and what to do, by code. A code without a text shows the message that came with it. */
type ErrorTexts = Partial<Record<`error_${ErrorCode}`, string>>;
