import { hash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import {
  consistencyProof,
  inclusionProof,
  rootAt,
  verifyConsistency,
  verifyInclusion,
} from '../../../src/ledger/tree/proof.ts';
import { treeRoot } from '../../../src/ledger/leaf.ts';
import { type Tile, openTree, tileSource } from '../../../src/ledger/tree/tiles.ts';

const leafAt = (index: number): Buffer => hash('sha256', `leaf ${index}`, 'buffer');

/** A tree of `size` leaves with its tiles kept, as a database would. */
function grow(size: number) {
  const tiles = new Map<string, Tile>();
  const edge = openTree();
  const keep = (tile: Tile): void => void tiles.set(`${tile.level}/${tile.index}`, tile);
  for (let i = 0; i < size; i++) edge.append(leafAt(i)).forEach(keep);
  edge.unfinished().forEach(keep);
  const source = tileSource((level, index) => {
    const tile = tiles.get(`${level}/${index}`);
    return tile === undefined ? Promise.reject(new Error('no such tile')) : Promise.resolve(tile);
  });
  return { edge, tiles, source };
}

const leaves = Array.from({ length: 700 }, (_, i) => leafAt(i));

test('the edge and the tiles give the root that RFC 6962 defines, at every size', async (t) => {
  const edge = openTree();
  const { source } = grow(700);
  for (let size = 1; size <= 700; size++) {
    edge.append(leafAt(size - 1));
    const expected = treeRoot(leaves.slice(0, size));
    t.true(edge.root().equals(expected), `edge at ${size}`);
    if (size % 7 === 0 || size < 20)
      t.true((await rootAt(source, size)).equals(expected), `tiles at ${size}`);
  }
});

test('every leaf of every small tree is proven, and no other place, leaf or root is', async (t) => {
  const { source } = grow(40);
  for (let size = 1; size <= 40; size++) {
    const root = treeRoot(leaves.slice(0, size));
    for (let index = 0; index < size; index++) {
      const proof = await inclusionProof(source, index, size);
      t.true(verifyInclusion(leafAt(index), index, size, proof, root));
      for (let other = 0; other < size; other++) {
        if (other !== index) t.false(verifyInclusion(leafAt(index), other, size, proof, root));
      }
      t.false(verifyInclusion(leafAt(index + 1), index, size, proof, root));
      t.false(verifyInclusion(leafAt(index), index, size, [...proof, leafAt(0)], root));
      if (size > 1) t.false(verifyInclusion(leafAt(index), index, size, proof.slice(1), root));
      t.false(verifyInclusion(leafAt(index), index, size, proof, leafAt(9)));
    }
  }
});

test('every tree is proven to continue every earlier one, and none that differs', async (t) => {
  const { source } = grow(40);
  const foreign = treeRoot([leafAt(99)]);
  for (let newer = 1; newer <= 40; newer++) {
    const newRoot = treeRoot(leaves.slice(0, newer));
    for (let older = 1; older <= newer; older++) {
      const oldRoot = treeRoot(leaves.slice(0, older));
      const proof = await consistencyProof(source, older, newer);
      t.true(verifyConsistency(older, newer, oldRoot, newRoot, proof), `${older} in ${newer}`);
      t.false(verifyConsistency(older, newer, foreign, newRoot, proof));
      t.false(verifyConsistency(older, newer, oldRoot, foreign, proof));
      t.false(verifyConsistency(older, newer, oldRoot, newRoot, [...proof, foreign]));
      if (proof.length > 0) t.false(verifyConsistency(older, newer, oldRoot, newRoot, proof.slice(1)));
    }
  }
});

test('proofs over tiles of several levels hold, and a changed hash breaks them', async (t) => {
  const size = 70_000;
  const { source, edge } = grow(size);
  const root = edge.root();
  await fc.assert(
    fc.asyncProperty(fc.nat(size - 1), fc.integer({ min: 1, max: size }), async (index, older) => {
      const proof = await inclusionProof(source, index, size);
      t.true(verifyInclusion(leafAt(index), index, size, proof, root));
      const [first, ...rest] = proof;
      t.false(verifyInclusion(leafAt(index), index, size, [leafAt(-1), ...rest], root), String(first));
      const path = await consistencyProof(source, older, size);
      t.true(verifyConsistency(older, size, await rootAt(source, older), root, path));
    }),
    { numRuns: 60 },
  );
});

test('an edge made again from its unfinished tiles grows on as if it had never stopped', (t) => {
  fc.assert(
    fc.property(fc.nat(66_000), fc.nat(600), (before, after) => {
      const { edge } = grow(before);
      const again = openTree(edge.unfinished());
      t.is(again.size, before);
      for (let i = before; i < before + after; i++) {
        const tiles = edge.append(leafAt(i));
        t.deepEqual(again.append(leafAt(i)), tiles);
      }
      if (before + after > 0) t.true(again.root().equals(edge.root()));
    }),
    { numRuns: 8 },
  );
});

test('sizes and places that no tree has are refused', async (t) => {
  const { source } = grow(5);
  await t.throwsAsync(inclusionProof(source, 5, 5), { instanceOf: RangeError });
  await t.throwsAsync(inclusionProof(source, -1, 5), { instanceOf: RangeError });
  await t.throwsAsync(inclusionProof(source, 0, 0), { instanceOf: RangeError });
  await t.throwsAsync(consistencyProof(source, 0, 5), { instanceOf: RangeError });
  await t.throwsAsync(consistencyProof(source, 5, 4), { instanceOf: RangeError });
  await t.throwsAsync(rootAt(source, 6), { instanceOf: RangeError });
  t.throws(() => openTree().root(), { instanceOf: RangeError });
  t.throws(() => openTree().append(Buffer.alloc(31)), { instanceOf: RangeError });
  t.false(verifyInclusion(leafAt(0), 0.5, 5, [], leafAt(0)));
  t.false(verifyConsistency(0, 5, leafAt(0), leafAt(0), []));
});
