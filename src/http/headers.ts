import { type IncomingMessage } from 'node:http';
import { CordonError } from '../domain/errors.ts';

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

function readHeader(request: IncomingMessage, name: string, pattern: RegExp): string | undefined {
  const value = request.headers[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new CordonError('invalid_request', `The ${name} header is malformed.`);
}
