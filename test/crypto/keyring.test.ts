import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { openKeyringFile, openOrCreateKeyringFile } from '../../src/crypto/keyring-file.ts';
import { UnusableKeyError } from '../../src/crypto/keyring.ts';

async function newPath(t: ExecutionContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cordon-keyring-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'keys', 'keyring.json');
}

test('the keyring is generated once, readable by its owner only', async (t) => {
  const path = await newPath(t);
  await t.throwsAsync(openKeyringFile(path), { code: 'ENOENT' });
  const [a, b] = await Promise.all([openOrCreateKeyringFile(path), openOrCreateKeyringFile(path)]);
  t.deepEqual(a.reference(['x']), b.reference(['x']), 'two first starts agree on one keyring');
  t.is((await stat(path)).mode & 0o777, 0o600);
  t.deepEqual(await readdir(join(path, '..')), ['keyring.json'], 'nothing is left beside it');
});

test('a wrapped key opens with its context only, and does not show the key', async (t) => {
  const keyring = await openOrCreateKeyringFile(await newPath(t));
  const key = Buffer.alloc(32, 7);
  const wrapped = await keyring.wrap(key, 'owner');
  t.false(wrapped.bytes.includes(key.subarray(0, 8)));
  t.deepEqual(await keyring.unwrap(wrapped, 'owner'), key);
  const unusable = { instanceOf: UnusableKeyError };
  await t.throwsAsync(keyring.unwrap(wrapped, 'other'), unusable);
  await t.throwsAsync(keyring.unwrap({ ...wrapped, kek: 'gone' }, 'owner'), unusable);
  await t.throwsAsync(keyring.unwrap({ ...wrapped, bytes: wrapped.bytes.subarray(1) }, 'owner'), unusable);
});

test('a keyring others can read is refused with what to do', async (t) => {
  const path = await newPath(t);
  await openOrCreateKeyringFile(path);
  for (const mode of [0o640, 0o604, 0o620]) {
    await chmod(path, mode);
    await t.throwsAsync(openKeyringFile(path), { message: /chmod 600/ });
    await t.throwsAsync(openOrCreateKeyringFile(path), { message: /chmod 600/ });
  }
});

test('a link or a damaged file is refused, and no message quotes a key', async (t) => {
  const path = await newPath(t);
  await openOrCreateKeyringFile(path);
  const link = `${path}.link`;
  await symlink(path, link);
  await t.throwsAsync(openKeyringFile(link), { code: 'ELOOP' });
  const content = await readFile(path, 'utf8');
  const key = /"index":"([^"]+)"/.exec(content)?.[1] ?? '';
  t.is(Buffer.from(key, 'base64').length, 32);
  for (const damaged of [
    '',
    'null',
    content.slice(0, -5),
    content.replace('"version":1', '"version":2'),
    content.replace(/"current":"[^"]+"/, '"current":"none"'),
    content.replace(key, key.slice(4)),
  ]) {
    await writeFile(path, damaged);
    const error = await t.throwsAsync(openKeyringFile(path));
    t.false(String(error).includes(key.slice(0, 12)));
  }
});

test('references differ whenever any part or boundary differs', async (t) => {
  const keyring = await openOrCreateKeyringFile(await newPath(t));
  const parts = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 });
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      t.is(keyring.reference(a).equals(keyring.reference(b)), same);
    }),
  );
  t.notDeepEqual(keyring.reference(['person', 'ab', 'c']), keyring.reference(['person', 'a', 'bc']));
});
