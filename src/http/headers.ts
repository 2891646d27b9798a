import { type IncomingMessage } from 'node:http';
import { CordonError } from '../domain/errors.ts';
import { type CallHeaders } from '../gateway/ports.ts';

const HEADERS = {
  purpose: { name: 'cordon-purpose', pattern: /^[\w.:-]{1,64}$/ },
  dataSubject: { name: 'cordon-data-subject', pattern: /^[\x21-\x7e]{1,256}$/ },
  /** Opaque to Cordon; long enough for two UUIDs. */
  conversation: { name: 'cordon-conversation', pattern: /^[\x21-\x7e]{1,128}$/ },
} as const;

/** Cordon's own request headers. A malformed one is refused rather than ignored: it would change what is recorded. */
export function readCallHeaders(request: IncomingMessage): CallHeaders {
  let fault: CordonError | undefined;
  function read({ name, pattern }: { readonly name: string; readonly pattern: RegExp }): string | undefined {
    const value = request.headers[name];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && pattern.test(value)) return value;
    fault ??= new CordonError('invalid_request', `The ${name} header is malformed.`);
    return undefined;
  }
  const purpose = read(HEADERS.purpose);
  const dataSubject = read(HEADERS.dataSubject);
  const conversation = read(HEADERS.conversation);
  return { purpose, dataSubject, conversation, fault };
}
