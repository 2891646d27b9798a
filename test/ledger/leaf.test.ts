import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { canonicalize } from '../../src/crypto/jcs.ts';
import { headerText, leafHash, treeRoot } from '../../src/ledger/leaf.ts';

const sha256 = (...parts: readonly Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

test('the tree hash is the one of RFC 6962, by its well-known test vectors', (t) => {
  // Leaves and roots of the Certificate Transparency reference implementation.
  const inputs = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  const roots = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];
  const leaves = inputs.map((input) => sha256(Buffer.of(0), Buffer.from(input, 'hex')));
  for (const [index, root] of roots.entries())
    t.is(treeRoot(leaves.slice(0, index + 1)).toString('hex'), root);
  t.throws(() => treeRoot([]), { instanceOf: RangeError });
});

test('the leaf is the hash that leaf.ts defines, and the assembled header is canonical', (t) => {
  const record = { v: 1, id: 'x', sealed: [{ field: 'body' }] };
  const header = headerText('chain-1', canonicalize(record), 7);
  t.is(header, canonicalize({ chain: 'chain-1', seq: 7, record }));
  const body = sha256(Buffer.from('body'));
  const response = sha256(Buffer.from('response'));
  t.deepEqual(
    leafHash(header, { response, body }),
    sha256(Buffer.of(0), Buffer.from(header), body, response),
  );
});

test('changing, adding, dropping or swapping leaves changes the root', (t) => {
  const leaf = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
  const list = fc.array(leaf, { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(list, list, (a, b) => {
      const same = a.length === b.length && a.every((item, index) => b[index]?.equals(item));
      t.is(treeRoot(a).equals(treeRoot(b)), same);
      if (a.length > 1) t.false(treeRoot(a).equals(treeRoot(a.slice(0, -1))));
    }),
  );
});
