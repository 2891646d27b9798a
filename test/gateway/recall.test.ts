import test from 'ava';
import { createRecall } from '../../src/gateway/recall.ts';

function recallAt(limits: { ttlMs?: number; maxCalls?: number; maxChars?: number } = {}) {
  const time = { now: 0 };
  return {
    time,
    recall: createRecall({ ttlMs: 100, maxCalls: 10, maxChars: 1_000, ...limits }, () => time.now),
  };
}

test('values are known by key until their time is up', (t) => {
  const { recall, time } = recallAt();
  recall.remember('a', { '<X_1>': 'one' });
  t.is(recall.recall('a')?.get('<X_1>'), 'one');
  t.is(recall.recall('b'), undefined);
  time.now = 99;
  t.truthy(recall.recall('a'));
  time.now = 100;
  t.is(recall.recall('a'), undefined);
});

test('what is remembered again is added, and lives on', (t) => {
  const { recall, time } = recallAt();
  recall.remember('a', { x: '1' });
  recall.remember('b', { x: '1' });
  time.now = 60;
  recall.remember('a', { y: '2' });
  time.now = 120;
  t.deepEqual(
    [...(recall.recall('a') ?? [])],
    [
      ['x', '1'],
      ['y', '2'],
    ],
  );
  t.is(recall.recall('b'), undefined);
});

test('the oldest goes when there are too many calls, or too much in them', (t) => {
  const calls = recallAt({ maxCalls: 2 }).recall;
  for (const key of ['a', 'b', 'c']) calls.remember(key, { x: '1' });
  t.deepEqual(
    ['a', 'b', 'c'].map((key) => calls.recall(key) !== undefined),
    [false, true, true],
  );
  const chars = recallAt({ maxChars: 10 }).recall;
  chars.remember('a', { x: '12345' });
  chars.remember('b', { x: '12345' });
  t.deepEqual(
    ['a', 'b'].map((key) => chars.recall(key) !== undefined),
    [false, true],
  );
  chars.remember('huge', { x: '1'.repeat(100) });
  t.is(chars.recall('huge'), undefined);
  chars.remember('c', { x: '12345' });
  t.truthy(chars.recall('c'));
});
