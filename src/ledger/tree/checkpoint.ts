import { type NoteSigner, type NoteVerifier, openNote, signNote } from '../../crypto/signed-note.ts';

const ROOT_BYTES = 32;
const SIZE = /^[1-9]\d{0,15}$/;
const CHAIN = /^[0-9a-f-]{36}$/;

/** What a chain held at one moment: https://c2sp.org/tlog-checkpoint. */
export interface Checkpoint {
  /** The name of this installation, as in every record. */
  readonly origin: string;
  readonly chain: string;
  /** Records of the chain; at least one. */
  readonly size: number;
  /** RFC 6962 tree hash over their leaves. */
  readonly root: Buffer;
}

/** The checkpoint as a signed note: three lines (log, size, root), an empty one, a signature. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  const { origin, chain, size, root } = checkpoint;
  return signNote(`${origin}/${chain}\n${size}\n${root.toString('base64')}\n`, signer);
}

/** Undefined when nobody in `verifiers` signed it, or when it is no checkpoint of ours. Extension lines are passed over. */
export function openCheckpoint(note: string, verifiers: readonly NoteVerifier[]): Checkpoint | undefined {
  const [log = '', size = '', encoded = ''] = openNote(note, verifiers)?.text.split('\n') ?? [];
  const slash = log.lastIndexOf('/');
  const [origin, chain] = [log.slice(0, Math.max(slash, 0)), log.slice(slash + 1)];
  const root = Buffer.from(encoded, 'base64');
  if (origin === '' || !CHAIN.test(chain) || !SIZE.test(size) || !Number.isSafeInteger(Number(size)))
    return undefined;
  if (root.length !== ROOT_BYTES || root.toString('base64') !== encoded) return undefined;
  return { origin, chain, size: Number(size), root };
}
