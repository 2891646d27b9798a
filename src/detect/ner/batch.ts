import { isRunFailure, modelError } from './model-error.ts';
import { type Row } from './tensors.ts';

export interface BatcherOptions {
  /** One run of the model; the batcher never starts a second in the same lane before the first is done. */
  readonly run: (rows: readonly Row[], lane: number, signal: AbortSignal) => Promise<readonly Float32Array[]>;
  /** Whether a lane can run; one that cannot is left out while another can. */
  readonly isOpen?: (lane: number) => boolean;
  /** Runs that go on at the same time. */
  readonly lanes: number;
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
 * Group commit for a model: what queues up while the lanes are busy goes together in the next run. There is no timer,
 * so a lone caller waits for nobody. The oldest row always goes, with those nearest to it in length.
 */
export function createBatcher({ run, isOpen, lanes, maxBatchUnits }: BatcherOptions): Batcher {
  const idle = Array.from({ length: lanes }, (_, lane) => lane);
  const running = new Set<Promise<void>>();
  let queue: Job[] = [];
  let isPumpDue = false;
  let isClosed = false;

  const pump = (): void => {
    isPumpDue = false;
    queue = queue.filter((job) => !isAborted(job));
    const share = fairShare(queue, lanes, maxBatchUnits);
    for (let lane = takeLane(); lane !== undefined; lane = takeLane()) {
      const batch = takeBatch(queue, share);
      if (batch.length === 0) {
        idle.push(lane);
        return;
      }
      const taken = new Set(batch);
      queue = queue.filter((job) => !taken.has(job));
      start(batch, lane);
    }
  };

  /** An open lane. A closed one, which only fails, is taken when no other works: then failing at once is right. */
  const takeLane = (): number | undefined => {
    if (isOpen === undefined) return idle.pop();
    const at = idle.findLastIndex((lane) => isOpen(lane));
    if (at >= 0) return idle.splice(at, 1)[0];
    return running.size > 0 ? undefined : idle.pop();
  };

  const start = (batch: readonly Job[], lane: number): void => {
    const done = settle((rows, signal) => run(rows, lane, signal), batch).then(() => {
      running.delete(done);
      idle.push(lane);
      pump();
    });
    running.add(done);
  };

  return {
    submit: (row, signal) =>
      new Promise((resolve, reject) => {
        if (isClosed) {
          reject(modelError('the engine is closed'));
          return;
        }
        queue.push({ row, units: row.to - row.from, signal, resolve, reject });
        if (isPumpDue || idle.length === 0) return;
        // One turn of the microtask queue lets a caller's other rows, and other callers, join the first batch.
        isPumpDue = true;
        queueMicrotask(pump);
      }),
    close: async () => {
      isClosed = true;
      for (const job of queue) job.reject(modelError('the engine is closed'));
      queue = [];
      await Promise.all(running);
    },
  };
}

/** What is queued is divided among the lanes, so that none is idle while another has it all. */
function fairShare(queue: readonly Job[], lanes: number, maxBatchUnits: number): number {
  if (lanes === 1) return maxBatchUnits;
  const queued = queue.reduce((sum, job) => sum + job.units, 0);
  return Math.min(maxBatchUnits, Math.ceil(queued / lanes));
}

function isAborted({ signal, reject }: Job): boolean {
  if (signal?.aborted !== true) return false;
  reject(signal.reason);
  return true;
}

async function settle(
  run: (rows: readonly Row[], signal: AbortSignal) => Promise<readonly Float32Array[]>,
  batch: readonly Job[],
): Promise<void> {
  const interest = watchInterest(batch);
  try {
    const answers = await run(
      batch.map((job) => job.row),
      interest.signal,
    );
    batch.forEach((job, i) => {
      const logits = answers[i];
      if (logits === undefined) job.reject(modelError('the model left a text without an answer'));
      else job.resolve(logits);
    });
  } catch (error) {
    if (batch.length > 1 && isRunFailure(error)) {
      // One row that the model cannot compute must not take its neighbours with it.
      for (const job of batch) if (!isAborted(job)) await settle(run, [job]);
    } else {
      for (const job of batch) job.reject(error);
    }
  } finally {
    interest.stop();
  }
}

/** A signal that is aborted once every caller of the batch has left. */
function watchInterest(batch: readonly Job[]): { readonly signal: AbortSignal; stop(): void } {
  const nobody = new AbortController();
  const signals = new Set(batch.map((job) => job.signal));
  let waiting = signals.size;
  const leave = (): void => {
    if (--waiting === 0) nobody.abort();
  };
  for (const signal of signals) signal?.addEventListener('abort', leave, { once: true });
  return {
    signal: nobody.signal,
    stop: () => {
      for (const signal of signals) signal?.removeEventListener('abort', leave);
    },
  };
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
