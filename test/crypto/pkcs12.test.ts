import { spawnSync } from 'node:child_process';
import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { CompactEncrypt, CompactSign } from 'jose';
import { createKeyringFile, openKeyringFile } from '../../src/crypto/keyring-file.ts';
import { formatDocument, newDocument } from '../../src/crypto/keyring-document.ts';
import { UnusableKeyError } from '../../src/crypto/keyring.ts';
import { readPkcs12 } from '../../src/crypto/pkcs12.ts';
import { createKeyringSeal } from '../../src/crypto/sealed-keyring.ts';
import { Secret } from '../../src/domain/secret.ts';
import { legacyPkcs12, modernPkcs12, newEcKey, newRsaKey } from '../support/keys.ts';

const PASSWORD = 'correct horse';
const OPENSSL = 'openssl';
const password = new Secret(PASSWORD);
const rsa = newRsaKey();
const ec = newEcKey();

async function newPath(t: ExecutionContext, name: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cordon-pkcs12-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  return join(directory, name);
}

function same(t: ExecutionContext, read: KeyObject, expected: KeyObject): void {
  t.true(createPublicKey(read).equals(createPublicKey(expected)));
}

test('the private key is read from files of today and of older programs, RSA and EC', (t) => {
  same(t, readPkcs12(modernPkcs12([rsa], PASSWORD), password), rsa);
  for (const curve of ['P-256', 'P-384', 'P-521']) {
    const key = newEcKey(curve);
    same(t, readPkcs12(modernPkcs12([key], PASSWORD), password), key);
  }
  same(t, readPkcs12(legacyPkcs12(rsa, PASSWORD), password), rsa);
  same(t, readPkcs12(legacyPkcs12(rsa, PASSWORD, 'aes256'), password), rsa);
});

test('what OpenSSL makes is read, where OpenSSL is at hand', async (t) => {
  const key = await newPath(t, 'key.pem');
  const out = `${key}.p12`;
  await writeFile(key, ec.export({ type: 'pkcs8', format: 'pem' }));
  const args = ['pkcs12', '-export', '-nocerts', '-inkey', key, '-out', out, '-passout', `pass:${PASSWORD}`];
  if (spawnSync(OPENSSL, args).status !== 0) {
    t.pass('no usable OpenSSL here');
    return;
  }
  same(t, readPkcs12(await readFile(out), password), ec);
});

test('a wrong password, a damaged file, weak keys and several keys are refused without quoting anything', (t) => {
  const file = modernPkcs12([rsa], PASSWORD);
  t.throws(() => readPkcs12(file, new Secret('hunter2')), { message: /password is wrong/ });
  const damaged = Buffer.from(file);
  damaged.writeUInt8(damaged.readUInt8(200) ^ 1, 200);
  t.throws(() => readPkcs12(damaged, password), { message: /cannot be opened/ });
  t.throws(() => readPkcs12(randomBytes(500), password), { message: /cannot be opened/ });
  t.throws(() => readPkcs12(modernPkcs12([newRsaKey(1024)], PASSWORD), password), { message: /2048 bits/ });
  t.throws(() => readPkcs12(modernPkcs12([newEcKey('secp256k1')], PASSWORD), password), { message: /P-256/ });
  t.throws(() => readPkcs12(modernPkcs12([rsa, ec], PASSWORD), password), { message: /not 2/ });
  t.throws(() => readPkcs12(modernPkcs12([], PASSWORD), password), { message: /not 0/ });
  t.throws(() => readPkcs12(modernPkcs12([ec], 'pässword'), new Secret('pässword')), { message: /ASCII/ });
});

for (const [name, key, other] of [
  ['RSA', rsa, newRsaKey()],
  ['EC', ec, newEcKey()],
] as const) {
  test(`a sealed keyring works like one in clear, shows nothing and opens with its own key only (${name})`, async (t) => {
    const path = await newPath(t, 'keyring.jwe');
    const seal = createKeyringSeal(key);
    await createKeyringFile(path, seal);
    const keyring = await openKeyringFile(path, seal);
    const wrapped = await keyring.wrap(Buffer.alloc(32, 7), 'owner');
    await keyring.rotate();
    const again = await openKeyringFile(path, seal);
    t.deepEqual(await again.unwrap(wrapped, 'owner'), Buffer.alloc(32, 7));
    t.deepEqual(again.reference(['x']), keyring.reference(['x']));
    t.is((await again.keks()).length, 2);
    await t.throwsAsync(again.unwrap(wrapped, 'other'), { instanceOf: UnusableKeyError });
    const stored = await readFile(path, 'utf8');
    t.notRegex(stored, /kek-|current/);
    await t.throwsAsync(openKeyringFile(path, createKeyringSeal(other)), {
      message: /not sealed by the key/,
    });
    const [head = '', ...rest] = stored.split('.');
    const flipped = [head, ...rest.slice(0, -2), `A${rest.at(-2)?.slice(1) ?? ''}`, rest.at(-1)].join('.');
    if (flipped !== stored) {
      await writeFile(path, flipped);
      await t.throwsAsync(openKeyringFile(path, seal), { message: /damaged/ });
    }
  });

  test(`who has only the certificate cannot put in keys of their own (${name})`, async (t) => {
    const path = await newPath(t, 'keyring.jwe');
    const chosen = formatDocument(newDocument(0));
    const management = name === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW';
    const signed = await new CompactSign(Buffer.from(chosen))
      .setProtectedHeader({ alg: name === 'RSA' ? 'PS256' : 'ES256', typ: 'cordon-keyring' })
      .sign(other);
    for (const content of [chosen, signed]) {
      const forged = await new CompactEncrypt(Buffer.from(content))
        .setProtectedHeader({ alg: management, enc: 'A256GCM', typ: 'cordon-keyring' })
        .encrypt(createPublicKey(key));
      await writeFile(path, forged, { mode: 0o600 });
      await t.throwsAsync(openKeyringFile(path, createKeyringSeal(key)), {
        message: /not sealed by the key/,
      });
    }
  });
}
