import { type Deks } from '../crypto/deks.ts';
import { additionalData, open } from '../crypto/envelope.ts';
import { type Header } from './header.ts';
import { type SealedField } from './leaf.ts';
import { envelopeContext } from './seal.ts';

/** `key_unavailable`: destroyed by an erasure, or with its KEK. `damaged`: the ciphertext is not the one sealed there. */
export type OpenedField =
  | { readonly state: 'open'; readonly text: string }
  | { readonly state: 'key_unavailable' }
  | { readonly state: 'damaged' };

/** Decrypts one field of a record, in the place its header gives it. */
export async function openField(
  header: Header,
  field: SealedField,
  envelope: Buffer,
  deks: Deks,
): Promise<OpenedField> {
  const sealed = header.sealed.find((entry) => entry.field === field);
  if (sealed === undefined) return { state: 'damaged' };
  const dek = await deks.forOpening(sealed.dek);
  if (dek === undefined) return { state: 'key_unavailable' };
  const { origin, type, id, tenant } = header;
  const aad = additionalData(envelopeContext({ origin, type, id, tenant, field, dek: dek.id }));
  try {
    return { state: 'open', text: open(envelope, dek.key, aad).toString('utf8') };
  } catch {
    return { state: 'damaged' };
  }
}
