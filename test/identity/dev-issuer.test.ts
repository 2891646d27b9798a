import test, { type ExecutionContext } from 'ava';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthenticator } from '../../src/identity/authenticator.ts';
import { createDevIssuer, type DevIssuer } from '../../src/identity/dev-issuer.ts';
import { NOW_MS, NOW_S } from './tokens.ts';

async function directoryFor(t: ExecutionContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cordon-dev-issuer-'));
  t.teardown(() => rm(directory, { recursive: true }));
  return join(directory, 'data');
}

const create = (directory: string, environment = 'development') =>
  createDevIssuer({ directory, environment, clock: () => NOW_MS });

const authenticatorOf = (issuer: DevIssuer) =>
  createAuthenticator({ issuers: [issuer.config], clock: () => NOW_MS });

test('a token it issues is accepted, with all it says', async (t) => {
  const issuer = await create(await directoryFor(t));
  const token = await issuer.issueToken({
    subject: 'alice',
    tenant: 'acme',
    roles: ['user'],
    groups: ['staff'],
    purposes: ['support'],
    client: 'app',
    ttlS: 60,
  });
  const {
    tokenId,
    issuer: name,
    ...principal
  } = await authenticatorOf(issuer).authenticate(`Bearer ${token}`);
  t.is(name, issuer.config.issuer);
  t.regex(tokenId ?? '', /^[0-9a-f-]{36}$/);
  t.deepEqual(principal, {
    tenant: 'acme',
    subject: 'alice',
    roles: ['user'],
    groups: ['staff'],
    client: 'app',
    purposes: ['support'],
    expiresAt: NOW_S + 60,
  });
});

test('the key is made once, for its owner only, and survives a restart', async (t) => {
  const directory = await directoryFor(t);
  const issuers = await Promise.all([create(directory), create(directory), create(directory)]);
  const [file, ...rest] = await readdir(directory);
  t.deepEqual(rest, [], 'no drafts are left');
  t.is((await stat(join(directory, file ?? ''))).mode & 0o777, 0o600);
  const restarted = await create(directory);
  for (const issuer of issuers) {
    const token = await issuer.issueToken({ subject: 'alice', tenant: 'acme' });
    await t.notThrowsAsync(authenticatorOf(restarted).authenticate(`Bearer ${token}`));
  }
});

test('its configuration holds no private key', async (t) => {
  const { config } = await create(await directoryFor(t));
  t.false(JSON.stringify(config).includes('"d"'));
});

test('it does not run in production', async (t) => {
  await t.throwsAsync(create(await directoryFor(t), 'production'), { message: /production/ });
});

test('a key file that others may read, or that is not a key, is refused without quoting it', async (t) => {
  const directory = await directoryFor(t);
  await create(directory);
  const [name = ''] = await readdir(directory);
  const path = join(directory, name);
  await chmod(path, 0o644);
  await t.throwsAsync(create(directory), { message: /others/ });
  await chmod(path, 0o600);
  for (const content of ['{"d":"sesame"', '{"kty":"EC","d":"sesame"}', '[]']) {
    await writeFile(path, content);
    const error = await t.throwsAsync(create(directory), { message: /does not hold the key/ });
    t.false(String(error.stack).includes('sesame'));
  }
});

test('a token that would live longer than an hour is not issued', async (t) => {
  const issuer = await create(await directoryFor(t));
  for (const ttlS of [0, -1, 3601, Number.NaN]) {
    await t.throwsAsync(issuer.issueToken({ subject: 'a', tenant: 'b', ttlS }), { instanceOf: RangeError });
  }
});
