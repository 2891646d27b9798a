import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { parseRecipients } from '../../src/crypto/certificate.ts';
import { encryptCms } from '../../src/crypto/cms-enveloped.ts';
import { createCmsSigner, signCms } from '../../src/crypto/cms-signed.ts';
import { createSelfSigned } from '../../src/crypto/self-signed.ts';
import { decryptCms, decryptCmsFor } from '../support/cms.ts';
import { openssl } from '../support/openssl.ts';
import { createTestCertificate, type TestCertificate } from '../support/x509.ts';

const alice = createTestCertificate({ commonName: 'Alice', keyUsage: 0x20 });
const bob = createTestCertificate({ commonName: 'Bob', bits: 3072 });
const eve = createTestCertificate({ commonName: 'Eve' });

async function encrypt(pieces: readonly Uint8Array[], to: readonly TestCertificate[]): Promise<Buffer> {
  const recipients = parseRecipients(to.map(({ certificate }) => certificate).join(''), Date.now());
  const parts: Buffer[] = [];
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) yield await Promise.resolve(piece);
  }
  for await (const part of encryptCms(source(), recipients)) parts.push(part);
  return Buffer.concat(parts);
}

function folder(t: ExecutionContext, files: Readonly<Record<string, string | Buffer>>): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'cordon-cms-'));
  t.teardown(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(directory, name), content);
  return directory;
}

/** The exit code of stock OpenSSL and what it wrote. */
function opensslOpens(t: ExecutionContext, message: Buffer, who: TestCertificate) {
  const directory = folder(t, { 'e.p7m': message, 'k.pem': who.keyPem, 'c.pem': who.certificate });
  const at = (name: string): string => path.join(directory, name);
  const files = ['-in', at('e.p7m'), '-inkey', at('k.pem'), '-recip', at('c.pem'), '-out', at('e.tar')];
  const run = openssl(t, 'cms', '-decrypt', '-binary', '-inform', 'DER', ...files);
  return run && { status: run.status, read: () => readFileSync(at('e.tar')) };
}

test('each recipient opens what was encrypted for several, with node:crypto and with openssl', async (t) => {
  const text = randomBytes(200_001);
  const message = await encrypt(
    [text.subarray(0, 7), text.subarray(7, 150_000), text.subarray(150_000)],
    [alice, bob],
  );
  for (const who of [alice, bob]) {
    t.true(decryptCmsFor(message, who.key).equals(text));
    const opened = opensslOpens(t, message, who);
    if (opened === undefined) continue;
    t.is(opened.status, 0);
    t.true(opened.read().equals(text));
  }
  t.throws(() => decryptCmsFor(message, eve.key));
  t.not(opensslOpens(t, message, eve)?.status ?? 1, 0);
});

test('a message of nothing is a message', async (t) => {
  const message = await encrypt([], [alice]);
  t.is(decryptCms(message, alice.key, 0).length, 0);
  t.is(opensslOpens(t, message, alice)?.status ?? 0, 0);
});

test('a flipped bit of ciphertext or MAC is refused by openssl and by us', async (t) => {
  const message = await encrypt([Buffer.from('the quick brown fox'.repeat(20))], [alice]);
  for (const place of [message.length - 60, message.length - 10]) {
    const flipped = Buffer.from(message);
    flipped.writeUInt8(flipped.readUInt8(place) ^ 1, place);
    t.throws(() => decryptCms(flipped, alice.key, 0));
    t.not(opensslOpens(t, flipped, alice)?.status ?? 1, 0);
  }
});

test('whatever the pieces, the content comes out', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), async (pieces) => {
      const message = await encrypt(pieces, [alice]);
      t.true(decryptCms(message, alice.key, 0).equals(Buffer.concat(pieces)));
    }),
    { numRuns: 25 },
  );
});

test('recipients that should not get an export are refused, each for its reason', (t) => {
  const day = 86_400_000;
  const refused = (pem: string, message: RegExp): void => {
    t.throws(() => parseRecipients(pem, Date.now()), { name: 'CertificateError', message });
  };
  refused('', /no certificate/);
  refused('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', /malformed/);
  refused(createTestCertificate({ kind: 'ec' }).certificate, /not an RSA key/);
  refused(createTestCertificate({ bits: 1024 }).certificate, /shorter than 2048/);
  refused(createTestCertificate({ keyUsage: 0x80 }).certificate, /not for encrypting/);
  refused(createTestCertificate({ notAfterMs: Date.now() - day / 2 }).certificate, /not valid today/);
  refused(createTestCertificate({ notBeforeMs: Date.now() + day / 2 }).certificate, /not valid today/);
  refused(alice.certificate.repeat(2), /named twice/);
  refused(`${'x'.repeat(70_000)}${alice.certificate}`, /too long/);
  refused(Array.from({ length: 17 }, () => alice.certificate).join(''), /more than 16/);
  t.is(parseRecipients(`note\n${alice.certificate}${bob.certificate}`, Date.now()).length, 2);
});

function verifies(
  t: ExecutionContext,
  content: Buffer,
  signature: Buffer,
  ca: string,
): number | null | undefined {
  const directory = folder(t, { 'm.json': content, 'm.p7s': signature, 'ca.pem': ca });
  const at = (name: string): string => path.join(directory, name);
  const files = ['-in', at('m.p7s'), '-content', at('m.json'), '-CAfile', at('ca.pem'), '-out', at('out')];
  return openssl(t, 'cms', '-verify', '-binary', '-inform', 'DER', ...files)?.status;
}

test('openssl verifies what RSA and P-256 signers signed, under the authority above them, and nothing else', (t) => {
  const authority = createTestCertificate({ commonName: 'CA', authority: true, keyUsage: 0x06 });
  const content = Buffer.from('{"a":1}');
  for (const kind of ['rsa', 'ec'] as const) {
    const own = createTestCertificate({ kind, issuer: authority, keyUsage: 0x80, commonName: 'Cordon' });
    const signer = createCmsSigner(own.keyPem, own.certificate + authority.certificate, Date.now());
    const signature = signCms(content, signer, Date.now());
    t.is(verifies(t, content, signature, authority.certificate) ?? 0, 0);
    t.not(verifies(t, Buffer.from('{"a":2}'), signature, authority.certificate) ?? 1, 0);
    t.not(verifies(t, content, signature, eve.certificate) ?? 1, 0);
  }
});

test('a certificate made for development verifies under itself', (t) => {
  const { key, certificate } = createSelfSigned('Cordon (development)', Date.now());
  const content = Buffer.from('x');
  const signature = signCms(content, createCmsSigner(key, certificate, Date.now()), Date.now());
  t.is(verifies(t, content, signature, certificate) ?? 0, 0);
});

test('a signer whose key and certificate do not belong together is refused', (t) => {
  const message = /does not belong/;
  t.throws(() => createCmsSigner(alice.keyPem, bob.certificate, Date.now()), { message });
  t.throws(() => createCmsSigner('nonsense', bob.certificate, Date.now()), { message: /not a private key/ });
  t.throws(() => createCmsSigner(alice.keyPem, alice.certificate, Date.now()), {
    message: /not for signing/,
  });
});
