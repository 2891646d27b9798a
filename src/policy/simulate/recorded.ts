import { type Json, type JsonObject } from '../../domain/json.ts';
import { type Principal } from '../../domain/principal.ts';
import { type Place } from '../../domain/record.ts';
import { type SimulatedCall } from './call.ts';

/** A DECISION as a reader opens it: what is clear, and who asked for what, as sealed for the tenant. */
export interface RecordedDecision {
  readonly id: string;
  readonly tenant: string;
  readonly atMs: number;
  readonly data: JsonObject;
  readonly context:
    | {
        readonly principal: JsonObject;
        readonly purpose: string | undefined;
        readonly model: string | undefined;
      }
    | undefined;
}

/** Reasons that are a policy's; a call refused for any other reason was not judged to its end. */
const JUDGED: ReadonlySet<string> = new Set([
  ...['matched_allow', 'matched_deny', 'no_matching_allow', 'attribute_missing'],
  ...['entity_blocked', 'content_opaque'],
]);

/** The call again as it was judged, or why it cannot be: `sealed`, `not_judged` or `damaged`. */
export function toSimulatedCall({
  id,
  tenant,
  data,
  context,
}: RecordedDecision): SimulatedCall | 'sealed' | 'not_judged' | 'damaged' {
  if (context === undefined) return 'sealed';
  const { reason, operation, caller, subjectRegion } = data;
  if (typeof reason !== 'string' || !JUDGED.has(reason)) return 'not_judged';
  const places = [data['destination'], ...listOf(data['alternatives'])].map(toDestination);
  const [first, ...others] = places;
  const principal = toPrincipal(context.principal, tenant);
  if (typeof operation !== 'string' || principal === undefined || first === undefined) return 'damaged';
  // Nobody was asked: there was no runner for the model.
  if (first.runner === 'none') return 'not_judged';
  const rest = others.filter((place) => place !== undefined);
  const coverage = objectOf(data['coverage']);
  return {
    id,
    person: typeof caller === 'string' ? caller.slice(0, 16) : 'unknown',
    principal,
    operation,
    model: context.model ?? '',
    purpose: context.purpose,
    subjectRegion: typeof subjectRegion === 'string' ? subjectRegion : undefined,
    destinations: [first, ...rest],
    entities: numbersOf(objectOf(data['counts'])),
    opaque: typeof coverage['opaque'] === 'number' && coverage['opaque'] > 0,
    nowMs: receivedMs(id),
  };
}

/** When the call came in, which is when it was judged by: the time in its UUIDv7 (RFC 9562 §5.7). */
function receivedMs(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}

function toPrincipal(value: JsonObject, tenant: string): Principal | undefined {
  const { issuer, subject, client, tokenId, expiresAt } = value;
  if (typeof issuer !== 'string' || typeof subject !== 'string') return undefined;
  return {
    ...value,
    ...{ issuer, subject, tenant },
    roles: textsOf(value['roles']),
    groups: textsOf(value['groups']),
    client: typeof client === 'string' ? client : undefined,
    purposes: textsOf(value['purposes']),
    tokenId: typeof tokenId === 'string' ? tokenId : undefined,
    expiresAt: typeof expiresAt === 'number' ? expiresAt : 0,
  };
}

function toDestination(value: Json | undefined): Place | undefined {
  const { runner, trust, region, model, processor } = objectOf(value);
  if (typeof runner !== 'string' || typeof region !== 'string') return undefined;
  if (trust !== 'internal' && trust !== 'external') return undefined;
  return {
    ...{ runner, trust, region },
    ...(typeof model === 'string' ? { model } : {}),
    // As the policy was told; facts.ts checks it like anything that it is asked with.
    ...(processor === undefined ? {} : { processor: objectOf(processor) }),
  };
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

function numbersOf(value: JsonObject): Readonly<Record<string, number>> {
  const numbers = Object.entries(value).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return Object.fromEntries(numbers);
}

function textsOf(value: Json | undefined): readonly string[] {
  return listOf(value).filter((item): item is string => typeof item === 'string');
}

function listOf(value: Json | undefined): readonly Json[] {
  return value !== undefined && isList(value) ? value : [];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
