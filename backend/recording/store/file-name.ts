/** Names of recordings. What comes from the network is text in a name and never a path. */

/** Bytes of a file name that every file system takes. */
const NAME_MAX_BYTES = 255;

/** Left for `-12-audio.mkv`, `-mixed.mp4`, `.json.0123abcd.tmp`, and a number that tells two of one name apart. */
const SUFFIX_MAX_BYTES = 40;

/** What some file system does not take in a name, and the sign that encodes it. */
const ILLEGAL = /[\u0000-\u001f\u007f"%*/:<>?\\|]/gu; // eslint-disable-line no-control-regex

/** The elements of `stream_record_policy_template`; times are UTC, `duration` is milliseconds. */
export interface StreamNameElements {
  streamName: string;
  room: string;
  login: string;
  mediaSessionId: string;
  sessionId: string;
  startTime: string;
  startTimeMillis: string;
  audioCodec: string;
  videoCodec: string;
  endTime: string;
  endTimeMillis: string;
  duration: string;
}

/** Their names, as they stand between braces in the template. */
export const STREAM_NAME_ELEMENTS = [
  ...['streamName', 'room', 'login', 'mediaSessionId', 'sessionId', 'startTime', 'startTimeMillis'],
  ...['endTime', 'endTimeMillis', 'duration', 'audioCodec', 'videoCodec'],
];

/** Elements in `template` that do not exist. */
export function unknownElements(template: string): string[] {
  return [...template.matchAll(/\{([^{}]*)\}/g)].flatMap(([, name = '']) =>
    STREAM_NAME_ELEMENTS.includes(name) ? [] : name,
  );
}

/**
 * The name for a stream's file, without its ending. Elements of which nothing is said yet stay as they are, to be filled
 * in later by the same function.
 */
export function streamFileName(template: string, elements: Partial<StreamNameElements>): string {
  const values: Record<string, string | undefined> = elements;
  const filled = template.replaceAll(/\{([^{}]*)\}/g, (element, name: string) => {
    const value = values[name];
    // A brace in somebody's name must not become an element when the rest is filled in.
    return value === undefined ? element : encode(value).replaceAll('{', '%7B').replaceAll('}', '%7D');
  });
  // What is encoded already, here or the last time, is not encoded once more.
  const name = filled
    .split(/(%[0-9A-F]{2})/)
    .map((part, i) => (i % 2 ? part : encode(part)))
    .join('');
  // A name that begins with a dot is hidden, and two dots are a folder.
  return cut(name.replace(/^\.(?=\.?$)/, '%2E')) || 'stream';
}

/** `room-<name>-<start>`, without an ending. */
export function roomFileName(room: string, startedAt: number): string {
  const end = `-${utcName(startedAt)}`;
  return `${cut(`room-${encode(room)}`, end.length)}${end}`;
}

/** A moment, in milliseconds since the Unix epoch, as `20261121T081500Z`. */
export function utcName(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
}

/** Percent-encodes what cannot stand in a file name (RFC 3986 §2.1). */
function encode(text: string): string {
  return text.replaceAll(ILLEGAL, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** Shortens a name to what fits with `reserved` more bytes behind it, between two characters. */
function cut(name: string, reserved = 0): string {
  const most = NAME_MAX_BYTES - SUFFIX_MAX_BYTES - reserved;
  if (Buffer.byteLength(name) <= most) return name;
  let bytes = 0;
  let short = '';
  for (const [part] of name.matchAll(/%[0-9A-F]{2}|./gsu)) {
    bytes += Buffer.byteLength(part);
    if (bytes > most) break;
    short += part;
  }
  return short;
}
