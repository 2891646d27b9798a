import { modelError } from './model-error.ts';
import { type Row } from './tensors.ts';

export interface BatcherOptions {
  /** One run of the model; the batcher never starts a second before the first is done. */
  readonly run: (rows: readonly Row[]) => Promise<readonly Float32Array[]>;
  /** Units of a batch with its padding; a single row may be longer. */
  readonly maxBatchUnits: number;
}

export interface Batcher {
  /** Logits of the row. A row whose signal is aborted before its turn is left out and rejects with the reason. */
  submit(row: Row, signal?: AbortSignal): Promise<Float32Array>;
  /** Refuses new rows, rejects queued ones and waits for the run in flight. */
  close(): Promise<void>;
}

interface Job {
  readonly row: Row;
  readonly units: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (logits: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/** Share of a batch that may be padding, beyond a few units that cost nothing. */
const MAX_PADDING = 0.25;
const FREE_PADDING_UNITS = 64;

/**
 * Group commit for a model: what queues up while a run is in flight goes together in the next. There is no timer, so
 * a lone caller waits for nobody. The oldest row always goes, with those nearest to it in length.
 */
export function createBatcher({ run, maxBatchUnits }: BatcherOptions): Batcher {
  let queue: Job[] = [];
  let draining: Promise<void> | undefined;
  let isClosed = false;

  const drain = async (): Promise<void> => {
    // One turn of the microtask queue lets a caller's other rows, and other callers, join the first batch.
    await Promise.resolve();
    for (;;) {
      queue = queue.filter((job) => !isAborted(job));
      const batch = takeBatch(queue, maxBatchUnits);
      if (batch.length === 0) return;
      const taken = new Set(batch);
      queue = queue.filter((job) => !taken.has(job));
      await settle(run, batch);
    }
  };

  return {
    submit: (row, signal) =>
      new Promise((resolve, reject) => {
        if (isClosed) {
          reject(modelError('the engine is closed'));
          return;
        }
        queue.push({ row, units: row.to - row.from, signal, resolve, reject });
        draining ??= drain().finally(() => {
          draining = undefined;
        });
      }),
    close: async () => {
      isClosed = true;
      for (const job of queue) job.reject(modelError('the engine is closed'));
      queue = [];
      await draining;
    },
  };
}

function isAborted({ signal, reject }: Job): boolean {
  if (signal?.aborted !== true) return false;
  reject(signal.reason);
  return true;
}

async function settle(run: BatcherOptions['run'], batch: readonly Job[]): Promise<void> {
  try {
    const answers = await run(batch.map((job) => job.row));
    batch.forEach((job, i) => {
      const logits = answers[i];
      if (logits === undefined) job.reject(modelError('the model left a text without an answer'));
      else job.resolve(logits);
    });
  } catch (error) {
    for (const job of batch) job.reject(error);
  }
}

function takeBatch(queue: readonly Job[], maxBatchUnits: number): Job[] {
  const oldest = queue[0];
  if (oldest === undefined) return [];
  const rest = queue.slice(1).sort((a, b) => distance(a, oldest) - distance(b, oldest));
  const batch = [oldest];
  let longest = oldest.units;
  let used = oldest.units;
  for (const job of rest) {
    const widest = Math.max(longest, job.units);
    const area = widest * (batch.length + 1);
    if (area > maxBatchUnits || area - used - job.units > area * MAX_PADDING + FREE_PADDING_UNITS) break;
    batch.push(job);
    longest = widest;
    used += job.units;
  }
  return batch;
}

function distance(a: Job, b: Job): number {
  return Math.abs(a.units - b.units);
}
