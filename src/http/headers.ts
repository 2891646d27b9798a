import { type IncomingMessage } from 'node:http';
import { allowedBetas } from '../dialects/anthropic-betas.ts';
import { type CoverageManifest } from '../domain/call.ts';
import { CordonError } from '../domain/errors.ts';
import { isAnthropicPath } from './anthropic-path.ts';

const PURPOSE = /^[\w.:-]{1,64}$/;
const DATA_SUBJECT = /^[\x21-\x7e]{1,256}$/;

/** Cordon's own request headers. A malformed one is refused rather than ignored: it would change what is recorded. */
export function readCallHeaders(request: IncomingMessage): {
  readonly purpose: string | undefined;
  readonly dataSubject: string | undefined;
} {
  return {
    purpose: readHeader(request, 'cordon-purpose', PURPOSE),
    dataSubject: readHeader(request, 'cordon-data-subject', DATA_SUBJECT),
  };
}

/** Whether the caller wants to know how much of the request was looked at. */
export function readCoverageWish(request: IncomingMessage): boolean {
  return readHeader(request, 'cordon-coverage', /^summary$/) !== undefined;
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

function readHeader(request: IncomingMessage, name: string, pattern: RegExp): string | undefined {
  const value = request.headers[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new CordonError('invalid_request', `The ${name} header is malformed.`);
}
