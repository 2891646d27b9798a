import { generateKeyPairSync, hash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { type LogCheckpoint, verifyCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint.js';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
import { createNoteSigner } from '../../../src/crypto/signed-note.ts';
import { headerText, leafHash, treeRoot } from '../../../src/ledger/leaf.ts';
import { chainNodes, type TreeSource } from '../../../src/ledger/tree/chain-nodes.ts';
import { signCheckpoint } from '../../../src/ledger/tree/checkpoint.ts';
import { inclusionProof, rootAt } from '../../../src/ledger/tree/proof.ts';
import { createPrunedRoot, createPruner } from '../../../src/ledger/tree/pruned.ts';
import { openTree } from '../../../src/ledger/tree/tiles.ts';
import {
  formatProof,
  parseProof,
  type RecordProof,
  verifyProof,
} from '../../../src/ledger/tree/tlog-proof.ts';

const CHAIN = '0190a1b2-0000-7000-8000-000000000000';
const ORIGIN = 'cordon.test';
const leafOf = (index: number): Buffer => hash('sha256', `leaf ${index}`, 'buffer');

/** A chain whose full tiles are stored, except those that `lost` names. */
function stored(
  leaves: readonly Buffer[],
  lost: (level: number, index: number) => boolean = () => false,
): TreeSource {
  const tiles = new Map<string, Buffer>();
  const edge = openTree();
  for (const leaf of leaves) {
    for (const tile of edge.append(leaf)) {
      if (!lost(tile.level, tile.index)) tiles.set(`${tile.level}/${tile.index}`, tile.hashes);
    }
  }
  return {
    tile: (_, level, index) => Promise.resolve(tiles.get(`${level}/${index}`)),
    leaves: (_, after, limit) => Promise.resolve(leaves.slice(after, after + limit)),
    checkpoint: () => Promise.resolve(undefined),
    lastCheckpoint: () => Promise.resolve(undefined),
  };
}

const LEAVES = Array.from({ length: 70_000 }, (_, index) => leafOf(index));

test('the root comes out at every kind of size, from tiles and from records where a tile was lost', async (t) => {
  for (const size of [1, 255, 256, 257, 511, 65_535, 65_536, 65_537, 70_000]) {
    const edge = openTree();
    for (const leaf of LEAVES.slice(0, size)) edge.append(leaf);
    for (const lost of [() => false, (level: number) => level === 0, () => true]) {
      const root = await rootAt(chainNodes(stored(LEAVES.slice(0, size), lost), CHAIN), size);
      t.true(root.equals(edge.root()), `${size}`);
    }
  }
});

test('a record that is gone with its tile makes a proof fail rather than guess', async (t) => {
  const source = stored(LEAVES.slice(0, 300), () => true);
  const holed = { ...source, leaves: () => Promise.resolve(LEAVES.slice(0, 10)) };
  await t.throwsAsync(rootAt(chainNodes(holed, CHAIN), 300), { instanceOf: RangeError });
});

test('leaves at any places and the subtrees between them give the root, and a changed leaf does not', async (t) => {
  const some = fc.uniqueArray(fc.nat(1_499), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_500 }), some, async (size, wanted) => {
      const shown = wanted.filter((index) => index < size).sort((a, b) => a - b);
      const pruner = createPruner(chainNodes(stored(LEAVES.slice(0, size)), CHAIN));
      const [right, wrong] = [createPrunedRoot(), createPrunedRoot()];
      const push = (level: number, one: Buffer, other = one): void => {
        right.push(level, one);
        wrong.push(level, other);
      };
      for (const index of shown) {
        for (const { level, hash: node } of await pruner.show(index)) push(level, node);
        push(0, leafOf(index), leafOf(-1));
      }
      for (const { level, hash: node } of await pruner.end(size)) push(level, node);
      t.is(right.size, size);
      const root = treeRoot(LEAVES.slice(0, size));
      t.true(right.root().equals(root));
      t.is(wrong.root().equals(root), shown.length === 0);
    }),
    { numRuns: 60 },
  );
});

test('all leaves need nothing beside them, and one needs no more than an audit path', async (t) => {
  const nodes = chainNodes(stored(LEAVES.slice(0, 1_000)), CHAIN);
  const all = createPruner(nodes);
  for (let index = 0; index < 1_000; index++) t.deepEqual(await all.show(index), []);
  t.deepEqual(await all.end(1_000), []);
  const one = createPruner(nodes);
  const hidden = [...(await one.show(421)), ...(await one.end(1_000))];
  t.true(hidden.length <= 2 * (await inclusionProof(nodes, 421, 1_000)).length);
  await t.throwsAsync(one.show(421), { instanceOf: RangeError });
});

test('a subtree that cannot begin where it stands is refused', (t) => {
  const root = createPrunedRoot();
  root.push(0, leafOf(0));
  t.throws(
    () => {
      root.push(1, leafOf(1));
    },
    { instanceOf: RangeError },
  );
  t.throws(
    () => {
      root.push(-1, leafOf(1));
    },
    { instanceOf: RangeError },
  );
  t.throws(
    () => {
      root.push(0.5, leafOf(1));
    },
    { instanceOf: RangeError },
  );
});

