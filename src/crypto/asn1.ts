/**
 * Just enough ASN.1 for certificates and CMS: DER is written, DER and the indefinite lengths of BER are read. Sums are
 * bytes throughout; libraries for this hold them as strings.
 */
const MAX_DEPTH = 32;

/** One element: its tag octet, its content, and itself as it stood. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly raw: Buffer;
  /** Of a constructed element. */
  readonly children: readonly Element[];
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

const CONSTRUCTED = 0x20;
const INDEFINITE = 0x80;

export function encode(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => encode(TAG.sequence, ...parts);
export const octets = (bytes: Uint8Array): Buffer => encode(TAG.octetString, bytes);
/** A non-negative integer below 128. */
export const small = (value: number): Buffer => encode(TAG.integer, Buffer.of(value));
export const nothing = (): Buffer => Buffer.of(0x05, 0x00);

/** `[number]`, constructed. */
export const context = (number: number, ...parts: readonly Uint8Array[]): Buffer =>
  encode(0xa0 | number, ...parts);

/** DER sorts the members of a SET OF by their encodings (X.690 §11.6). */
export const setOf = (parts: readonly Buffer[]): Buffer =>
  encode(TAG.set, ...[...parts].sort((a, b) => Buffer.compare(a, b)));

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encode(TAG.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** X.509 and CMS write years up to 2049 as UTCTime, and later ones as GeneralizedTime (RFC 5280 §4.1.2.5). */
export function time(atMs: number): Buffer {
  const text = `${new Date(atMs).toISOString().replaceAll(/\D/g, '').slice(0, 14)}Z`;
  return Number(text.slice(0, 4)) < 2050
    ? encode(TAG.utcTime, Buffer.from(text.slice(2)))
    : encode(TAG.generalizedTime, Buffer.from(text));
}

function base128(value: number): number[] {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    digits.unshift((rest % 128) | 0x80);
  }
  return digits;
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Buffer.from([0x80 | digits.length, ...digits]);
}

/** Reads the one element that `bytes` consist of; throws a RangeError for anything else. */
export function decode(bytes: Buffer): Element {
  const { element, end } = read(bytes, 0, 0);
  if (end !== bytes.length) throw malformed();
  return element;
}

interface Read {
  readonly element: Element;
  readonly end: number;
}

function read(bytes: Buffer, at: number, depth: number): Read {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || depth > MAX_DEPTH)
    throw malformed();
  if (first === INDEFINITE) return readIndefinite(bytes, at, tag, depth);
  const digits = first < 0x80 ? 0 : first & 0x7f;
  if (digits > 6 || at + 2 + digits > bytes.length) throw malformed();
  const start = at + 2 + digits;
  const end = start + (digits === 0 ? first : bytes.readUIntBE(at + 2, digits));
  if (end > bytes.length) throw malformed();
  const children: Element[] = [];
  if ((tag & CONSTRUCTED) !== 0) {
    for (let next = start; next < end;) {
      const child = read(bytes.subarray(0, end), next, depth + 1);
      children.push(child.element);
      next = child.end;
    }
  }
  return {
    element: { tag, content: bytes.subarray(start, end), raw: bytes.subarray(at, end), children },
    end,
  };
}

/** Up to the end-of-contents octets: X.690 §8.1.5. */
function readIndefinite(bytes: Buffer, at: number, tag: number, depth: number): Read {
  if ((tag & CONSTRUCTED) === 0) throw malformed();
  const children: Element[] = [];
  let next = at + 2;
  while (bytes[next] !== 0 || bytes[next + 1] !== 0) {
    const child = read(bytes, next, depth + 1);
    children.push(child.element);
    next = child.end;
  }
  const content = bytes.subarray(at + 2, next);
  return { element: { tag, content, raw: bytes.subarray(at, next + 2), children }, end: next + 2 };
}

/** The child at a place, which must have this tag. */
export function child(of: Element | undefined, index: number, tag?: number): Element {
  const found = of?.children[index];
  if (found === undefined || (tag !== undefined && found.tag !== tag)) throw malformed();
  return found;
}

function malformed(): RangeError {
  return new RangeError('this is not the ASN.1 that was expected');
}
