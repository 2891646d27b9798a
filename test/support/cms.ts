import { constants, createDecipheriv, type KeyObject, privateDecrypt } from 'node:crypto';
import { child, decode, type Element } from '../../src/crypto/asn1.ts';

/** Opens AuthEnvelopedData with node:crypto alone: the recipient at this place, as RFC 5083 says. Throws when it does not open. */
export function decryptCms(message: Buffer, key: KeyObject, recipient: number): Buffer {
  const enveloped = child(child(decode(message), 1), 0);
  const infos = child(enveloped, 1).children;
  const info = infos[recipient];
  const content = child(enveloped, 2);
  const wrapped = child(info, 3).content;
  const cek = privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, wrapped);
  const nonce = child(child(child(content, 1), 1), 0).content;
  const decipher = createDecipheriv('aes-256-gcm', cek, nonce, { authTagLength: 16 });
  decipher.setAuthTag(child(enveloped, 3).content);
  const pieces = child(content, 2).children.map((piece: Element) => decipher.update(piece.content));
  return Buffer.concat([...pieces, decipher.final()]);
}

/** Opens with whichever recipient's place the key fits. */
export function decryptCmsFor(message: Buffer, key: KeyObject): Buffer {
  const places = child(child(child(decode(message), 1), 0), 1).children.length;
  for (let place = 0; place < places; place++) {
    try {
      return decryptCms(message, key, place);
    } catch (error) {
      if (place === places - 1) throw error;
    }
  }
  throw new Error('no recipient');
}
