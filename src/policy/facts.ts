import { type AdmitInput, type ProcessorFacts } from '../domain/policy.ts';
import { type Purpose } from './schema.ts';

/** What one decision is made from: the input, with the absent made visible and the principal spelt as selectors. */
export interface Facts {
  readonly input: AdmitInput;
  /** `any`, `tenant:…`, `subject:…`, and one `role:…` or `group:…` for each the principal holds. */
  readonly selectors: ReadonlySet<string>;
  /** The declared purpose, if the issuer granted it to this principal; a purpose nobody granted counts as none. */
  readonly purpose: string | undefined;
  /** Undefined when the region is `unknown`: a place nobody configured can be neither allowed nor ruled out. */
  readonly region: string | undefined;
  /** What the set says of that purpose. */
  readonly declared: Purpose | undefined;
  readonly processor: ProcessorFacts;
}

export type Purposes = Readonly<Record<string, Purpose>>;

const MAX_TEXT = 1024;
const MAX_LIST = 1024;
const NO_PURPOSES: Purposes = Object.freeze({});
const NO_FACTS: ProcessorFacts = Object.freeze({});

/**
 * Throws a TypeError on anything but short strings in the right places (the snapshot turns that into a denial).
 * Casbin compares with `==`, so a number that met a numeral would match; and a model name of megabytes would be
 * work for every glob. The error never quotes the value.
 */
export function parseFacts(input: AdmitInput, purposes: Purposes = NO_PURPOSES): Facts {
  const { principal, destination } = input;
  checkText('principal.tenant', principal.tenant);
  checkText('principal.subject', principal.subject);
  checkText('principal.issuer', principal.issuer);
  checkList('principal.roles', principal.roles);
  checkList('principal.groups', principal.groups);
  checkList('principal.purposes', principal.purposes);
  checkText('operation', input.operation);
  checkText('model', input.model);
  checkText('destination.runner', destination.runner);
  checkText('destination.trust', destination.trust);
  checkText('destination.region', destination.region);
  if (principal.client !== undefined) checkText('principal.client', principal.client);
  if (input.purpose !== undefined) checkText('purpose', input.purpose);
  if (input.subjectRegion !== undefined) checkText('subjectRegion', input.subjectRegion);
  if (destination.processor !== undefined) checkProcessor(destination.processor);
  if (!Number.isFinite(input.nowMs)) throw new TypeError('nowMs must be milliseconds since the epoch');
  const purpose =
    input.purpose !== undefined && principal.purposes.includes(input.purpose) ? input.purpose : undefined;
  return {
    input,
    selectors: selectorsOf(principal),
    purpose,
    region: destination.region === 'unknown' || destination.region === '' ? undefined : destination.region,
    declared: purpose !== undefined && Object.hasOwn(purposes, purpose) ? purposes[purpose] : undefined,
    processor: destination.processor ?? NO_FACTS,
  };
}

function selectorsOf({ tenant, subject, roles, groups }: AdmitInput['principal']): ReadonlySet<string> {
  const selectors = new Set<string>();
  selectors.add('any').add(`tenant:${tenant}`).add(`subject:${subject}`);
  for (const role of roles) selectors.add(`role:${role}`);
  for (const group of groups) selectors.add(`group:${group}`);
  return selectors;
}

function checkText(name: string, value: unknown): void {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`);
  if (value.length > MAX_TEXT) throw new TypeError(`${name} is longer than ${MAX_TEXT} characters`);
}

function checkList(name: string, value: unknown): void {
  if (!Array.isArray(value) || value.length > MAX_LIST) {
    throw new TypeError(`${name} must be a list of at most ${MAX_LIST} strings`);
  }
  for (const item of value) checkText(name, item);
}

function checkProcessor(facts: ProcessorFacts): void {
  const { dpa, retentionDays, subprocessors, transferBasis, pipiaId, attestations } = facts;
  if (dpa !== undefined) {
    checkText('dpa.signed', dpa.signed);
    checkText('dpa.ref', dpa.ref);
  }
  if (retentionDays !== undefined && !Number.isFinite(retentionDays))
    throw new TypeError('retentionDays must be a number');
  if (subprocessors !== undefined) checkList('subprocessors', subprocessors);
  if (transferBasis !== undefined) checkText('transferBasis', transferBasis);
  if (pipiaId !== undefined) checkText('pipiaId', pipiaId);
  if (attestations !== undefined) checkList('attestations', attestations);
}
