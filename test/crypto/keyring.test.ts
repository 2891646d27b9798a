import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { openKeyringFile, openOrCreateKeyringFile } from '../../src/crypto/keyring-file.ts';
import { UnusableKeyError } from '../../src/crypto/keyring.ts';
import { IN_CLEAR, openLocalKeyring } from '../../src/crypto/local-keyring.ts';
import { memoryStorage } from '../support/keys.ts';

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
  const key = /"index":{"1":"([^"]+)"/.exec(content)?.[1] ?? '';
  t.is(Buffer.from(key, 'base64').length, 32);
  for (const damaged of [
    '',
    'null',
    content.slice(0, -5),
    content.replace('"version":2', '"version":3'),
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

test('a rotated keyring wraps under the new key and opens what the old one wrapped, until that is destroyed', async (t) => {
  const path = await newPath(t);
  const keyring = await openOrCreateKeyringFile(path);
  const pseudonym = keyring.reference(['person', 'a', 'b']);
  const old = await keyring.wrap(Buffer.alloc(32, 1), 'x');
  const made = await keyring.rotate();
  const fresh = await keyring.wrap(Buffer.alloc(32, 2), 'x');
  t.is(fresh.kek, made.id);
  t.deepEqual(
    (await keyring.keks()).map(({ id, current }) => [id, current]),
    [
      [old.kek, false],
      [made.id, true],
    ],
  );
  t.deepEqual(await keyring.unwrap(old, 'x'), Buffer.alloc(32, 1));
  await t.throwsAsync(keyring.destroy(made.id), { instanceOf: RangeError });
  await keyring.destroy(old.kek);
  await keyring.destroy(old.kek);
  await t.throwsAsync(keyring.unwrap(old, 'x'), { instanceOf: UnusableKeyError });
  const again = await openKeyringFile(path);
  await t.throwsAsync(again.unwrap(old, 'x'), { instanceOf: UnusableKeyError });
  t.deepEqual(await again.unwrap(fresh, 'x'), Buffer.alloc(32, 2));
  t.deepEqual(again.reference(['person', 'a', 'b']), pseudonym, 'pseudonyms outlive every rotation');
  t.is((await stat(path)).mode & 0o777, 0o600);
  t.deepEqual(await readdir(join(path, '..')), ['keyring.json']);
});

test('a keyring of the first version is read, and written anew by a rotation', async (t) => {
  const path = await newPath(t);
  const base64 = (n: number): string => Buffer.alloc(32, n).toString('base64');
  await openOrCreateKeyringFile(path);
  await writeFile(
    path,
    JSON.stringify({ version: 1, current: 'kek-1', keys: { 'kek-1': base64(1) }, index: base64(2) }),
  );
  const keyring = await openKeyringFile(path);
  const wrapped = await keyring.wrap(Buffer.alloc(32, 3), 'x');
  const pseudonym = keyring.reference(['x']);
  t.deepEqual(await keyring.keks(), [{ id: 'kek-1', current: true, createdMs: undefined }]);
  await keyring.rotate();
  const again = await openKeyringFile(path);
  t.deepEqual(await again.unwrap(wrapped, 'x'), Buffer.alloc(32, 3));
  t.deepEqual(again.reference(['x']), pseudonym);
});

test('an index key has versions: the first stays what people are known by', async (t) => {
  const keyring = await openOrCreateKeyringFile(await newPath(t));
  const first = keyring.reference(['x']);
  t.is(await keyring.rotateIndex(), 2);
  t.deepEqual(keyring.indexVersions, [1, 2]);
  t.deepEqual(keyring.reference(['x']), first);
  t.deepEqual(keyring.reference(['x'], 1), first);
  t.notDeepEqual(keyring.reference(['x'], 2), first);
  t.throws(() => keyring.reference(['x'], 3), { instanceOf: RangeError });
});

test('a process that meets an unknown key reads its keyring once more, and not for every row', async (t) => {
  const storage = memoryStorage();
  let nowMs = 0;
  const open = () => openLocalKeyring({ storage, seal: IN_CLEAR, now: () => nowMs });
  const [proxy, command] = [await open(), await open()];
  await command.rotate();
  const wrapped = await command.wrap(Buffer.alloc(32, 1), 'x');
  nowMs = 5_000;
  storage.reads = 0;
  t.deepEqual(await proxy.unwrap(wrapped, 'x'), Buffer.alloc(32, 1));
  t.is(storage.reads, 1);
  nowMs = 9_000;
  const strange = { ...wrapped, kek: 'kek-unknown' };
  for (let n = 0; n < 50; n++) {
    await t.throwsAsync(proxy.unwrap(strange, 'x'), { instanceOf: UnusableKeyError });
  }
  t.is(storage.reads, 2);
  const { text } = storage;
  nowMs = 20_000;
  storage.text = 'damaged';
  const failed = await t.throwsAsync(proxy.unwrap(strange, 'x'));
  t.false(failed instanceof UnusableKeyError, 'a keyring that cannot be read says nothing about a key');
  t.deepEqual(await proxy.unwrap(wrapped, 'x'), Buffer.alloc(32, 1), 'and what was read before goes on');
  storage.text = text;
});

test('a change that somebody else made meanwhile is not written over', async (t) => {
  const storage = memoryStorage();
  const seal = {
    ...IN_CLEAR,
    seal: (text: string) => {
      storage.text = storage.text.replace(/$/, ' ');
      return Promise.resolve(text);
    },
  };
  const keyring = await openLocalKeyring({ storage, seal, now: Date.now });
  await t.throwsAsync(keyring.rotate(), { message: /meanwhile/ });
  t.is((await keyring.keks()).length, 1);
});

test('what a killed rotation left beside the keyring goes with the next one', async (t) => {
  const path = await newPath(t);
  const keyring = await openOrCreateKeyringFile(path);
  await writeFile(`${path}.0123456789ab`, await readFile(path));
  await writeFile(`${path}.backup`, 'not ours');
  await keyring.rotate();
  t.deepEqual((await readdir(join(path, '..'))).sort(), ['keyring.json', 'keyring.json.backup']);
});

test('on a disk that is full the keyring stays what it was, and nothing is left beside it', async (t) => {
  const path = await newPath(t);
  await openOrCreateKeyringFile(path);
  const before = await readFile(path, 'utf8');
  const module = new URL('../../src/crypto/keyring-file.js', import.meta.url).href;
  const script = `import { openKeyringFile } from '${module}';
    process.on('SIGXFSZ', () => undefined);
    const keyring = await openKeyringFile(process.argv[1]);
    await keyring.rotate().then(() => console.log('rotated'), (error) => console.log(error.code));`;
  // No file may grow beyond 0 blocks: as on a full disk, the new file can be made and not be written.
  const { stdout } = spawnSync(
    'sh',
    ['-c', 'ulimit -f 0; exec "$0" --input-type=module -e "$1" "$2" | cat', process.execPath, script, path],
    { encoding: 'utf8' },
  );
  t.is(stdout.trim(), 'EFBIG');
  t.is(await readFile(path, 'utf8'), before);
  t.deepEqual(await readdir(join(path, '..')), ['keyring.json']);
});

test('a keyring that root rotates stays readable for the account that serves', async (t) => {
  if (process.getuid?.() !== 0) {
    t.pass('only root can give files to others');
    return;
  }
  const path = await newPath(t);
  const keyring = await openOrCreateKeyringFile(path);
  await chown(path, 65_534, 65_534);
  await keyring.rotate();
  const { uid, gid, mode } = await stat(path);
  t.deepEqual([uid, gid, mode & 0o777], [65_534, 65_534, 0o600]);
});

test('a keyring of another index key, put in the place of ours, is not taken while we run', async (t) => {
  const storage = memoryStorage();
  const keyring = await openLocalKeyring({ storage, seal: IN_CLEAR, now: Date.now });
  const wrapped = await keyring.wrap(Buffer.alloc(32, 1), 'x');
  const pseudonym = keyring.reference(['x']);
  storage.text = memoryStorage().text;
  await t.throwsAsync(keyring.refresh(), { message: /index key/ });
  t.deepEqual(keyring.reference(['x']), pseudonym);
  t.deepEqual(await keyring.unwrap(wrapped, 'x'), Buffer.alloc(32, 1));
});
