import { timingSafeEqual } from 'node:crypto';
import { CordonError } from '../../domain/errors.ts';
import { type Place } from './ports.ts';

/** Where the next page of a search begins. */
export interface Cursor extends Place {
  /** Of the page that this cursor asks for, from 2. */
  readonly page: number;
}

/** Keyed: 32 bytes for a text. */
export type Seal = (text: string) => Buffer;

const MAC_BYTES = 16;
const FORM = /^(\d{1,16})\.([0-9a-f-]{36})\.(\d{1,9})$/;

/** `seal` is bound to the tenant and the query, so a cursor is worth nothing with another. */
export function writeCursor(cursor: Cursor, seal: Seal): string {
  const text = `${cursor.atMs}.${cursor.id}.${cursor.page}`;
  return Buffer.concat([macOf(text, seal), Buffer.from(text)]).toString('base64url');
}

/** Throws `invalid_request` on what `writeCursor` did not write for this query. */
export function readCursor(text: string, seal: Seal): Cursor {
  const bytes = Buffer.from(text, 'base64url');
  const payload = bytes.subarray(MAC_BYTES).toString('latin1');
  const [, atMs, id, page] = FORM.exec(payload) ?? [];
  const mac = bytes.subarray(0, MAC_BYTES);
  const genuine = mac.length === MAC_BYTES && timingSafeEqual(mac, macOf(payload, seal));
  // Base64 has several spellings of one text; only ours is a cursor.
  if (!genuine || id === undefined || bytes.toString('base64url') !== text) {
    throw new CordonError(
      'invalid_request',
      'The cursor does not belong to this search; begin without one.',
      { param: '/cursor' },
    );
  }
  return { atMs: Number(atMs), id, page: Number(page) };
}

function macOf(text: string, seal: Seal): Buffer {
  return seal(text).subarray(0, MAC_BYTES);
}
