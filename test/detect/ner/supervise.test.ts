import { setTimeout as sleep } from 'node:timers/promises';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import fc from 'fast-check';
import { createBatcher } from '../../../src/detect/ner/batch.ts';
import { loadNerEngine } from '../../../src/detect/ner/load.ts';
import { modelError } from '../../../src/detect/ner/model-error.ts';
import { type Session, spawnSessionThread } from '../../../src/detect/ner/session.ts';
import { keepOpen, type ThreadState } from '../../../src/detect/ner/supervise.ts';
import { type Row } from '../../../src/detect/ner/tensors.ts';
import { BIO, hfFiles, writeFolder } from '../../support/ner-folder.ts';

const UNAVAILABLE = { code: 'detector_unavailable' } as const;

/** Opens like a session's thread and then says nothing more. */
const SILENT = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ kind }) => {
  if (kind === 'open') parentPort.postMessage({ kind: 'opened', inputs: ${JSON.stringify(
    ['input_ids', 'attention_mask'].map((name) => ({
      name,
      isTensor: true,
      type: 'int64',
      shape: ['batch', 'units'],
    })),
  )}, outputs: [{ name: 'logits', isTensor: true, type: 'float32' }] });
});`;

/** An engine whose threads the test holds. `silent`: which of them, in order of making, never answer a run. */
async function loadWatched(lanes: number, silent: (index: number) => boolean = () => false) {
  const directory = await writeFolder(hfFiles(BIO));
  const threads: Worker[] = [];
  const states: ThreadState[] = [];
  const engine = await loadNerEngine({
    directory,
    provider: 'cpu',
    threads: 1,
    lanes,
    supervision: {
      runTimeoutMs: 1_500,
      minDelayMs: 20,
      maxDelayMs: 40,
      observe: (state) => states.push(state),
      spawn: () => {
        const made = silent(threads.length) ? new Worker(SILENT, { eval: true }) : spawnSessionThread();
        threads.push(made);
        return made;
      },
    },
  });
  const kill = (index: number): Promise<number> => threads[index]?.terminate() ?? Promise.resolve(-1);
  /** Resolves once the model reads again. */
  const recovered = async (): Promise<number> => {
    for (;;) {
      try {
        return (await engine.find(['maria in paris']))[0]?.length ?? 0;
      } catch {
        await sleep(10);
      }
    }
  };
  return { directory, engine, threads, states, kill, recovered };
}

test('a thread that dies fails what was running, and another takes its place', async (t) => {
  const { engine, states, threads, kill, recovered } = await loadWatched(1);
  const running = engine.find(Array.from({ length: 40 }, () => 'maria in paris '.repeat(100)));
  const failed = t.throwsAsync(running, UNAVAILABLE);
  await sleep(5);
  await kill(0);
  await failed;
  await t.throwsAsync(engine.find(['maria']), UNAVAILABLE);
  t.is(await recovered(), 2);
  t.deepEqual(states, ['ended', 'replaced']);
  t.is(threads.length, 2);
  await engine.close();
});

test('a thread that dies while nobody asks is replaced before the next call', async (t) => {
  const { engine, states, kill, recovered } = await loadWatched(1);
  await kill(0);
  while (!states.includes('replaced')) {
    await engine.find(['maria']).catch(() => undefined);
    await sleep(10);
  }
  t.is((await engine.find(['maria in paris']))[0]?.length, 2);
  t.is(await recovered(), 2);
  await engine.close();
});

test('with two lanes the one that lives reads everything while the other is replaced', async (t) => {
  const { engine, kill } = await loadWatched(2);
  await kill(0);
  const found = await Promise.all(Array.from({ length: 12 }, () => engine.find(['maria in paris'])));
  t.true(found.every(([spans]) => spans?.length === 2));
  await engine.close();
});

test('a thread that hangs is given up, and the call is refused', async (t) => {
  // Thread 0 serves the self-test at loading; it is killed, and the one that replaces it hangs.
  const { engine, states, kill, recovered } = await loadWatched(1, (index) => index === 1);
  await kill(0);
  while (!states.includes('replaced')) {
    await engine.find(['maria']).catch(() => undefined);
    await sleep(5);
  }
  await t.throwsAsync(engine.find(['maria']), UNAVAILABLE);
  t.is(await recovered(), 2);
  t.deepEqual(states, ['ended', 'replaced', 'ended', 'replaced']);
  await engine.close();
});

test('a graph that was changed or removed meanwhile does not take the place of the one that was checked', async (t) => {
  const { engine, directory, states, kill } = await loadWatched(1);
  await rm(join(directory, 'onnx/model.onnx'));
  await kill(0);
  const poll = setInterval(() => undefined, 1_000);
  while (!states.includes('not_replaced')) await sleep(10);
  clearInterval(poll);
  await t.throwsAsync(engine.find(['maria']), UNAVAILABLE);
  await engine.close();
});

function fakeSession(): { readonly session: Session; readonly end: () => void } {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const answer = { type: 'float32', data: new Float32Array(), dims: [] };
  return {
    session: {
      inputs: [],
      outputs: [],
      ended,
      run: () => Promise.resolve(answer),
      close: () => {
        end();
        return Promise.resolve();
      },
    },
    end,
  };
}

test('opening again is tried less and less often, and at once after a run that was answered', async (t) => {
  const times: number[] = [];
  let isBroken = false;
  let current = fakeSession();
  const session = await keepOpen({
    open: () => {
      times.push(performance.now());
      if (isBroken) return Promise.reject(modelError('no'));
      current = fakeSession();
      return Promise.resolve(current.session);
    },
    minDelayMs: 10,
    maxDelayMs: 80,
    observe: () => undefined,
  });
  isBroken = true;
  current.end();
  while (times.length < 6) await sleep(5);
  const gaps = times.slice(2).map((time, i) => time - (times[i + 1] ?? 0));
  // Timers only ever fire late, so the waits are at least these: 20, 40, 80, 80.
  t.true(
    gaps.every((gap, i) => gap >= Math.min(20 * 2 ** i, 80) - 2),
    gaps.join(),
  );
  isBroken = false;
  while (!session.isOpen()) await sleep(5);
  await session.run({}, 'logits');
  await session.close();
  await session.ended;
  t.pass();
});

test('whichever lanes are closed, rows are run while one is open and refused when none is', async (t) => {
  const row = (): Row => {
    const none = new Int32Array(4);
    return { encoding: { starts: none, ends: none, features: [] }, from: 0, to: 4 };
  };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), async (open) => {
      const batcher = createBatcher({
        lanes: open.length,
        maxBatchUnits: 4,
        isOpen: (lane) => open[lane] === true,
        run: async (rows, lane) => {
          await sleep(0);
          if (open[lane] !== true) throw modelError('closed');
          return rows.map(() => new Float32Array(1));
        },
      });
      const results = await Promise.allSettled(Array.from({ length: 9 }, () => batcher.submit(row())));
      await batcher.close();
      const wanted = open.includes(true) ? 'fulfilled' : 'rejected';
      return results.every(({ status }) => status === wanted);
    }),
    { numRuns: 40 },
  );
  t.pass();
});
