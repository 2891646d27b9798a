import { compileGlob } from '../domain/glob.ts';
import { type JsonObject } from '../domain/json.ts';
import { type PolicySet, type Rule } from '../policy/schema.ts';
import { iso, countsOf } from './breach.ts';
import { type Cell, toCsv } from './csv.ts';
import { type Scope } from './ports.ts';

/** What only the controller knows; GDPR 30(1)(a), (c), (f). */
export interface ControllerFacts {
  readonly controller?: string | undefined;
  readonly representative?: string | undefined;
  readonly dataProtectionOfficer?: string | undefined;
  readonly categoriesOfSubjects?: readonly string[] | undefined;
  /** How long records are kept, in words. */
  readonly retention?: string | undefined;
}

export interface Recipient {
  readonly id: string;
  readonly trust: 'internal' | 'external';
  readonly region: string;
  /** Globs of models it serves. */
  readonly models: readonly string[];
}

export interface ProcessingInput {
  readonly facts: ControllerFacts;
  readonly recipients: readonly Recipient[];
  readonly routes: readonly { readonly models: readonly string[]; readonly runners: readonly string[] }[];
  readonly policy: { readonly hash: string; readonly set: PolicySet };
  /** Of allowed calls, within the time that the report looks at. */
  readonly observed: Scope;
  /** Allowed calls of that time that name no purpose. */
  readonly withoutPurpose: number;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly createdMs: number;
}

/** The record of processing activities; `gaps` is what keeps it from being one. */
export interface ProcessingRecord {
  readonly record: JsonObject;
  readonly gaps: readonly string[];
}

/** Operations that process nobody's text. */
const WITHOUT_TEXT: ReadonlySet<string> = new Set(['models']);

export function recordOfProcessing(input: ProcessingInput): ProcessingRecord {
  const { facts, policy, observed } = input;
  const allows = policy.set.rules.filter((rule) => isEnabled(rule, input.createdMs));
  const record = {
    created: iso(input.createdMs),
    controller: facts.controller ?? null,
    representative: facts.representative ?? null,
    dataProtectionOfficer: facts.dataProtectionOfficer ?? null,
    categoriesOfSubjects: [...(facts.categoriesOfSubjects ?? [])],
    retention: facts.retention ?? null,
    policy: policy.hash,
    purposes: purposesOf(allows, observed),
    categoriesOfData: countsOf(observed, 'entity').map(({ tag, records, subjects }) => ({
      entity: tag,
      records,
      subjects,
    })),
    recipients: input.recipients.map((recipient) => ({
      ...recipient,
      models: [...recipient.models],
      purposes: purposesAt(recipient, allows),
      transfer: recipient.trust === 'external' ? recipient.region : null,
      sent: countsOf(observed, 'sent').find(({ tag }) => tag === recipient.id)?.records ?? 0,
    })),
    handling: policy.set.handling.map(({ id, entities, handling, destinations }) => ({
      rule: id,
      entities: [...entities],
      handling,
      destinations: JSON.parse(JSON.stringify(destinations)) as JsonObject,
    })),
    observed: {
      from: iso(input.fromMs),
      to: iso(input.toMs),
      records: observed.records,
      subjects: observed.subjects,
      withoutPurpose: input.withoutPurpose,
    },
    securityMeasures: [...MEASURES],
  };
  return { record, gaps: gapsOf(input, allows) };
}

/** GDPR 30(1)(g): what this software does by construction; each has its tests. */
const MEASURES = [
  'personal data is found and replaced before a call leaves; what no rule covers is refused',
  'payloads are encrypted with AES-256-GCM under keys of each tenant and each data subject',
  'every call is recorded before it is forwarded, in an append-only, hash-chained ledger with signed checkpoints',
  'callers are authenticated by token and allowed by policy for each model, runner and purpose',
  'searching, reporting and revealing are themselves recorded',
] as const;

function isEnabled(rule: Rule, nowMs: number): boolean {
  if (rule.effect !== 'allow' || rule.operations.every((operation) => WITHOUT_TEXT.has(operation)))
    return false;
  return rule.not_after === undefined || Date.parse(rule.not_after) > nowMs;
}

function reaches(rule: Rule, runner: string): boolean {
  return rule.runners.some((glob) => compileGlob(glob)(runner));
}

function purposesAt({ id }: Recipient, allows: readonly Rule[]): string[] {
  const named = allows.filter((rule) => reaches(rule, id)).flatMap(({ purposes = [] }) => purposes);
  return [...new Set(named)].sort();
}

function purposesOf(allows: readonly Rule[], observed: Scope): JsonObject[] {
  const counts = new Map(countsOf(observed, 'purpose').map((count) => [count.tag, count]));
  const named = new Set([...allows.flatMap(({ purposes = [] }) => purposes), ...counts.keys()]);
  return [...named].sort().map((purpose) => ({
    purpose,
    rules: allows.filter(({ purposes = [] }) => purposes.includes(purpose)).map(({ id }) => id),
    records: counts.get(purpose)?.records ?? 0,
    subjects: counts.get(purpose)?.subjects ?? 0,
  }));
}

/**
 * A rule without `purposes` allows a call for any purpose and for none, so whatever it reaches has no purpose that one
 * could write down.
 */
function gapsOf(input: ProcessingInput, allows: readonly Rule[]): readonly string[] {
  const { facts, recipients, routes } = input;
  const gaps: string[] = [];
  for (const { id, purposes } of allows) {
    if (purposes === undefined) gaps.push(`rule ${id} allows calls without naming purposes`);
  }
  const purposeful = allows.filter(({ purposes }) => purposes !== undefined);
  for (const { id, trust, region } of recipients) {
    if (!allows.some((rule) => reaches(rule, id))) continue;
    if (!purposeful.some((rule) => reaches(rule, id))) gaps.push(`no rule names a purpose for runner ${id}`);
    if (trust === 'external' && region === 'unknown')
      gaps.push(`the region of runner ${id} is not configured, so its transfers cannot be told`);
  }
  for (const { models, runners } of routes) {
    // A route's glob counts as covered by the same glob or a wider one.
    const served = (rule: Rule): boolean =>
      runners.some((runner) => reaches(rule, runner)) &&
      models.some((model) => rule.models.some((glob) => compileGlob(glob)(model)));
    if (allows.some(served) && !purposeful.some(served))
      gaps.push(`no rule names a purpose for the route of ${models.join(', ')}`);
  }
  if (input.withoutPurpose > 0)
    gaps.push(`${input.withoutPurpose} allowed calls of this time name no purpose`);
  if (facts.controller === undefined) gaps.push('the controller and how to reach it are not configured');
  if ((facts.categoriesOfSubjects ?? []).length === 0)
    gaps.push('the categories of data subjects are not configured');
  if (facts.retention === undefined) gaps.push('how long records are kept is not configured');
  return gaps;
}

/** One line an entry: the heading under which it stands, and what it says. */
export function processingCsv({ record, gaps }: ProcessingRecord): string {
  const rows: Cell[][] = [];
  for (const [heading, value] of Object.entries(record)) {
    const entries = Array.isArray(value) ? value : [value];
    for (const entry of entries)
      rows.push([heading, typeof entry === 'string' ? entry : JSON.stringify(entry)]);
  }
  for (const gap of gaps) rows.push(['gap', gap]);
  return toCsv(['heading', 'entry'], rows);
}
