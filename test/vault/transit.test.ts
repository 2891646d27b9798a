import { randomBytes } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { createDeks } from '../../src/crypto/deks.ts';
import { type KekService, KekServiceError, openServiceKeyring } from '../../src/crypto/kek-service.ts';
import { type ManagedKeyring, UnusableKeyError } from '../../src/crypto/keyring.ts';
import { Secret } from '../../src/domain/secret.ts';
import { createTransitService, type TransitOptions } from '../../src/vault/transit.ts';
import { createCertificate } from '../support/certificate.ts';
import { memoryDeks, owner } from '../support/keys.ts';
import { startVault, type TestVault } from '../support/vault.ts';

const KEY = Buffer.alloc(32, 7);
const PATIENT_MS = 20_000;
const outage = { instanceOf: KekServiceError };
const unusable = { instanceOf: UnusableKeyError };

async function start(t: ExecutionContext, tls?: Parameters<typeof startVault>[0]): Promise<TestVault> {
  const vault = await startVault(tls);
  vault.createKey('cordon');
  vault.createKey('cordon-index');
  t.teardown(() => vault.close());
  return vault;
}

function serviceOf(t: ExecutionContext, vault: TestVault, changes: Partial<TransitOptions> = {}): KekService {
  const service = createTransitService({
    address: vault.address,
    namespace: undefined,
    token: () => Promise.resolve(new Secret('s.good')),
    ca: undefined,
    timeoutMs: PATIENT_MS,
    mount: 'transit',
    key: 'cordon',
    indexKey: 'cordon-index',
    origin: 'cordon.test',
    ...changes,
  });
  t.teardown(() => service.close());
  return service;
}

const open = (
  t: ExecutionContext,
  vault: TestVault,
  changes: Partial<TransitOptions> = {},
): Promise<ManagedKeyring> => openServiceKeyring(serviceOf(t, vault, changes));

test('Vault wraps and opens under the context given and no other, and a version is a KEK', async (t) => {
  const vault = await start(t);
  const keyring = await open(t, vault);
  const wrapped = await keyring.wrap(KEY, 'owner');
  t.is(wrapped.kek, 'vault:cordon:v1');
  t.deepEqual(await keyring.unwrap(wrapped, 'owner'), KEY);
  await t.throwsAsync(keyring.unwrap(wrapped, 'other'), unusable);
  await t.throwsAsync(keyring.unwrap({ ...wrapped, kek: 'vault:cordon:v2' }, 'owner'), unusable);
  await t.throwsAsync(keyring.unwrap({ ...wrapped, bytes: Buffer.from('vault:v1:!') }, 'owner'), unusable);
  t.true(vault.received.every(({ headers }) => headers['x-vault-request'] === 'true'));
});

test('rotation, re-wrapping and destruction go the documented way, oldest first', async (t) => {
  const vault = await start(t);
  const keyring = await open(t, vault);
  const first = await keyring.wrap(KEY, 'x');
  const made = await keyring.rotate();
  t.like(made, { id: 'vault:cordon:v2', current: true });
  const second = await keyring.wrap(KEY, 'x');
  t.is(second.kek, made.id);
  t.deepEqual(await keyring.unwrap(first, 'x'), KEY);
  await keyring.rotate();
  await t.throwsAsync(keyring.destroy('vault:cordon:v2'), { message: /v1 is older/ });
  await t.throwsAsync(keyring.destroy('vault:cordon:v3'), { message: /current/ });
  await keyring.destroy(first.kek);
  await keyring.destroy(first.kek);
  t.is(vault.key('cordon').versions[0], undefined, 'trimmed, not only disallowed');
  await t.throwsAsync(keyring.unwrap(first, 'x'), unusable);
  t.deepEqual(await keyring.unwrap(second, 'x'), KEY);
  t.deepEqual(
    (await keyring.keks()).map(({ id, current }) => [id, current]),
    [
      ['vault:cordon:v2', false],
      ['vault:cordon:v3', true],
    ],
  );
  t.true((await keyring.keks()).every(({ createdMs }) => Math.abs((createdMs ?? 0) - Date.now()) < 600_000));
});

test('pseudonyms survive every rotation, are alike on all machines and differ between deployments', async (t) => {
  const vault = await start(t);
  const [here, there] = [await open(t, vault), await open(t, vault)];
  const elsewhere = await open(t, vault, { origin: 'other.test' });
  const pseudonym = here.reference(['person', 'a', 'b']);
  t.deepEqual(there.reference(['person', 'a', 'b']), pseudonym);
  t.notDeepEqual(elsewhere.reference(['person', 'a', 'b']), pseudonym);
  const asked = vault.received.length;
  here.reference(['person', 'a', 'c']);
  t.is(vault.received.length, asked, 'a pseudonym costs no request');
  await here.rotate();
  await here.destroy('vault:cordon:v1');
  t.is(await here.rotateIndex(), 2);
  await there.refresh();
  t.deepEqual(there.indexVersions, [1, 2]);
  t.deepEqual(there.reference(['person', 'a', 'b']), pseudonym);
  t.notDeepEqual(there.reference(['person', 'a', 'b'], 2), pseudonym);
  vault.createKey('cordon-index');
  await t.throwsAsync(there.refresh(), { message: /index key/ }, 'made anew, it is another');
  t.deepEqual(there.reference(['person', 'a', 'b']), pseudonym);
});

