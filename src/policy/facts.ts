import { type AdmitInput } from '../domain/policy.ts';

/** What one decision is made from: the input, with the absent made visible and the principal spelt as selectors. */
export interface Facts {
  readonly input: AdmitInput;
  /** `any`, `tenant:…`, `subject:…`, and one `role:…` or `group:…` for each the principal holds. */
  readonly selectors: ReadonlySet<string>;
  /** The declared purpose, if the issuer granted it to this principal; a purpose nobody granted counts as none. */
  readonly purpose: string | undefined;
  /** Undefined when the region is `unknown`: a place nobody configured can be neither allowed nor ruled out. */
  readonly region: string | undefined;
}

const MAX_TEXT = 1024;
const MAX_LIST = 1024;

/**
 * Throws a TypeError on anything but short strings in the right places (the snapshot turns that into a denial).
 * Casbin compares with `==`, so a number that met a numeral would match; and a model name of megabytes would be
 * work for every glob. The error never quotes the value.
 */
export function parseFacts(input: AdmitInput): Facts {
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
  if (!Number.isFinite(input.nowMs)) throw new TypeError('nowMs must be milliseconds since the epoch');
  return {
    input,
    selectors: new Set([
      'any',
      `tenant:${principal.tenant}`,
      `subject:${principal.subject}`,
      ...principal.roles.map((role) => `role:${role}`),
      ...principal.groups.map((group) => `group:${group}`),
    ]),
    purpose:
      input.purpose !== undefined && principal.purposes.includes(input.purpose) ? input.purpose : undefined,
    region: destination.region === 'unknown' || destination.region === '' ? undefined : destination.region,
  };
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
