import { createPrivateKey, type KeyObject } from 'node:crypto';
import forge from 'node-forge';
import { type Secret } from '../domain/secret.ts';

const CURVES: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
const MIN_RSA_BITS = 2048;
/** SafeContents of an encrypted private key, and of one in clear. */
const KEY_BAGS = ['pkcs8ShroudedKeyBag', 'keyBag'] as const;

/**
 * The private key of a PKCS #12 file (RFC 7292): RSA of 2048 bits or more, or EC on P-256, P-384 or P-521. Encrypted by
 * PBES2 with AES as OpenSSL 3 does it, or in the older ways; MAC with SHA-1 or SHA-2. Throws when the password is wrong,
 * or when there is not exactly one such key; no message quotes the file.
 */
export function readPkcs12(bytes: Buffer, password: Secret): KeyObject {
  // Programs disagree on what bytes any other character is.
  if (!/^[ -~]*$/.test(password.reveal()))
    throw new Error('the password of a PKCS #12 file must be printable ASCII');
  const keys = privateKeys(bytes, password);
  const [key] = keys;
  if (key === undefined || keys.length > 1) {
    throw new Error(`the PKCS #12 file must hold one private key, not ${keys.length}`);
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const strong =
    (type === 'rsa' && (details?.modulusLength ?? 0) >= MIN_RSA_BITS) ||
    (type === 'ec' && CURVES.has(details?.namedCurve ?? ''));
  if (!strong) {
    throw new Error(
      'the key of the PKCS #12 file must be RSA of 2048 bits or more, or EC on P-256, P-384 or P-521',
    );
  }
  return key;
}

function privateKeys(bytes: Buffer, password: Secret): readonly KeyObject[] {
  try {
    const asn1 = forge.asn1.fromDer(bytes.toString('latin1'));
    const p12 = forge.pkcs12.pkcs12FromAsn1(asn1, false, password.reveal());
    return KEY_BAGS.flatMap((name) => {
      const type = forge.pki.oids[name] ?? '';
      return (p12.getBags({ bagType: type })[type] ?? []).map(toKey);
    });
  } catch {
    // What forge says may quote the file.
    throw new Error(
      'the PKCS #12 file cannot be opened: the password is wrong, or it was not made in a usual way (AES-256 or 3DES, MAC with SHA-1 or SHA-2; PBMAC1 is not supported)',
    );
  }
}

/** Forge knows RSA keys; of others it hands on the PKCS #8 structure. */
function toKey({ key, asn1 }: forge.pkcs12.Bag): KeyObject {
  if (key) return createPrivateKey(forge.pki.privateKeyToPem(key));
  const der = Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}
