import test from 'ava';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { createBatcher } from '../../../src/detect/ner/batch.ts';
import { modelError, RUN_FAILED } from '../../../src/detect/ner/model-error.ts';
import { type Row } from '../../../src/detect/ner/tensors.ts';

function row(units: number): Row {
  const none = new Int32Array(units);
  return { encoding: { starts: none, ends: none, features: [] }, from: 0, to: units };
}

/** Answers each row with its length, and keeps what went together. */
function recorder(batches: number[][]) {
  return async (rows: readonly Row[]): Promise<Float32Array[]> => {
    batches.push(rows.map(({ to }) => to));
    await nextTurn();
    await nextTurn();
    await nextTurn();
    return rows.map(({ to }) => Float32Array.of(to));
  };
}

test('what queues up during a run goes together in the next', async (t) => {
  const batches: number[][] = [];
  const batcher = createBatcher({ lanes: 1, run: recorder(batches), maxBatchUnits: 1000 });
  const first = batcher.submit(row(10));
  await nextTurn();
  await Promise.all([first, ...[10, 11, 12].map((units) => batcher.submit(row(units)))]);
  t.deepEqual(batches, [[10], [10, 11, 12]]);
});

test('every row gets its own answer in batches that are bounded and not mostly padding', async (t) => {
  const lengths = fc.array(fc.integer({ min: 1, max: 512 }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(lengths, fc.integer({ min: 1, max: 2000 }), async (units, maxBatchUnits) => {
      const batches: number[][] = [];
      const batcher = createBatcher({ lanes: 1, run: recorder(batches), maxBatchUnits });
      const answers = await Promise.all(units.map((length) => batcher.submit(row(length))));
      t.deepEqual(
        answers.map(([answer]) => answer),
        units,
      );
      for (const batch of batches) {
        const area = Math.max(...batch) * batch.length;
        t.true(batch.length === 1 || area <= maxBatchUnits);
        t.true(area - batch.reduce((sum, length) => sum + length, 0) <= area * 0.25 + 64);
      }
    }),
    { numRuns: 50 },
  );
});

test('a failed run fails its rows and no others', async (t) => {
  let runs = 0;
  const run = (rows: readonly Row[]): Promise<Float32Array[]> =>
    runs++ === 0 ? Promise.reject(new Error('broken')) : Promise.resolve(rows.map(() => new Float32Array(1)));
  const batcher = createBatcher({ lanes: 1, run, maxBatchUnits: 10 });
  const first = batcher.submit(row(10));
  const second = batcher.submit(row(10));
  await t.throwsAsync(first, { message: 'broken' });
  t.is((await second).length, 1);
});

test('a row that the model cannot compute fails alone, and its neighbours are answered', async (t) => {
  const batches: number[][] = [];
  const record = recorder(batches);
  const run = async (rows: readonly Row[]): Promise<Float32Array[]> => {
    const answers = await record(rows);
    if (rows.some(({ to }) => to === 13)) throw modelError(RUN_FAILED);
    return answers;
  };
  const batcher = createBatcher({ lanes: 1, run, maxBatchUnits: 1000 });
  const settled = await Promise.allSettled([12, 13, 14].map((units) => batcher.submit(row(units))));
  t.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  t.deepEqual(batches, [[12, 13, 14], [12], [13], [14]]);
});

test('a model that answers for fewer rows than it was asked leaves no caller waiting', async (t) => {
  const batcher = createBatcher({ lanes: 1, run: () => Promise.resolve([]), maxBatchUnits: 10 });
  await t.throwsAsync(batcher.submit(row(1)), { code: 'detector_unavailable' });
});

test('a row whose caller has left is not run', async (t) => {
  const batches: number[][] = [];
  const batcher = createBatcher({ lanes: 1, run: recorder(batches), maxBatchUnits: 10 });
  const caller = new AbortController();
  const first = batcher.submit(row(9));
  const second = batcher.submit(row(8), caller.signal);
  caller.abort(new Error('left'));
  await t.throwsAsync(second, { message: 'left' });
  await first;
  t.deepEqual(batches, [[9]]);
});

test('closing waits for the run in flight and refuses the rest', async (t) => {
  const batches: number[][] = [];
  const batcher = createBatcher({ lanes: 1, run: recorder(batches), maxBatchUnits: 10 });
  const first = batcher.submit(row(9));
  await nextTurn();
  const queued = batcher.submit(row(8));
  const closing = batcher.close();
  await t.throwsAsync(queued, { code: 'detector_unavailable' });
  await closing;
  t.is((await first)[0], 9);
  await t.throwsAsync(batcher.submit(row(1)), { code: 'detector_unavailable' });
  t.deepEqual(batches, [[9]]);
});

test('lanes share what is queued, and each runs one batch at a time', async (t) => {
  const busy = new Set<number>();
  const lanes: number[] = [];
  const run = async (rows: readonly Row[], lane: number): Promise<Float32Array[]> => {
    t.false(busy.has(lane));
    busy.add(lane);
    lanes.push(lane);
    await nextTurn();
    busy.delete(lane);
    return rows.map(({ to }) => Float32Array.of(to));
  };
  const batcher = createBatcher({ lanes: 2, run, maxBatchUnits: 1000 });
  const answers = await Promise.all([10, 10, 10, 10].map((units) => batcher.submit(row(units))));
  t.is(answers.length, 4);
  t.deepEqual([...lanes].sort(), [0, 1]);
});
