import type { Meta } from '@storybook/web-components-vite';
import '../components/index.ts';
import { sceneArgTypes, sceneArgs, showElement } from './scene.ts';
import type { SceneArgs } from './scene.ts';
import * as scenes from './scenes.ts';

export default {
  title: 'Elements/Conference',
  component: 'wcs-conference',
  render: showElement('wcs-conference'),
  args: sceneArgs,
  argTypes: sceneArgTypes,
} satisfies Meta<SceneArgs>;

export const FourPeople = scenes.four;
export const BeforeJoining = scenes.beforeJoining;
export const BeforeJoiningWithoutPreview = scenes.beforeJoiningWithoutPreview;
export const NameKnown = scenes.nameKnown;
export const DevicesDenied = scenes.devicesDenied;
export const DevicesDeniedInCall = scenes.devicesDeniedInCall;
export const DevicesMissing = scenes.devicesMissing;
export const Joining = scenes.joining;
export const RoomFull = scenes.roomFull;
export const NameTaken = scenes.nameTaken;
export const Alone = scenes.alone;
export const TwoPeople = scenes.two;
export const NinePeople = scenes.nine;
export const TwentyFivePeople = scenes.twentyFive;
export const Sharing = scenes.sharing;
export const WatchingAScreen = scenes.watchingAScreen;
export const TwoScreens = scenes.twoScreens;
export const Recording = scenes.recording;
export const Reconnecting = scenes.reconnecting;
export const SomebodyReconnecting = scenes.somebodyReconnecting;
export const Chatting = scenes.chatting;
export const People = scenes.people;
export const HandsAndReactions = scenes.handsAndReactions;
export const Moderating = scenes.moderating;
export const ModeratingMenu = scenes.moderatingMenu;
export const SomebodyKnocks = scenes.somebodyKnocks;
export const WaitingForSomebody = scenes.waitingForSomebody;
export const MutedForGood = scenes.mutedForGood;
export const ReactionsMenu = scenes.reactionsMenu;
export const PhoneMenu = scenes.phoneMenu;
export const PhonePeople = scenes.phonePeople;
export const LongNames = scenes.longNames;
export const SoundBlocked = scenes.soundBlocked;
export const NothingButTiles = scenes.nothingButTiles;
export const AudioOnly = scenes.audioOnly;
export const RightToLeft = scenes.rightToLeft;
export const Russian = scenes.russian;
export const German = scenes.german;
export const Spanish = scenes.spanish;
export const French = scenes.french;
export const Dark = scenes.dark;
export const Phone = scenes.phone;
export const PhoneBeforeJoining = scenes.phoneBeforeJoining;
export const PhoneLandscape = scenes.phoneLandscape;
export const Narrow = scenes.narrow;