const signer = createNoteSigner(ORIGIN, generateKeyPairSync('ed25519').privateKey);
const digests = { context: hash('sha256', 'context', 'buffer'), body: hash('sha256', 'body', 'buffer') };

async function proven(index: number, size = 777): Promise<RecordProof> {
  const header = headerText(
    CHAIN,
    `{"at":1,"data":{},"id":"x","origin":"${ORIGIN}","sealed":[],"tenant":"acme","type":"DECISION","v":1}`,
    index + 1,
  );
  const leaves = LEAVES.slice(0, size);
  leaves[index] = leafHash(header, digests);
  const nodes = chainNodes(stored(leaves), CHAIN);
  const checkpoint = signCheckpoint(
    { origin: ORIGIN, chain: CHAIN, size, root: await rootAt(nodes, size) },
    signer,
  );
  return { header, digests, index, path: await inclusionProof(nodes, index, size), checkpoint };
}

test('a tlog-proof says what it said after a round trip, and holds', async (t) => {
  for (const [index, size] of [
    [0, 1],
    [0, 777],
    [776, 777],
    [300, 777],
  ] as const) {
    const proof = await proven(index, size);
    const read = parseProof(formatProof(proof));
    t.deepEqual(read, proof);
    t.is(read && verifyProof(read, [signer])?.header.seq, index + 1);
  }
});

test('a proof with another record, digest, place, path or key does not hold', async (t) => {
  const proof = await proven(300);
  const stranger = createNoteSigner(ORIGIN, generateKeyPairSync('ed25519').privateKey);
  const [first = Buffer.alloc(32), ...rest] = proof.path;
  t.is(verifyProof({ ...proof, header: proof.header.replace('acme', 'acne') }, [signer]), undefined);
  t.is(verifyProof({ ...proof, digests: { ...digests, body: digests.context } }, [signer]), undefined);
  t.is(verifyProof({ ...proof, digests: { context: digests.context } }, [signer]), undefined);
  t.is(verifyProof({ ...proof, index: 301 }, [signer]), undefined);
  t.is(verifyProof({ ...proof, path: rest }, [signer]), undefined);
  t.is(verifyProof({ ...proof, path: [first, first, ...rest.slice(1)] }, [signer]), undefined);
  t.is(verifyProof(proof, [stranger]), undefined);
  t.is(
    verifyProof({ ...proof, checkpoint: proof.checkpoint.replace('\n777\n', '\n778\n') }, [signer]),
    undefined,
  );
});

test('a record proven under the checkpoint of another chain does not hold', async (t) => {
  const proof = await proven(5);
  const other = CHAIN.replace('0190', '0191');
  const leaves = LEAVES.slice(0, 777);
  leaves[5] = leafHash(proof.header, digests);
  const checkpoint = signCheckpoint(
    { origin: ORIGIN, chain: other, size: 777, root: treeRoot(leaves) },
    signer,
  );
  t.is(verifyProof({ ...proof, checkpoint }, [signer]), undefined);
});

test('what is no proof is not read as one', async (t) => {
  const text = formatProof(await proven(3));
  for (const broken of [
    '',
    'c2sp.org/tlog-proof@v1',
    text.replace('@v1', '@v2'),
    text.replace('index 3', 'index 03'),
    text.replace('extra ', 'extra !'),
    text.replace(/\n([A-Za-z0-9+/]{43}=)\n/, '\nAAAA\n'),
  ]) {
    t.is(parseProof(broken), undefined);
  }
  fc.assert(
    fc.property(fc.string(), (noise) => {
      t.is(parseProof(`c2sp.org/tlog-proof@v1\n${noise}`), undefined);
    }),
  );
});

test("sigstore's verifier agrees with the path and the checkpoint of our proofs", async (t) => {
  const proof = await proven(300);
  const body = Buffer.concat([Buffer.from(proof.header), digests.context, digests.body]);
  const logs = [{ logID: signer.id, publicKey: signer.publicKey, baseURL: ORIGIN }] as unknown as Parameters<
    typeof verifyCheckpoint
  >[1];
  const entry = (index: number) =>
    ({
      inclusionProof: {
        logIndex: String(index),
        treeSize: '777',
        rootHash: Buffer.alloc(32),
        hashes: [...proof.path],
        checkpoint: { envelope: proof.checkpoint },
      },
      canonicalizedBody: body,
    }) as unknown as Parameters<typeof verifyCheckpoint>[0];
  const checkpoint: LogCheckpoint = verifyCheckpoint(entry(300), logs);
  t.notThrows(() => {
    verifyMerkleInclusion(entry(300), checkpoint);
  });
  t.throws(() => {
    verifyMerkleInclusion(entry(301), checkpoint);
  });
});
