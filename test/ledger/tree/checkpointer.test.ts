import { generateKeyPairSync, hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { createNoteSigner } from '../../../src/crypto/signed-note.ts';
import { treeRoot } from '../../../src/ledger/leaf.ts';
import { openCheckpoint } from '../../../src/ledger/tree/checkpoint.ts';
import {
  type CheckpointEvent,
  type CheckpointerOptions,
  type SignedCheckpoint,
  createCheckpointer,
} from '../../../src/ledger/tree/checkpointer.ts';
import { type Tile } from '../../../src/ledger/tree/tiles.ts';

const CHAIN = '0190a1b2-0000-7000-8000-000000000000';
const OTHER = '0190a1b2-0000-7000-8000-000000000001';
const leaf = (index: number): Buffer => hash('sha256', `leaf ${index}`, 'buffer');
const leaves = (from: number, to: number): Buffer[] =>
  Array.from({ length: to - from }, (_, i) => leaf(from + i));

function setUp(options: Partial<CheckpointerOptions> = {}) {
  const signer = createNoteSigner('cordon.test', generateKeyPairSync('ed25519').privateKey);
  const saved: SignedCheckpoint[] = [];
  const tiles: Tile[] = [];
  const events: CheckpointEvent[] = [];
  const checkpointer = createCheckpointer({
    origin: 'cordon.test',
    signer,
    store: {
      save: (checkpoint, full) => {
        saved.push(checkpoint);
        tiles.push(...full);
        return Promise.resolve();
      },
    },
    sinks: [],
    now: Date.now,
    everyMs: 5,
    everyRecords: 1_000_000,
    sinkDeadlineMs: 50,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { signer, saved, tiles, events, checkpointer };
}

async function until(condition: () => boolean): Promise<boolean> {
  for (let i = 0; i < 500 && !condition(); i++) await sleep(10);
  return condition();
}

test('what was appended is signed after a while, and what is left at the end', async (t) => {
  const { checkpointer, saved, signer, tiles } = setUp();
  checkpointer.append(CHAIN, leaves(0, 300));
  t.true(await until(() => saved.length === 1));
  checkpointer.append(CHAIN, leaves(300, 310));
  await checkpointer.close();
  const opened = saved.map(({ note }) => openCheckpoint(note, [signer]));
  t.deepEqual(
    opened.map((checkpoint) => [checkpoint?.chain, checkpoint?.size, checkpoint?.root.toString('hex')]),
    [
      [CHAIN, 300, treeRoot(leaves(0, 300)).toString('hex')],
      [CHAIN, 310, treeRoot(leaves(0, 310)).toString('hex')],
    ],
  );
  t.deepEqual(
    tiles.map(({ level, index, hashes }) => [level, index, hashes.equals(Buffer.concat(leaves(0, 256)))]),
    [[0, 0, true]],
  );
});

test('many records are signed without waiting', async (t) => {
  const { checkpointer, saved } = setUp({ everyMs: 3_600_000, everyRecords: 10 });
  checkpointer.append(CHAIN, leaves(0, 9));
  await sleep(20);
  t.is(saved.length, 0);
  checkpointer.append(CHAIN, leaves(9, 10));
  t.true(await until(() => saved.length === 1));
  await checkpointer.close();
  t.is(saved.length, 1);
});

test('a new chain ends the one before with a checkpoint of its own', async (t) => {
  const { checkpointer, saved } = setUp({ everyMs: 3_600_000 });
  checkpointer.append(CHAIN, leaves(0, 3));
  checkpointer.append(OTHER, leaves(0, 2));
  await checkpointer.close();
  t.deepEqual(saved.map(({ chain, size }) => [chain, size]).sort(), [
    [CHAIN, 3],
    [OTHER, 2],
  ]);
});

test('a sink that hangs or fails delays no other, and gets the newest checkpoint when it is back', async (t) => {
  const got: number[] = [];
  let broken = true;
  const { checkpointer, saved, events } = setUp({
    sinks: [
      { name: 'hung', publish: () => (broken ? new Promise(() => undefined) : Promise.resolve()) },
      {
        name: 'dead',
        publish: ({ size }) => {
          if (broken) return Promise.reject(new Error('dead'));
          got.push(size);
          return Promise.resolve();
        },
      },
    ],
  });
  for (let i = 0; i < 5; i++) {
    checkpointer.append(CHAIN, leaves(i, i + 1));
    t.true(await until(() => saved.length === i + 1));
  }
  t.true(
    await until(() => events.some((event) => event.event === 'checkpoint_failed' && event.sink === 'hung')),
  );
  broken = false;
  t.true(await until(() => got.includes(5)));
  await checkpointer.close();
  t.deepEqual(got, [5]);
});

test('tiles that could not be saved are saved with the next checkpoint', async (t) => {
  let broken = true;
  const tiles: Tile[] = [];
  const { checkpointer } = setUp({
    store: {
      save: (_, full) => {
        if (broken) return Promise.reject(new Error('down'));
        tiles.push(...full);
        return Promise.resolve();
      },
    },
  });
  checkpointer.append(CHAIN, leaves(0, 256));
  await sleep(30);
  broken = false;
  checkpointer.append(CHAIN, leaves(256, 512));
  await checkpointer.close();
  t.deepEqual(
    tiles.map(({ index }) => index),
    [0, 1],
  );
});
