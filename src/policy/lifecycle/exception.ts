import { type Json, type JsonObject } from '../../domain/json.ts';
import { type Rule } from '../schema.ts';
import { sha256Hex } from './bundle.ts';

/** What an emergency denial takes away and broken glass permits. What is left out is not asked about. */
export interface Scope {
  /** `subject:NAME`, `role:NAME`, `group:NAME` or `tenant:NAME`; left out: everybody. */
  readonly who?: string | undefined;
  /** Globs. */
  readonly model?: string | undefined;
  readonly runner?: string | undefined;
}

/**
 * What stands beside a version for a time. `id` is also the id of the rule it becomes, so that a decision that it made
 * names it.
 */
export type Exception =
  | ({ readonly kind: 'emergency_deny'; readonly id: string } & Scope)
  | ({
      readonly kind: 'break_glass';
      readonly id: string;
      /** Whose subjects, roles and groups are meant: another tenant's may have the same names. */
      readonly tenant?: string | undefined;
    } & Scope)
  | {
      readonly kind: 'false_positive';
      readonly id: string;
      readonly tenant: string;
      readonly entity: string;
      /** Keyed hash of the value, hex; the value itself is written nowhere. */
      readonly digest: string;
    };

export type ExceptionKind = Exception['kind'];

/** At most; the database holds these bounds as well. */
export const LASTS_AT_MOST_MS: Readonly<Record<ExceptionKind, number>> = {
  emergency_deny: 24 * 3_600_000,
  break_glass: 4 * 3_600_000,
  false_positive: 366 * 86_400_000,
};

/** An exception as it is kept. */
export interface StoredException {
  readonly hash: string;
  readonly exception: Exception;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Canonical JSON, with members in order: its hash names the exception. */
export function encodeException(exception: Exception): string {
  const members = Object.entries(exception).filter(([, value]) => value !== undefined);
  return JSON.stringify(Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Text from the database, checked like text from anywhere; throws RangeError on what is no exception. */
export function decodeException(content: string): Exception {
  const value = JSON.parse(content) as Json;
  if (!isObject(value)) throw new RangeError('an exception is an object');
  const id = textOf(value, 'id');
  const scope = {
    who: optional(value, 'who'),
    model: optional(value, 'model'),
    runner: optional(value, 'runner'),
  };
  switch (value['kind']) {
    case 'emergency_deny':
      return { kind: 'emergency_deny', id, ...scope };
    case 'break_glass':
      return { kind: 'break_glass', id, ...scope, tenant: optional(value, 'tenant') };
    case 'false_positive': {
      const [tenant, entity, digest] = [
        textOf(value, 'tenant'),
        textOf(value, 'entity'),
        textOf(value, 'digest'),
      ];
      return { kind: 'false_positive', id, tenant, entity, digest };
    }
    default:
      throw new RangeError('an exception of an unknown kind');
  }
}

/**
 * The rule that casbin judges it by. A permission ends by itself: should this process hear of nothing any more, the
 * clock of each decision still closes it. A denial begins and ends as the database says alone, so that no clock that is
 * late lets a call through. Another denial of the set outdoes broken glass, as it does any allow.
 */
export function ruleOf({ exception, untilMs }: StoredException): Rule | undefined {
  if (exception.kind === 'false_positive') return undefined;
  const { id, who = 'any', model = '*', runner = '*' } = exception;
  const target = { id, subjects: [who], operations: ['*'], models: [model], runners: [runner] };
  if (exception.kind === 'emergency_deny') return { ...target, effect: 'deny' };
  const { tenant } = exception;
  return {
    ...{ ...target, effect: 'allow', not_after: new Date(untilMs).toISOString() },
    ...(tenant === undefined ? {} : { tenants: [tenant] }),
  };
}

/** Of the version and the hashes of what stands beside it; the database computes the same (cordon.policy_wanted). */
export function hashInForce(base: string, exceptions: readonly string[]): string {
  return exceptions.length === 0 ? base : sha256Hex([base, ...[...exceptions].sort()].join('\n'));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: JsonObject, name: string): string {
  const text = value[name];
  if (typeof text !== 'string') throw new RangeError(`an exception has a text ${name}`);
  return text;
}

function optional(value: JsonObject, name: string): string | undefined {
  return value[name] === undefined ? undefined : textOf(value, name);
}
