/**
 * The three frames, as JSON text: `{id, method, data}` asks, `{id, data}` or `{id, error}` answers, `{event, data}` tells.
 * Only the browser asks; only the backend answers and tells. Binary frames are not used.
 */
import * as v from 'valibot';
import { WcsError, errorCode } from './errors.ts';
import type { EventData, EventName, Method } from './messages.ts';
import { ErrorBody } from './model.ts';

/** Chosen by the browser, returned in the answer; unique among the requests in flight. */
const Id = v.pipe(v.number(), v.integer(), v.minValue(0));

export const RequestFrame = v.object({ id: Id, method: v.string(), data: v.unknown() });

/** What the backend sends: a refusal, an answer or an event. */
export const ServerFrame = v.union([
  v.object({ id: Id, error: ErrorBody }),
  v.object({ id: Id, data: v.unknown() }),
  v.object({ event: v.string(), data: v.unknown() }),
]);

export type RequestFrame = v.InferOutput<typeof RequestFrame>;
export type ServerFrame = v.InferOutput<typeof ServerFrame>;

export const encodeRequest = (id: number, method: Method, data: unknown): string =>
  JSON.stringify({ id, method, data });
export const encodeReply = (id: number, data: unknown): string => JSON.stringify({ id, data });
export const encodeError = (id: number, error: WcsError): string => JSON.stringify({ id, error });
export const encodeEvent = <E extends EventName>(event: E, data: EventData<E>): string =>
  JSON.stringify({ event, data });

/** Reads one frame. Throws WcsError `bad_frame` for anything that is not JSON of that shape. */
export function decode<const S extends v.GenericSchema>(schema: S, text: string): v.InferOutput<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new WcsError('bad_frame', 'The frame is not JSON.', { cause });
  }
  const result = v.safeParse(schema, value);
  if (!result.success)
    throw new WcsError('bad_frame', `The frame is not {id, method, data}: ${describe(result.issues)}.`);
  return result.output;
}

/** Checks one piece of data against its schema. Throws WcsError `invalid` that names each wrong field. */
export function check<const S extends v.GenericSchema>(schema: S, data: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, data);
  if (!result.success) throw new WcsError('invalid', describe(result.issues));
  return result.output;
}

/** Revives the error of an answer; a code that this version does not know becomes `internal`. */
export function toError({ code, message, retryAfter }: ErrorBody): WcsError {
  return new WcsError(errorCode(code), message, { retryAfter });
}

/** The first few problems in words: `room: room name must not be empty; audio.codecs: …`. What was sent is quoted shortly. */
function describe(issues: readonly v.BaseIssue<unknown>[]): string {
  const problems = issues.slice(0, 3).map((issue) => {
    const path = v.getDotPath(issue);
    const problem = path ? `${path}: ${issue.message}` : issue.message;
    return problem.length > 200 ? `${problem.slice(0, 200)}…` : problem;
  });
  return problems.join('; ');
}
