import { ERROR_STATUS, type ErrorCode } from '../../domain/errors.ts';
import { type Json, type JsonObject } from '../../domain/json.ts';
import { type ErrorStyle, type Route } from '../route-table.ts';
import { createShapeSchemas, type ShapeSchemas } from './shape-schema.ts';

const DESCRIPTION = [
  'The inference proxy that a regulated company can switch on: it authenticates, decides by policy, finds personal',
  'data, replaces it before anything leaves, restores it in the answer, and keeps a record.\n\n',
  'In request schemas `x-cordon` says what is done with a string: `text` is scanned and rewritten, `identifier` is',
  'replaced whole by a keyed pseudonym, `fixed` is scanned and cannot change, `structure` is part of the format,',
  '`opaque` cannot be read and is refused. What a schema does not name is refused.',
].join(' ');

const STYLES: Readonly<Record<ErrorStyle, string>> = {
  openai: 'Error',
  anthropic: 'AnthropicError',
  plain: 'PlainError',
};

/** OpenAPI 3.1 of these routes; the same list that the router is made from. */
export function createOpenapi(routes: readonly Route[], version: string): JsonObject {
  const shapes = createShapeSchemas();
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route, shapes);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Cordon',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        key: {
          type: 'apiKey',
          in: 'header',
          name: 'x-api-key',
          description: 'The same token, where clients send it so.',
        },
      },
      parameters: CALL_HEADERS,
      headers: ANSWER_HEADERS,
      schemas: { ...errorSchemas(), ...shapes.named },
    },
  };
}

const CALL_HEADERS: JsonObject = {
  Purpose: {
    name: 'Cordon-Purpose',
    in: 'header',
    description: 'What for; one that the token grants.',
    schema: { type: 'string', pattern: '^[\\w.:-]{1,64}$' },
  },
  DataSubject: {
    name: 'Cordon-Data-Subject',
    in: 'header',
    description: "Whose data this is, when not the caller's.",
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,256}$' },
  },
  SubjectRegion: {
    name: 'Cordon-Data-Subject-Region',
    in: 'header',
    description: 'Where that person lives, as in ISO 3166; a token that names regions speaks for no other.',
    schema: { type: 'string', pattern: '^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$' },
  },
  Conversation: {
    name: 'Cordon-Conversation',
    in: 'header',
    description: 'Within one key of one caller, what stands for a value stays the same.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' },
  },
};
const ANSWER_HEADERS: JsonObject = {
  RequestId: { description: 'Finds the call in the record.', schema: { type: 'string', format: 'uuid' } },
  PolicyVersion: { description: 'Hash of the policy that decided.', schema: { type: 'string' } },
  RetryAfter: { description: 'Seconds.', schema: { type: 'integer' } },
};

function header(name: string): JsonObject {
  return { $ref: `#/components/headers/${name}` };
}

function operationOf(route: Route, shapes: ShapeSchemas): JsonObject {
  const { id, tag, summary, description, operation, request } = route;
  const parameters = parametersOf(route);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(operation === undefined ? {} : { 'x-cordon-operation': operation }),
    security: securityOf(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(request === undefined ? {} : { requestBody: bodyOf(request, id, shapes) }),
    responses: { ...refusalsOf(route), ...answersOf(route) },
  };
}

function securityOf({ access, takesApiKey }: Route): readonly JsonObject[] {
  if (access === 'open') return [];
  return takesApiKey === true ? [{ token: [] }, { key: [] }] : [{ token: [] }];
}

function parametersOf({ access, operation, parameters = [] }: Route): readonly JsonObject[] {
  const own = parameters.map(({ name, in: place, description, example }) => ({
    name,
    in: place,
    description,
    required: place === 'path',
    schema: { type: 'string' },
    ...(example === undefined ? {} : { example }),
  }));
  if (access === 'open' || operation === undefined) return own;
  return [...own, ...Object.keys(CALL_HEADERS).map((name) => ({ $ref: `#/components/parameters/${name}` }))];
}

function bodyOf(
  { body, examples }: NonNullable<Route['request']>,
  id: string,
  shapes: ShapeSchemas,
): JsonObject {
  const name = `${id.slice(0, 1).toUpperCase()}${id.slice(1)}Request`;
  const schema = 'shape' in body ? shapes.schemaOf(body.shape, name) : body.schema;
  return {
    required: true,
    content: {
      'application/json': {
        schema,
        examples: Object.fromEntries(
          Object.entries(examples).map(([key, { summary, value }]) => [key, { summary, value }]),
        ),
      },
    },
  };
}

function answersOf({ answers, operation }: Route): JsonObject {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, content }]) => [
      status,
      {
        description,
        headers: {
          'Cordon-Request-Id': header('RequestId'),
          ...(operation === undefined ? {} : { 'Cordon-Policy-Version': header('PolicyVersion') }),
        },
        content: Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }])),
      },
    ]),
  );
}

/** By status, with the codes that come with it. */
function refusalsOf({ refusals, errors }: Route): JsonObject {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(refusals)) {
    const status = ERROR_STATUS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\``).join(', '),
        headers: {
          'Cordon-Request-Id': header('RequestId'),
          ...(status === 429 || status === 503 ? { 'Retry-After': header('RetryAfter') } : {}),
        },
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${STYLES[errors]}` } } },
        'x-cordon-codes': codes,
      },
    ]),
  );
}

function errorSchemas(): Readonly<Record<string, JsonObject>> {
  const code = {
    enum: Object.keys(ERROR_STATUS),
    description: Object.entries(ERROR_STATUS)
      .map(([name, status]) => `${name}: ${status}`)
      .join(', '),
  };
  const param = { type: ['string', 'null'], description: 'JSON Pointer to the place at fault.' };
  const message = { type: 'string', description: 'Never repeats what a caller or a model wrote.' };
  const requestId = { type: 'string', format: 'uuid' };
  const type = { type: 'string' };
  const object = (properties: JsonObject): JsonObject => ({
    type: 'object',
    required: Object.keys(properties),
    properties,
  });
  return {
    Error: object({ error: object({ message, type, code, param, request_id: requestId }) }),
    AnthropicError: object({
      type: { const: 'error' },
      error: object({ type, message, code, param }),
      request_id: requestId,
    }),
    PlainError: object({ error: message, code, param, request_id: requestId }),
  };
}
