/**
 * Lengths, counts, rates and deadlines that both sides share. What only one side needs is a setting of the
 * backend (`backend/config.ts`) or a constant beside its one use.
 */

/** Characters (Unicode code points) in a login, a room name, a stream suffix. */
export const NAME_MAX_LENGTH = 64;

/** Characters (Unicode code points) in one text message. */
export const MESSAGE_MAX_LENGTH = 2000;

/** Characters (Unicode code points) in what a moderator writes to somebody whom they mute, remove or refuse. */
export const NOTE_MAX_LENGTH = 200;

/** People who may wait to be let into one room at the same time. */
export const WAITING_MAX = 50;

/** Reactions of one participant within REACTIONS_WINDOW; one more is refused. */
export const REACTIONS_AT_ONCE = 5;

/** Milliseconds. */
export const REACTIONS_WINDOW = 5_000;

/** Bytes of one frame from the browser; a larger one closes the socket. */
export const FRAME_MAX_BYTES = 64 * 1024;

/** Requests that a connection may send within any one second; one more closes the socket. */
export const REQUESTS_PER_SECOND = 50;

/**
 * Requests that our browser half allows itself: in flight, or answered within the last second. Lower than
 * REQUESTS_PER_SECOND, so that requests which a stalled network bunches together stay under it too.
 */
export const REQUEST_WINDOW = 40;

/** Milliseconds that the browser waits for the answer to a request. */
export const REQUEST_TIMEOUT = 10_000;

/** Milliseconds from opening the socket to the `connect` request; a silent socket is closed. */
export const CONNECT_TIMEOUT = 10_000;

/** Milliseconds between two pings, in each direction; an end that misses one whole interval is taken for lost. */
export const PING_INTERVAL = 8_000;

/** Milliseconds for which the transport of a `probe` answers. */
export const PROBE_LIFETIME = 30_000;

/** Streams named by one `play`, `resume` or `stop` request. */
export const STREAMS_PER_REQUEST = 64;

/** Pixels of a picture's longer side. */
export const SIZE_MAX = 16_384;

/** The largest capacity that a joiner may ask for. */
export const CAPACITY_MAX = 10_000;
