import { hash } from 'node:crypto';
import { type OpaquePart } from '../domain/call.ts';
import { CordonError } from '../domain/errors.ts';

const DATA = /^data:[^,]{0,256};base64,/i;
/** Nothing as long as this in these letters is a name or an address. */
const BASE64 = /^[A-Za-z0-9+/]{64,}={0,2}$/;

/** What a string that cannot be read stands for, as recorded; and whether it is a name or an address of something. */
export function opaquePart(
  value: string,
  pointer: string,
): { readonly part: OpaquePart; readonly isName: boolean } {
  const head = DATA.exec(value)?.[0];
  const isData = head !== undefined || BASE64.test(value);
  const content = isData ? Buffer.from(value.slice(head?.length ?? 0), 'base64') : Buffer.from(value, 'utf8');
  return {
    part: { pointer, bytes: content.byteLength, sha256: hash('sha256', content, 'hex') },
    isName: !isData,
  };
}

export function contentOpaque(param: string): CordonError {
  return new CordonError(
    'content_opaque',
    'A part of the request cannot be read, so it cannot be protected.',
    { param },
  );
}
