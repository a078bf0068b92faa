import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { ERRORS, type ErrorCode } from '../../../protocol/errors.ts';
import { Refusal, ROUTES, type RouteDescription } from './routes.ts';

/** Refusals that any route may give, beside its own. */
const COMMON = ['invalid', 'unauthorized', 'forbidden', 'rate_limited', 'internal'] as const satisfies ErrorCode[];

const json = (schema: object) => ({ content: { 'application/json': { schema } } });

/** The table of routes as a document of OpenAPI 3.1. `version` is that of the backend. */
export function openApi(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [operationId, route] of Object.entries<RouteDescription>(ROUTES)) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(operationId, route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'WCS Rooms: administration',
      version,
      description: 'Times are milliseconds; moments count from the Unix epoch.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'The setting admin_token; programs on the machine need none.',
        },
      },
      schemas: { Refusal: schemaOf(Refusal, 'output') },
    },
  };
}

function operation(
  operationId: string,
  { summary, access, params, query, body, status, answer, refusals }: RouteDescription,
) {
  const parameters = [...parametersOf(params, 'path'), ...parametersOf(query, 'query')];
  return {
    operationId,
    summary,
    ...(access === 'open' ? { security: [{}] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: body.type !== 'optional', ...json(schemaOf(body, 'input')) } } : {}),
    responses: {
      [status]: { description: summary, ...(answer ? json(schemaOf(answer, 'output')) : {}) },
      ...refusalsOf([...COMMON, ...(refusals ?? [])]),
    },
  };
}

function parametersOf(schema: v.ObjectSchema<v.ObjectEntries, undefined> | undefined, place: 'path' | 'query') {
  return Object.entries(schema?.entries ?? {}).map(([name, entry]) => {
    const { description, ...rest } = schemaOf(entry, 'input');
    const required = entry.type !== 'optional';
    return { name, in: place, required, ...(description === undefined ? {} : { description }), schema: rest };
  });
}

/** By status, as OpenAPI wants them; each says which codes come with it. */
function refusalsOf(codes: readonly ErrorCode[]): Record<string, unknown> {
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, own]) => [
      status,
      { description: own.join(', '), ...json({ $ref: '#/components/schemas/Refusal' }) },
    ]),
  );
}

/** Checks that JSON Schema cannot express are left out; the server makes them all the same. */
function schemaOf(schema: v.GenericSchema, typeMode: 'input' | 'output') {
  const described = toJsonSchema(schema, { target: 'draft-2020-12', errorMode: 'ignore', typeMode });
  // OpenAPI says for the whole document which dialect its schemas are in.
  delete described.$schema;
  return described;
}
