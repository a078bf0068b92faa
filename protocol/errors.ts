/**
 * The one error class and the one code table. A code is stable and for programs; a message is for people, says
 * what to do, and may change.
 *
 * Three fates (decided only in `backend/signaling/connection.ts` and `backend/http/app.ts`): a refusal is answered;
 * a violation, which is a code with a `close`, is answered where it has a request and closes the socket; anything
 * that is not a WcsError is logged under a reference and answered as `internal`.
 */

interface ErrorTraits {
  /** HTTP status, where the same refusal is given over HTTP (RFC 9110). */
  status: number;
  /** WebSocket close code (RFC 6455 §7.4), for violations only. */
  close?: number;
  /** True when the same request may succeed later without anything being changed. */
  retry?: true;
}

export const ERRORS = {
  // The frame or the request itself is wrong.
  bad_frame: { status: 400, close: 4400 },
  frame_too_large: { status: 413, close: 1009 },
  unknown_method: { status: 404, close: 4404 },
  flood: { status: 429, close: 4429, retry: true },
  version_unsupported: { status: 400, close: 4406 },
  invalid: { status: 400 },
  // The session.
  connect_first: { status: 401 },
  already_connected: { status: 409 },
  connect_timeout: { status: 408, close: 4408, retry: true },
  unauthorized: { status: 401 },
  auth_unavailable: { status: 503, retry: true },
  forbidden: { status: 403 },
  session_replaced: { status: 409, close: 4409 },
  shutting_down: { status: 503, close: 1012, retry: true },
  // Rooms and participants.
  login_taken: { status: 409, retry: true },
  room_full: { status: 409, retry: true },
  room_locked: { status: 423, retry: true },
  waiting_room: { status: 403, retry: true },
  not_admitted: { status: 403 },
  expelled: { status: 403 },
  already_joined: { status: 409 },
  not_joined: { status: 409 },
  participant_unknown: { status: 404 },
  too_many: { status: 429 },
  rate_limited: { status: 429, retry: true },
  // Streams and media.
  stream_unknown: { status: 404 },
  stream_name_taken: { status: 409 },
  transport_unknown: { status: 404 },
  media_refused: { status: 400 },
  no_common_codecs: { status: 400 },
  media_unavailable: { status: 503, retry: true },
  recording_unavailable: { status: 501 },
  recording_failed: { status: 507, retry: true },
  // The room is over for us; only ever in the browser, which learns it from an event.
  meeting_ended: { status: 410 },
  // Only ever over HTTP.
  room_unknown: { status: 404 },
  recording_unknown: { status: 404 },
  recording_busy: { status: 409, retry: true },
  // Ours.
  internal: { status: 500, retry: true },
  // Only ever raised in the browser.
  server_unreachable: { status: 503, retry: true },
  connection_lost: { status: 503, retry: true },
  request_timeout: { status: 504, retry: true },
  aborted: { status: 499 },
  device_denied: { status: 403 },
  device_missing: { status: 404 },
  device_busy: { status: 409, retry: true },
  device_failed: { status: 500, retry: true },
  browser_unsupported: { status: 501 },
  share_unsupported: { status: 501 },
} as const satisfies Record<string, ErrorTraits>;

export type ErrorCode = keyof typeof ERRORS;

interface WcsErrorOptions extends ErrorOptions {
  /** Milliseconds after which the same request has a chance, where that is known. */
  retryAfter?: number | undefined;
}

/** An error that is meant to reach somebody: it has a code from the table and a message that says what to do. */
export class WcsError extends Error {
  override readonly name = 'WcsError';
  readonly code: ErrorCode;
  /** Milliseconds after which the same request has a chance, where that is known. */
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, options?: WcsErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryAfter = options?.retryAfter;
  }

  /** The WebSocket close code when this error is a violation, else undefined. */
  get close(): number | undefined {
    return (ERRORS[this.code] as ErrorTraits).close;
  }

  /** Whether the same request may succeed later as it is. */
  get retry(): boolean {
    return (ERRORS[this.code] as ErrorTraits).retry ?? false;
  }

  /** What goes on the wire. */
  toJSON(): { code: ErrorCode; message: string; retryAfter?: number | undefined } {
    return { code: this.code, message: this.message, retryAfter: this.retryAfter };
  }
}

/** The code that stands in `code`, or `internal` for one that this version does not know. */
export function errorCode(code: string): ErrorCode {
  return Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'internal';
}

/** The code whose violation closes a socket with `close`, if there is one. */
export function errorCodeOfClose(close: number): ErrorCode | undefined {
  return (Object.keys(ERRORS) as ErrorCode[]).find((code) => (ERRORS[code] as ErrorTraits).close === close);
}
