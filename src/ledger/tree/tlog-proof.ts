import { type NoteVerifier } from '../../crypto/signed-note.ts';
import { asObject, type Header, parseHeader, parseJson } from '../header.ts';
import { leafHash, SEALED_FIELDS } from '../leaf.ts';
import { type SealedFields } from '../ports.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { verifyInclusion } from './proof.ts';

/** One record, and that a signed checkpoint has it: https://c2sp.org/tlog-proof. */
export interface RecordProof {
  /** The header as stored, which the leaf covers. */
  readonly header: string;
  /** SHA-256 of each ciphertext the record has. */
  readonly digests: SealedFields<Buffer>;
  /** From 0. */
  readonly index: number;
  readonly path: readonly Buffer[];
  /** A signed note. */
  readonly checkpoint: string;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
const HASH_BYTES = 32;
/** No tree has a longer path than its size has bits. */
const MAX_PATH = 64;
const INDEX = /^index (0|[1-9]\d{0,15})$/;

/** The record goes into the extra line: without it nobody could recompute the leaf. Verifying recomputes it. */
export function formatProof({ header, digests, index, path, checkpoint }: RecordProof): string {
  const hex = Object.fromEntries(
    SEALED_FIELDS.flatMap((field) => {
      const digest = digests[field];
      return digest === undefined ? [] : [[field, digest.toString('hex')]];
    }),
  );
  const extra = Buffer.from(JSON.stringify({ header, digests: hex })).toString('base64');
  const hashes = path.map((hash) => `${hash.toString('base64')}\n`).join('');
  return `${FIRST_LINE}\nextra ${extra}\nindex ${index}\n${hashes}\n${checkpoint}`;
}

/** Undefined when the text is not such a proof. */
export function parseProof(text: string): RecordProof | undefined {
  const split = text.indexOf('\n\n');
  const [first, extra = '', place = '', ...hashes] = text.slice(0, Math.max(split, 0)).split('\n');
  const index = INDEX.exec(place)?.[1];
  const record = extra.startsWith('extra ') ? parseExtra(extra.slice('extra '.length)) : undefined;
  if (first !== FIRST_LINE || index === undefined || record === undefined || hashes.length > MAX_PATH)
    return undefined;
  const path = hashes.map((hash) => Buffer.from(hash, 'base64'));
  if (path.some((hash, at) => hash.length !== HASH_BYTES || hash.toString('base64') !== hashes[at]))
    return undefined;
  return { ...record, index: Number(index), path, checkpoint: text.slice(split + 2) };
}

function parseExtra(base64: string): Pick<RecordProof, 'header' | 'digests'> | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) return undefined;
  const json = asObject(parseJson(bytes.toString('utf8')));
  const header = json?.['header'];
  const given = asObject(json?.['digests']);
  if (typeof header !== 'string' || given === undefined) return undefined;
  const digests: { -readonly [K in keyof SealedFields<Buffer>]: SealedFields<Buffer>[K] } = {};
  for (const field of SEALED_FIELDS) {
    const hex = given[field];
    if (hex === undefined) continue;
    if (typeof hex !== 'string' || !/^[0-9a-f]{64}$/.test(hex)) return undefined;
    digests[field] = Buffer.from(hex, 'hex');
  }
  return { header, digests };
}

/** What a proof that holds says. */
export interface ProvenRecord {
  readonly header: Header;
  readonly checkpoint: Checkpoint;
}

/**
 * Undefined unless one of `verifiers` signed the checkpoint, its tree has this very record at this place, and the record
 * says the same of itself. Needs nothing but the proof and the key.
 */
export function verifyProof(
  proof: RecordProof,
  verifiers: readonly NoteVerifier[],
): ProvenRecord | undefined {
  const checkpoint = openCheckpoint(proof.checkpoint, verifiers);
  const header = parseHeader(proof.header);
  if (checkpoint === undefined || header === undefined) return undefined;
  const leaf = leafHash(proof.header, proof.digests);
  if (!verifyInclusion(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root)) return undefined;
  const inPlace =
    header.chain === checkpoint.chain &&
    header.origin === checkpoint.origin &&
    header.seq === proof.index + 1;
  return inPlace ? { header, checkpoint } : undefined;
}
