import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { type Header, pack } from 'tar-stream';
import { inMemory } from '../../src/ledger/export/spool.ts';
import { packTar, unpackTar } from '../../src/ledger/export/tar.ts';
import { bytesOf, temporary } from '../support/export.ts';

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(bytes);
}

async function tarOf(...entries: readonly (Pick<Header, 'name'> & Partial<Header>)[]): Promise<Buffer> {
  const tar = pack();
  for (const header of entries) {
    if (header.type === 'symlink') tar.entry(header);
    else tar.entry(header, 'x');
  }
  tar.finalize();
  return bytesOf(tar);
}

test('what was packed is unpacked, folders and all', async (t) => {
  const folder = temporary(t);
  const files = new Map([
    ['a.txt', inMemory(Buffer.from('one'))],
    ['proofs/b.tree', inMemory(Buffer.from('two'))],
    ['empty', inMemory(Buffer.alloc(0))],
  ]);
  await unpackTar(packTar(files, Date.now()), folder);
  t.is(readFileSync(path.join(folder, 'proofs', 'b.tree'), 'utf8'), 'two');
  t.is(readFileSync(path.join(folder, 'empty'), 'utf8'), '');
});

test('a tar that leads elsewhere, links, or names a file twice is refused', async (t) => {
  for (const entry of [
    ...[
      { name: '../out' },
      { name: '/tmp/out' },
      { name: 'a/../../out' },
      { name: 'a//b' },
      { name: '.hidden' },
    ],
    ...[{ name: 'a\\b' }, { name: 'link', type: 'symlink', linkname: '/etc/passwd' } as const],
  ]) {
    const folder = temporary(t);
    await t.throwsAsync(unpackTar(once(await tarOf(entry)), folder), { instanceOf: RangeError }, entry.name);
    t.false(existsSync(path.join(folder, '..', 'out')));
  }
  await t.throwsAsync(unpackTar(once(await tarOf({ name: 'a' }, { name: 'a' })), temporary(t)), {
    code: 'EEXIST',
  });
});

test('a tar that is cut short is refused', async (t) => {
  const tar = await tarOf({ name: 'a' });
  await t.throwsAsync(unpackTar(once(tar.subarray(0, 513)), temporary(t)));
});
