/** Trees and signatures for verify-bundle.ts, which see: nothing but Node 18, and this is the one place for its crypto. */
import { createHash, createPublicKey, type Hash, type KeyObject, verify } from 'node:crypto';

/** DER of an Ed25519 public key up to its 32 bytes: RFC 8410. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export function newSha256(): Hash {
  return createHash('sha256');
}

export function sha256(...parts: readonly Buffer[]): Buffer {
  return newSha256().update(Buffer.concat(parts)).digest();
}

/** Leaves that are shown, with the subtrees between them out of a file: `level base64`, from left to right. */
export class PrunedTree {
  readonly #hidden: AsyncGenerator<string, void>;
  readonly #stack: { level: number; hash: Buffer }[] = [];
  #size = 0;

  constructor(hidden: AsyncGenerator<string, void>) {
    this.#hidden = hidden;
  }

  async show(index: number, leaf: Buffer): Promise<boolean> {
    return (await this.#hide(index)) && this.#push(0, leaf);
  }

  /** The root, when the subtrees that are left make a tree of just this size. */
  async end(size: number): Promise<Buffer | undefined> {
    if (!(await this.#hide(size)) || (await this.#hidden.next()).done !== true) return undefined;
    const last = this.#stack.pop();
    if (last === undefined) return undefined;
    return this.#stack.reduceRight((right, { hash }) => node(hash, right), last.hash);
  }

  async #hide(to: number): Promise<boolean> {
    while (this.#size < to) {
      const line = await this.#hidden.next();
      const [level = '', hash = ''] = line.done === true ? [] : line.value.split(' ');
      if (!/^\d{1,2}$/.test(level) || !this.#push(Number(level), Buffer.from(hash, 'base64'))) return false;
    }
    return this.#size === to;
  }

  #push(level: number, hash: Buffer): boolean {
    if (hash.length !== 32 || this.#size % 2 ** level !== 0) return false;
    this.#size += 2 ** level;
    let top = { level, hash };
    for (
      let last = this.#stack[this.#stack.length - 1];
      last?.level === top.level;
      last = this.#stack[this.#stack.length - 1]
    ) {
      this.#stack.pop();
      top = { level: top.level + 1, hash: node(last.hash, top.hash) };
    }
    this.#stack.push(top);
    return true;
  }
}

/** RFC 6962 §2.1. */
function node(left: Buffer, right: Buffer): Buffer {
  return sha256(Buffer.of(1), left, right);
}

export interface Verifier {
  readonly name: string;
  readonly id: Buffer;
  readonly key: KeyObject;
}

/** https://c2sp.org/signed-note: `name+id+base64(0x01 ‖ key)`, where id begins SHA-256(name ‖ "\n" ‖ 0x01 ‖ key). */
export function parseKey(text: string): Verifier {
  const [name = '', id = '', ...rest] = text.trim().split('+');
  const bytes = Buffer.from(rest.join('+'), 'base64');
  const expected = sha256(Buffer.from(`${name}\n`), bytes).subarray(0, 4);
  if (bytes.length !== 33 || bytes[0] !== 1 || expected.toString('hex') !== id)
    throw new TypeError('this is not a verifier key: it looks like name+0123abcd+AbCd…');
  const key = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, bytes.subarray(1)]),
    format: 'der',
    type: 'spki',
  });
  return { name, id: expected, key };
}

/** https://c2sp.org/tlog-checkpoint: log, size and root in three lines, an empty one, signatures. */
export function openCheckpoint(note: string, { name, id, key }: Verifier, log: string) {
  const end = note.indexOf('\n\n');
  const text = note.slice(0, end + 1);
  const [first, size = '', root = ''] = text.split('\n');
  const signed = note
    .slice(end + 2)
    .split('\n')
    .some((line) => {
      const [dash, who, encoded = ''] = line.split(' ');
      const bytes = Buffer.from(encoded, 'base64');
      return (
        dash === '\u2014' &&
        who === name &&
        bytes.subarray(0, 4).equals(id) &&
        verify(null, Buffer.from(text), key, bytes.subarray(4))
      );
    });
  if (end < 0 || !signed || first !== log || !/^[1-9]\d{0,15}$/.test(size)) return undefined;
  return { size: Number(size), root: Buffer.from(root, 'base64') };
}
