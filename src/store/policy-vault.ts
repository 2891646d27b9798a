import { timingSafeEqual } from 'node:crypto';
import { type Deks } from '../crypto/deks.ts';
import { additionalData, open, seal } from '../crypto/envelope.ts';
import { type Keyring } from '../crypto/keyring.ts';
import { type JsonObject } from '../domain/json.ts';
import { periodOf } from '../ledger/draft.ts';
import { type Actor } from '../policy/lifecycle/ports.ts';

/** Keys over the policy's tables: who people are, what they wrote, and that Cordon made a row. */
export interface PolicyVault {
  /** Keyed pseudonym, as in `cordon.proposals`. */
  person(actor: Actor): Buffer;
  /** `record` names the row that it goes into: it opens nowhere else. */
  seal(
    tenant: string,
    record: string,
    value: JsonObject,
  ): Promise<{ readonly dek: string; readonly sealed: Buffer }>;
  /** Undefined when the key is gone; rejects when it is not what was sealed there. */
  open(record: string, dek: string, sealed: Buffer): Promise<JsonObject | undefined>;
  /** HMAC-SHA256 under the index key. */
  prove(parts: readonly string[]): Buffer;
  isProven(parts: readonly string[], proof: Buffer): boolean;
}

/** What is proved of who wrote a version. */
export function authorship(hash: string, author: Buffer): readonly string[] {
  return ['version', hash, author.toString('hex')];
}

export function createPolicyVault(deps: {
  readonly deks: Deks;
  readonly keyring: Keyring;
  readonly origin: string;
  readonly now: () => number;
}): PolicyVault {
  const { deks, keyring, origin, now } = deps;
  // The tenant is the key's own: who reads a row need not know whose it is.
  const context = (record: string, dek: string): Buffer =>
    additionalData({ schema: 'cordon.policy.v1', origin, record, tenant: '', field: 'sealed', dek });
  const prove = (parts: readonly string[]): Buffer => keyring.reference(['policy', ...parts]);
  return {
    person: ({ tenant, issuer, subject }) => keyring.reference(['admin', tenant, issuer, subject]),
    async seal(tenant, record, value) {
      const reference = Buffer.alloc(0);
      const dek = await deks.forSealing({ kind: 'tenant', tenant, reference, period: periodOf(now()) });
      const text = Buffer.from(JSON.stringify(value), 'utf8');
      return { dek: dek.id, sealed: (await seal(text, dek.key, context(record, dek.id))).bytes };
    },
    async open(record, id, sealed) {
      const dek = await deks.forOpening(id);
      if (dek === undefined) return undefined;
      return JSON.parse(open(sealed, dek.key, context(record, id)).toString('utf8')) as JsonObject;
    },
    prove,
    isProven: (parts, proof) => proof.length === 32 && timingSafeEqual(proof, prove(parts)),
  };
}
