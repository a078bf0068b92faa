/** Records a room into the directory given as argument, for as long as it lives; says `playing` when media flows. */
import { randomUUID } from 'node:crypto';
import { startRecorder } from './recorder.ts';
import { packetsOf, pattern, Sender, startRouter } from './rtp-kit.ts';

const [directory = ''] = process.argv.slice(2);
const codecs = ['vp8', 'opus'] as const;
const packets = await Promise.all(codecs.map((codec) => packetsOf(codec, pattern(codec, 8))));
const { router } = await startRouter();
const senders = await Promise.all(codecs.map((codec) => Sender.start(router, codec)));
const recorder = await startRecorder({
  directory,
  mix: () => Promise.reject(new Error('nothing is mixed here')),
  streamTemplate: 'stream-{login}-{duration}',
});
const room = recorder.room('kitchen', {});
room.joined('Anna');
await room.start();
room.published({
  stream: {
    name: 'kitchen-Anna-0001',
    mediaSessionId: randomUUID(),
    kind: 'camera',
    audio: true,
    video: true,
    muted: { audio: false, video: false },
  },
  login: 'Anna',
  sessionId: 'session',
  producers: senders.map(({ producer }) => producer),
  router,
  record: true,
});
process.send?.('playing');
const startedAt = performance.now();
await Promise.all(senders.map((sender, i) => sender.play(packets[i]!, { startedAt })));
