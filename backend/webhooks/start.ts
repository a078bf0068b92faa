import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { isOfStream, type Timeline } from '../recording/timeline.ts';
import type { Room } from '../rooms/room.ts';
import { RoomWebhooks } from './room-webhooks.ts';
import { Webhooks } from './webhooks.ts';

/** Who tells the site, as the settings say it; undefined: nobody. */
export function createWebhooks({ webhook_url: url, webhook_secret: secret }: Config, log: Log) {
  if (url === '') return undefined;
  const webhooks = new Webhooks({ url, secret, log });
  return {
    /** Goes into a room that has just been made. */
    attend: (room: Room) => new RoomWebhooks(room, (happening) => webhooks.tell(room.name, happening)),
    /** A recording has begun, or one that broke off goes on. */
    recordingStarted(timeline: Timeline, recording: string): void {
      const { room, startedAt } = timeline;
      webhooks.tell(room, { event: 'recording_started', recording, kind: kindOf(timeline), startedAt });
    },
    /** A recording is worked up, or cannot be. */
    recordingFinished(timeline: Timeline, recording: string): void {
      const { room, state, startedAt, durationMs } = timeline;
      const event = state === 'done' ? 'recording_finished' : 'recording_failed';
      webhooks.tell(room, { event, recording, kind: kindOf(timeline), startedAt, durationMs });
    },
    close: () => webhooks.close(),
  };
}

function kindOf(timeline: Timeline): 'room' | 'stream' {
  return isOfStream(timeline) ? 'stream' : 'room';
}
