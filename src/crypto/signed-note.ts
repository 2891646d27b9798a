import { type KeyObject, createPublicKey, hash, sign, verify } from 'node:crypto';

/** https://c2sp.org/signed-note: algorithm 1 is Ed25519. Another number makes room for what follows it. */
const ED25519 = 0x01;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const ID_BYTES = 4;
/** DER of SubjectPublicKeyInfo before the 32 bytes of an Ed25519 key: RFC 8410. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const MAX_SIGNATURES = 100;
const SIGNATURE_LINE = /^\u2014 (\S+) ([A-Za-z0-9+/]+={0,2})$/;
const NAME = /^[^\s+]{1,255}$/u;

/** Who signs: a name, and the key that goes with it. */
export interface NoteVerifier {
  readonly name: string;
  /** First four bytes of SHA-256(name ‖ "\n" ‖ 0x01 ‖ key). */
  readonly id: Buffer;
  readonly publicKey: KeyObject;
}

export interface NoteSigner extends NoteVerifier {
  sign(text: string): Buffer;
}

/** From an Ed25519 private key. Throws for any other key, and for a name with spaces or a plus sign. */
export function createNoteSigner(name: string, privateKey: KeyObject): NoteSigner {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'ed25519') {
    throw new TypeError('notes are signed by an Ed25519 private key');
  }
  const publicKey = createPublicKey(privateKey);
  return {
    name: checkedName(name),
    id: keyId(name, rawKey(publicKey)),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey),
  };
}

/** `name+id+key`, as others are given it: id is 8 hex digits, key is base64(0x01 ‖ 32 bytes). */
export function formatVerifier(verifier: NoteVerifier): string {
  const key = Buffer.concat([Buffer.of(ED25519), rawKey(verifier.publicKey)]);
  return `${verifier.name}+${verifier.id.toString('hex')}+${key.toString('base64')}`;
}

/** Reads what `formatVerifier` wrote. Throws when the id does not belong to the name and key. */
export function parseVerifier(text: string): NoteVerifier {
  const [name = '', id = '', ...rest] = text.trim().split('+');
  const key = Buffer.from(rest.join('+'), 'base64');
  if (key.length !== 1 + KEY_BYTES || key[0] !== ED25519)
    throw new Error('this is not an Ed25519 verifier key');
  const raw = key.subarray(1);
  const expected = keyId(checkedName(name), raw);
  if (expected.toString('hex') !== id) throw new Error('the verifier key does not belong to its name');
  const spki = Buffer.concat([SPKI_PREFIX, raw]);
  return { name, id: expected, publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
}

/** The note: `text`, which ends with a line feed, an empty line, and one signature line. */
export function signNote(text: string, signer: NoteSigner): string {
  checkText(text);
  const signature = Buffer.concat([signer.id, signer.sign(text)]);
  return `${text}\n\u2014 ${signer.name} ${signature.toString('base64')}\n`;
}

/**
 * The text of a note that one of `verifiers` signed, and which. Undefined when the note is malformed, when none of them
 * signed it, or when a signature that names one of them does not hold. Signatures of others are passed over.
 */
export function openNote(
  note: string,
  verifiers: readonly NoteVerifier[],
): { readonly text: string; readonly by: NoteVerifier } | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return undefined;
  let by: NoteVerifier | undefined;
  for (const line of lines) {
    const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
    if (name === undefined || encoded === undefined) return undefined;
    const bytes = Buffer.from(encoded, 'base64');
    const id = bytes.subarray(0, ID_BYTES);
    const known = verifiers.find((verifier) => verifier.name === name && verifier.id.equals(id));
    if (known === undefined) continue;
    const signature = bytes.subarray(ID_BYTES);
    if (signature.length !== SIGNATURE_BYTES) return undefined;
    if (!verify(null, Buffer.from(text, 'utf8'), known.publicKey, signature)) return undefined;
    by ??= known;
  }
  return by === undefined ? undefined : { text, by };
}

function keyId(name: string, raw: Buffer): Buffer {
  const input = Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), Buffer.of(ED25519), raw]);
  return hash('sha256', input, 'buffer').subarray(0, ID_BYTES);
}

function rawKey(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
}

function checkedName(name: string): string {
  if (!NAME.test(name)) throw new Error('the name of a note signer has no spaces and no plus sign');
  return name;
}

function checkText(text: string): void {
  if (!text.endsWith('\n') || /[^\P{Cc}\n]/u.test(text)) throw new Error('the text of a note is whole lines');
}