test('a Vault that passes over the context, or has the wrong kind of key, is refused at the start', async (t) => {
  const vault = await start(t);
  vault.faults.ignoresContext = true;
  await t.throwsAsync(open(t, vault), { message: /does not bind/ });
  vault.faults.ignoresContext = false;
  vault.createKey('signing', 'ed25519');
  await t.throwsAsync(open(t, vault, { key: 'signing' }), { message: /no type that wraps/ });
  await t.throwsAsync(open(t, vault, { key: 'missing' }), { message: /no such mount or key/ });
  await t.throwsAsync(open(t, vault, { mount: 'elsewhere' }), { message: /no such mount or key/ });
});

test('a token is read anew for each request; a refused one is an outage, never a missing key', async (t) => {
  const vault = await start(t);
  let token = 's.good';
  const keyring = await open(t, vault, { token: () => Promise.resolve(new Secret(token)) });
  const wrapped = await keyring.wrap(KEY, 'x');
  vault.tokens.clear();
  vault.tokens.add('s.renewed');
  const refused = await t.throwsAsync(keyring.unwrap(wrapped, 'x'), outage);
  t.regex(String(refused), /refuses our token/);
  t.false(String(refused).includes('s.good'));
  token = 's.renewed';
  t.deepEqual(await keyring.unwrap(wrapped, 'x'), KEY);
});

test('namespace, certificate and path of the address are used', async (t) => {
  const certificate = createCertificate();
  const vault = await start(t, certificate);
  vault.namespace.required = 'team/a';
  await t.throwsAsync(open(t, vault, { namespace: 'team/a' }), { message: /cannot be reached/ });
  const keyring = await open(t, vault, { namespace: 'team/a', ca: certificate.cert });
  t.is((await keyring.wrap(KEY, 'x')).kek, 'vault:cordon:v1');
  await t.throwsAsync(open(t, vault, { ca: certificate.cert }), outage);
  await t.throwsAsync(
    open(t, vault, { address: `${vault.address}/behind`, namespace: 'team/a', ca: certificate.cert }),
    outage,
  );
  t.true(vault.received.at(-1)?.path.startsWith('/behind/v1/transit/'));
});

test('what passes is tried again, what does not is not, and a rotation is never asked for twice', async (t) => {
  const vault = await start(t);
  const keyring = await open(t, vault);
  const wrapped = await keyring.wrap(KEY, 'x');
  for (const status of [412, 429, 472, 473, 500, 502, 503]) {
    vault.failures.push({ status, errors: ['x'] }, { status, errors: ['x'] });
    t.deepEqual(await keyring.unwrap(wrapped, 'x'), KEY, String(status));
  }
  for (const status of [301, 401, 403, 404, 405]) {
    const before = vault.received.length;
    vault.failures.push({ status, errors: ['x'] });
    await t.throwsAsync(keyring.unwrap(wrapped, 'x'), outage, String(status));
    t.is(vault.received.length, before + 1, String(status));
  }
  vault.failures.push({ status: 500, errors: ['x'] });
  await t.throwsAsync(keyring.rotate(), outage);
  t.is(vault.key('cordon').versions.length, 1);
});

test('a sealed, silent, gone or babbling Vault is an outage, and nothing it says is quoted', async (t) => {
  const vault = await start(t);
  const keyring = await open(t, vault);
  const wrapped = await keyring.wrap(KEY, 'x');
  vault.sealed = true;
  await t.throwsAsync(keyring.unwrap(wrapped, 'x'), { ...outage, message: /sealed/ });
  vault.sealed = false;
  vault.faults.hangs = true;
  const hurried = serviceOf(t, vault, { timeoutMs: 200 });
  await t.throwsAsync(hurried.wrap(KEY, Buffer.from('x')), {
    ...outage,
    message: /in time|cannot be reached/,
  });
  vault.faults.hangs = false;
  for (const answer of [
    'hunter2',
    '{"data":null}',
    '{"data":{"plaintext":7}}',
    '{"data":{"plaintext":"aHVudGVyMg=="}}',
    JSON.stringify({ data: { plaintext: 'x'.repeat(2_000_000) } }),
  ]) {
    vault.faults.answers = answer;
    const error = await t.throwsAsync(keyring.unwrap(wrapped, 'x'), outage);
    t.notRegex(String(error), /hunter2/);
  }
  vault.faults.answers = '{"data":{"ciphertext":"vault:vX:aaaa"}}';
  await t.throwsAsync(keyring.wrap(KEY, 'x'), outage);
  await vault.close();
  await t.throwsAsync(keyring.unwrap(wrapped, 'x'), outage);
});

test('while Vault is away, keys in use go on and every other one is refused', async (t) => {
  const vault = await start(t);
  const keyring = await open(t, vault);
  const store = memoryDeks();
  const deks = createDeks({ store, keyring });
  const used = await deks.forSealing(owner());
  const other = await createDeks({ store, keyring }).forSealing(owner('subject'));
  vault.sealed = true;
  t.is((await deks.forSealing(owner())).id, used.id);
  await t.throwsAsync(deks.forSealing(owner('subject')), outage);
  await t.throwsAsync(deks.forSealing(owner('tenant', 'other')), outage);
  await t.throwsAsync(deks.forOpening(other.id), outage, 'which is not the same as a key that is gone');
  t.is([...store.rows.values()].length, 2, 'nothing was added meanwhile');
  vault.sealed = false;
  t.is((await deks.forSealing(owner('subject'))).id, other.id);
});

test('any key comes back under its context and under no other', async (t) => {
  const keyring = await open(t, await start(t));
  const context = fc.string({ unit: 'grapheme', maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(context, context, async (a, b) => {
      const key = randomBytes(32);
      const wrapped = await keyring.wrap(key, a);
      t.deepEqual(await keyring.unwrap(wrapped, a), key);
      if (a !== b) await t.throwsAsync(keyring.unwrap(wrapped, b), unusable);
    }),
    { numRuns: 40 },
  );
});
