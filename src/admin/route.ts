import { Readable } from 'node:stream';
import { z } from 'zod';
import { CordonError, type ErrorCode } from '../domain/errors.ts';
import { type JsonObject } from '../domain/json.ts';
import { type Principal } from '../domain/principal.ts';
import { principalOf } from '../http/middleware/authenticate.ts';
import { readJsonText } from '../http/read-body.ts';
import { readParameters } from '../http/read-parameters.ts';
import { type Parameter, type Route } from '../http/route-table.ts';
import { type RequestContext } from '../http/state.ts';
import { type AdminOperation } from './operations.ts';
import { type Permit } from './permit.ts';

/** What a handler knows of a call: who asks, under which id it is recorded, and what they sent, checked. */
export interface AdminCall<Query, Body> {
  readonly principal: Principal;
  readonly requestId: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Aborted when the caller leaves. */
  readonly signal: AbortSignal;
}

/** An answer that is no JSON: a file, streamed. */
export interface Download {
  readonly stream: Readable;
  readonly contentType: string;
  readonly fileName: string;
  readonly bytes?: number;
}

export interface AdminRouteSpec<Query, Body> {
  readonly id: string;
  readonly method: Route['method'];
  /** Below `/admin/v1`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly operation: AdminOperation;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** A megabyte when left out. */
  readonly maxBodyBytes?: number;
  readonly refusals?: readonly ErrorCode[];
  readonly handle: (call: AdminCall<Query, Body>) => Promise<JsonObject | Download>;
}

const MAX_BODY_BYTES = 1024 * 1024;
const REFUSALS: readonly ErrorCode[] = [
  'invalid_request',
  'no_matching_allow',
  'matched_deny',
  'policy_unavailable',
  'audit_unavailable',
];

/** A route of the control plane: authenticated, allowed by its policy, its input checked, then handled. */
export function adminRoute<Query = undefined, Body = undefined>(
  permit: Permit,
  spec: AdminRouteSpec<Query, Body>,
): Route {
  const { id, method, tag, summary, operation, query, body, refusals = [], handle } = spec;
  const { maxBodyBytes = MAX_BODY_BYTES } = spec;
  const path = `/admin/v1${spec.path}`;
  return {
    ...{ id, method, path, tag, summary, operation },
    access: 'token',
    errors: 'openai',
    parameters: parametersOf(path, query),
    ...(body === undefined ? {} : { request: { body: { schema: schemaOf(body) }, examples: {} } }),
    answers: { 200: { description: 'Done.', content: { 'application/json': {} } } },
    refusals: [...REFUSALS, ...(body === undefined ? [] : BODY_REFUSALS), ...refusals],
    async handle(ctx, parameters) {
      const principal = principalOf(ctx);
      const { requestId } = ctx.state;
      await permit(principal, operation, requestId);
      const call = {
        principal,
        requestId,
        parameters: definedOf(parameters),
        query: readQuery(query, ctx),
        body: await readBody(body, ctx, maxBodyBytes),
        signal: signalOf(ctx),
      };
      answer(ctx, await handle(call));
    },
  };
}

const BODY_REFUSALS: readonly ErrorCode[] = ['invalid_json', 'payload_too_large', 'unsupported_media_type'];

function answer(ctx: RequestContext, result: JsonObject | Download): void {
  if (!isDownload(result)) {
    ctx.body = result;
    return;
  }
  ctx.set('Content-Type', result.contentType);
  ctx.attachment(result.fileName);
  if (result.bytes !== undefined) ctx.length = result.bytes;
  ctx.body = result.stream;
}

function isDownload(result: JsonObject | Download): result is Download {
  return 'stream' in result && result.stream instanceof Readable;
}

/** Without a schema nothing may be asked for: a misspelt filter that is ignored would show more than was meant. */
function readQuery<Query>(schema: z.ZodType<Query> | undefined, ctx: RequestContext): Query {
  const given = parse(readParameters({}, new URLSearchParams(ctx.querystring)));
  return check<Query>(schema ?? NOTHING, given, 'the query');
}

async function readBody<Body>(
  schema: z.ZodType<Body> | undefined,
  ctx: RequestContext,
  maxBytes: number,
): Promise<Body> {
  if (schema === undefined) return check<Body>(NOTHING, {}, 'the body');
  const text = await readJsonText(ctx.req, maxBytes, () => undefined);
  return check(schema, parse(text), 'the body');
}

/** What a route without a schema is given: `undefined`, which is what its type parameter then is. */
const NOTHING = z.strictObject({}).transform(() => undefined) as unknown as z.ZodType<never>;

function check<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const pointer = (issue?.path ?? [])
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
  throw new CordonError(
    'invalid_request',
    `Something is wrong with ${what}: ${issue?.message ?? 'its shape'}.`,
    {
      param: pointer,
    },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CordonError('invalid_json', 'The request body is not JSON.');
  }
}

function definedOf(
  parameters: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function signalOf(ctx: RequestContext): AbortSignal {
  const controller = new AbortController();
  ctx.res.once('close', () => {
    controller.abort();
  });
  return controller.signal;
}

function parametersOf(path: string, query: z.ZodType | undefined): readonly Parameter[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const inQuery = query instanceof z.ZodObject ? Object.keys(query.shape) : [];
  return [
    ...inPath.map((name): Parameter => ({ name, in: 'path', description: 'Which one.' })),
    ...inQuery.map((name): Parameter => ({ name, in: 'query', description: 'Narrows what is asked for.' })),
  ];
}

/** As sent, before defaults and transformations. */
function schemaOf(schema: z.ZodType): JsonObject {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return JSON.parse(JSON.stringify(json)) as JsonObject;
}
