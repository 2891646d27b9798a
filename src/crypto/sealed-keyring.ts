import { createPublicKey, type KeyObject } from 'node:crypto';
import { CompactEncrypt, CompactSign, compactDecrypt, compactVerify } from 'jose';
import { type KeyringSeal } from './local-keyring.ts';

const TYPE = 'cordon-keyring';
const ENCRYPTION = 'A256GCM';
const SIGNATURE_OF_CURVE: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

/**
 * A keyring that only the holder of a key pair can read or write: a JWS (PS256 or ES*) within a JWE (RSA-OAEP-256 or
 * ECDH-ES+A256KW, A256GCM), both compact. Encryption alone would let anybody who has the certificate put in keys of
 * their own choice, hence the signature within.
 */
export function createKeyringSeal(privateKey: KeyObject): KeyringSeal {
  const publicKey = createPublicKey(privateKey);
  const { signature, management } = algorithmsOf(privateKey);
  return {
    async seal(text) {
      const signed = await new CompactSign(Buffer.from(text, 'utf8'))
        .setProtectedHeader({ alg: signature, typ: TYPE })
        .sign(privateKey);
      return new CompactEncrypt(Buffer.from(signed, 'ascii'))
        .setProtectedHeader({ alg: management, enc: ENCRYPTION, typ: TYPE })
        .encrypt(publicKey);
    },
    async open(stored) {
      try {
        const { plaintext } = await compactDecrypt(stored.trim(), privateKey, {
          keyManagementAlgorithms: [management],
          contentEncryptionAlgorithms: [ENCRYPTION],
        });
        const { payload, protectedHeader } = await compactVerify(plaintext, publicKey, {
          algorithms: [signature],
        });
        if (protectedHeader.typ !== TYPE) throw new Error('signed for another purpose');
        return Buffer.from(payload).toString('utf8');
      } catch (cause) {
        throw new Error('the keyring was not sealed by the key of the PKCS #12 file, or is damaged', {
          cause,
        });
      }
    },
  };
}

function algorithmsOf(key: KeyObject): { readonly signature: string; readonly management: string } {
  if (key.asymmetricKeyType === 'rsa') return { signature: 'PS256', management: 'RSA-OAEP-256' };
  const signature = SIGNATURE_OF_CURVE[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (signature === undefined) throw new RangeError('a keyring is sealed by an RSA or EC key');
  return { signature, management: 'ECDH-ES+A256KW' };
}
