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
    /** A recording is worked up, or cannot be. */
    recorded(timeline: Timeline, recording: string): void {
      const { room, state, startedAt, durationMs } = timeline;
      const event = state === 'done' ? 'recording_finished' : 'recording_failed';
      const kind = isOfStream(timeline) ? 'stream' : 'room';
      webhooks.tell(room, { event, recording, kind, startedAt, durationMs });
    },
    close: () => webhooks.close(),
  };
}
