import { X509Certificate, type KeyObject } from 'node:crypto';
import { child, decode, type Element, oid, TAG } from './asn1.ts';

/** What of an X.509 certificate CMS needs: its key, and the name it is pointed to by. */
export interface Certificate {
  readonly der: Buffer;
  /** DER of the issuer's name and of the serial number, as they stand in the certificate. */
  readonly issuer: Buffer;
  readonly serial: Buffer;
  readonly publicKey: KeyObject;
  /** One line, for people. */
  readonly subject: string;
  /** SHA-256 of the certificate, lower-case hex. */
  readonly fingerprint: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** First octet of the key usage; undefined when the certificate does not say. */
  readonly keyUsage: number | undefined;
}

/** Why a certificate is of no use here. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

const MAX_PEM_CHARS = 64 * 1024;
const MAX_RECIPIENTS = 16;
const MIN_RSA_BITS = 2048;
/** Bits are numbered from the left: RFC 5280 §4.2.1.3. */
const DIGITAL_SIGNATURE = 0x80;
const KEY_ENCIPHERMENT = 0x20;
const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const KEY_USAGE = oid('2.5.29.15');
const EXTENSIONS = 0xa3;
const VERSION = 0xa0;

/** Every certificate in a PEM text, in order; throws a CertificateError when there is none or one is malformed. */
export function parseCertificates(pem: string): readonly Certificate[] {
  if (pem.length > MAX_PEM_CHARS) throw new CertificateError('the certificates are too long');
  const found = pem.match(PEM) ?? [];
  if (found.length === 0) throw new CertificateError('there is no certificate in PEM');
  return found.map(parseCertificate);
}

function parseCertificate(pem: string): Certificate {
  try {
    const x509 = new X509Certificate(pem);
    const body = child(decode(x509.raw), 0, TAG.sequence);
    // The version is optional, and everything else moves up without it.
    const first = body.children[0]?.tag === VERSION ? 1 : 0;
    return {
      der: x509.raw,
      serial: child(body, first, TAG.integer).raw,
      issuer: child(body, first + 2, TAG.sequence).raw,
      publicKey: x509.publicKey,
      subject: x509.subject.replaceAll('\n', ', '),
      fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
      notBeforeMs: Date.parse(x509.validFrom),
      notAfterMs: Date.parse(x509.validTo),
      keyUsage: readKeyUsage(body),
    };
  } catch {
    throw new CertificateError('a certificate is malformed');
  }
}

function readKeyUsage(body: Element): number | undefined {
  const list = body.children.find((element) => element.tag === EXTENSIONS)?.children[0];
  const extension = list?.children.find((element) => element.children[0]?.raw.equals(KEY_USAGE));
  const value = extension?.children.find((element) => element.tag === TAG.octetString);
  if (value === undefined) return undefined;
  const bits = decode(value.content);
  // The first octet of a bit string counts the unused bits of the last one.
  return bits.tag === TAG.bitString ? (bits.content[1] ?? 0) : 0;
}

/**
 * Certificates an export may be encrypted to: RSA of at least 2,048 bits, valid now, allowed to encipher keys where
 * they say what they are for. No chain is checked: the second person approves these very certificates.
 */
export function parseRecipients(pem: string, nowMs: number): readonly Certificate[] {
  const certificates = parseCertificates(pem);
  if (certificates.length > MAX_RECIPIENTS) throw new CertificateError('there are more than 16 recipients');
  if (new Set(certificates.map(({ fingerprint }) => fingerprint)).size < certificates.length)
    throw new CertificateError('a recipient is named twice');
  for (const certificate of certificates) {
    checkValidity(certificate, nowMs);
    if (certificate.publicKey.asymmetricKeyType !== 'rsa')
      throw new CertificateError(`the key of ${certificate.subject} is not an RSA key`);
    if ((certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS)
      throw new CertificateError(`the key of ${certificate.subject} is shorter than 2048 bits`);
    if (certificate.keyUsage !== undefined && (certificate.keyUsage & KEY_ENCIPHERMENT) === 0)
      throw new CertificateError(`the certificate of ${certificate.subject} is not for encrypting keys`);
  }
  return certificates;
}

/** A signer's own certificate first, then those above it. The key must be the first one's. */
export function parseSignerChain(pem: string, nowMs: number): readonly [Certificate, ...Certificate[]] {
  const [own, ...above] = parseCertificates(pem);
  if (own === undefined) throw new CertificateError('there is no certificate in PEM');
  checkValidity(own, nowMs);
  if (own.keyUsage !== undefined && (own.keyUsage & DIGITAL_SIGNATURE) === 0)
    throw new CertificateError(`the certificate of ${own.subject} is not for signing`);
  return [own, ...above];
}

function checkValidity({ subject, notBeforeMs, notAfterMs }: Certificate, nowMs: number): void {
  // Written so that a date which does not parse fails.
  if (!(notBeforeMs <= nowMs && nowMs <= notAfterMs))
    throw new CertificateError(`the certificate of ${subject} is not valid today`);
}
