import { generateKeyPairSync, hash } from 'node:crypto';
import test from 'ava';
// The verifier that npm itself trusts for Sigstore's log: independent of everything here.
import { LogCheckpoint, verifyCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint.js';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
import { createNoteSigner } from '../../../src/crypto/signed-note.ts';
import { openCheckpoint, signCheckpoint } from '../../../src/ledger/tree/checkpoint.ts';
import { inclusionProof } from '../../../src/ledger/tree/proof.ts';
import { type Tile, openTree, tileSource } from '../../../src/ledger/tree/tiles.ts';

const SIZE = 777;
const CHAIN = '0190a1b2-0000-7000-8000-000000000000';
const body = (index: number): Buffer => Buffer.from(`record ${index}`);
const leaf = (index: number): Buffer => hash('sha256', Buffer.concat([Buffer.of(0), body(index)]), 'buffer');

function setUp() {
  const tiles = new Map<string, Tile>();
  const edge = openTree();
  const keep = (tile: Tile): void => void tiles.set(`${tile.level}/${tile.index}`, tile);
  for (let i = 0; i < SIZE; i++) edge.append(leaf(i)).forEach(keep);
  edge.unfinished().forEach(keep);
  const source = tileSource((level, index) => {
    const tile = tiles.get(`${level}/${index}`);
    return tile === undefined ? Promise.reject(new Error('no such tile')) : Promise.resolve(tile);
  });
  const signer = createNoteSigner('cordon.test', generateKeyPairSync('ed25519').privateKey);
  const note = signCheckpoint({ origin: 'cordon.test', chain: CHAIN, size: SIZE, root: edge.root() }, signer);
  return { source, signer, note };
}

type Entry = Parameters<typeof verifyCheckpoint>[0];
type Logs = Parameters<typeof verifyCheckpoint>[1];

function entryOf(note: string, index: number, hashes: readonly Buffer[], content: Buffer): Entry {
  const inclusion = {
    logIndex: String(index),
    treeSize: String(SIZE),
    rootHash: Buffer.alloc(32),
    hashes: [...hashes],
    checkpoint: { envelope: note },
  };
  return { inclusionProof: inclusion, canonicalizedBody: content } as unknown as Entry;
}

test("sigstore's verifier accepts our checkpoint, and every inclusion proof under it", async (t) => {
  const { source, signer, note } = setUp();
  const logs = [{ logID: signer.id, publicKey: signer.publicKey, baseURL: 'cordon.test' }] as unknown as Logs;
  for (const index of [0, 1, 255, 256, 511, 512, 700, 775, 776]) {
    const proof = await inclusionProof(source, index, SIZE);
    const checkpoint = verifyCheckpoint(entryOf(note, index, proof, body(index)), logs);
    t.notThrows(() => {
      verifyMerkleInclusion(entryOf(note, index, proof, body(index)), checkpoint);
    });
    t.throws(() => {
      verifyMerkleInclusion(entryOf(note, index, proof, body(index + 1)), checkpoint);
    });
  }
  t.throws(() => verifyCheckpoint(entryOf(note.replace(`${SIZE}`, '778'), 0, [], body(0)), logs));
});

test('both read the same out of a checkpoint', (t) => {
  const { signer, note } = setUp();
  const ours = openCheckpoint(note, [signer]);
  const theirs = LogCheckpoint.fromString(note.slice(0, note.indexOf('\n\n') + 1));
  t.is(theirs.origin, `cordon.test/${CHAIN}`);
  t.is(theirs.logSize, BigInt(ours?.size ?? 0));
  t.true(ours?.root.equals(theirs.logHash));
});

test('notes that are no checkpoint of ours are not taken for one', (t) => {
  const { signer, note } = setUp();
  t.is(openCheckpoint(note.replace(CHAIN, 'elsewhere'), [signer]), undefined);
  t.is(openCheckpoint(note.replace('\n777\n', '\n0777\n'), [signer]), undefined);
  t.is(openCheckpoint('', [signer]), undefined);
});
