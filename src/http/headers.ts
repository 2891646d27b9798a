import { type IncomingMessage } from 'node:http';
import { allowedBetas } from '../dialects/anthropic-betas.ts';
import { type CoverageManifest } from '../domain/call.ts';
import { CordonError } from '../domain/errors.ts';
import { type CallHeaders, type Judged } from '../gateway/ports.ts';
import { isAnthropicPath } from './anthropic-path.ts';
import { type RequestContext } from './state.ts';

const HEADERS = {
  purpose: { name: 'cordon-purpose', pattern: /^[\w.:-]{1,64}$/ },
  dataSubject: { name: 'cordon-data-subject', pattern: /^[\x21-\x7e]{1,256}$/ },
  subjectRegion: { name: 'cordon-data-subject-region', pattern: /^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/ },
  /** Whether the caller wants to know how much of the request was looked at. */
  coverage: { name: 'cordon-coverage', pattern: /^summary$/ },
  /** Opaque to Cordon; long enough for two UUIDs. */
  conversation: { name: 'cordon-conversation', pattern: /^[\x21-\x7e]{1,128}$/ },
  /** A number, or a hash. */
  policyMinimum: { name: 'cordon-policy-minimum', pattern: /^(?:\d{1,15}|[0-9a-f]{64})$/ },
} as const;

/** Cordon's own request headers. A malformed one is refused rather than ignored: it would change what is recorded. */
export function readCallHeaders(request: IncomingMessage): CallHeaders & { readonly wantsCoverage: boolean } {
  let fault: CordonError | undefined;
  function read({ name, pattern }: { readonly name: string; readonly pattern: RegExp }): string | undefined {
    const value = request.headers[name];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && pattern.test(value)) return value;
    fault ??= new CordonError('invalid_request', `The ${name} header is malformed.`);
    return undefined;
  }
  const [purpose, dataSubject] = [read(HEADERS.purpose), read(HEADERS.dataSubject)];
  const subjectRegion = read(HEADERS.subjectRegion);
  const conversation = read(HEADERS.conversation);
  const policyMinimum = read(HEADERS.policyMinimum);
  const wantsCoverage = read(HEADERS.coverage) !== undefined;
  return { purpose, dataSubject, subjectRegion, conversation, policyMinimum, wantsCoverage, fault };
}

/** Tells the caller which version judged the call, whatever it decided. */
export function tellPolicy(ctx: RequestContext): NonNullable<Judged['onPolicy']> {
  return ({ hash, number }) => {
    ctx.set('Cordon-Policy-Version', hash);
    if (number !== undefined) ctx.set('Cordon-Policy-Number', String(number));
  };
}

/** The counts of a manifest; its pointers may hold what the caller named things, so they stay in the record. */
export function coverageSummary(coverage: CoverageManifest): string {
  const { scanned, transformed, structural, opaque = [] } = coverage;
  return `scanned=${scanned}, transformed=${transformed.length}, structural=${structural}, opaque=${opaque.length}`;
}

/** Features of Anthropic's that may be passed on, on the paths of its clients. */
export function readBetas(request: IncomingMessage, path: string): readonly string[] {
  const header = request.headers['anthropic-beta'];
  return isAnthropicPath(path) ? allowedBetas(Array.isArray(header) ? header.join(',') : header) : [];
}
