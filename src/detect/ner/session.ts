import { Worker } from 'node:worker_threads';
import { modelError } from './model-error.ts';
import { type OrtSessionOptions, type OrtValueMetadata, type TensorData } from './onnxruntime.ts';

/** A tensor as it travels between threads. */
export interface PlainTensor {
  readonly type: string;
  readonly data: TensorData;
  readonly dims: readonly number[];
}

export type SessionRequest =
  | { readonly kind: 'open'; readonly model: Uint8Array | string; readonly options: OrtSessionOptions }
  | { readonly kind: 'run'; readonly feeds: Readonly<Record<string, PlainTensor>>; readonly output: string }
  | { readonly kind: 'close' };

export type SessionReply =
  | {
      readonly kind: 'opened';
      readonly inputs: readonly OrtValueMetadata[];
      readonly outputs: readonly OrtValueMetadata[];
    }
  | { readonly kind: 'answered'; readonly output: PlainTensor }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'closed' };

/** An onnxruntime session on a thread of its own, so that a run does not hold up the event loop. */
export interface Session {
  readonly inputs: readonly OrtValueMetadata[];
  readonly outputs: readonly OrtValueMetadata[];
  /** Resolves when the thread is gone or given up: it was closed, it died, or it did not answer in time. */
  readonly ended: Promise<void>;
  /** One run at a time. The feeds' memory is handed over. */
  run(feeds: Readonly<Record<string, PlainTensor>>, output: string): Promise<PlainTensor>;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** A run that takes longer is one that hangs: its thread is given up. */
  readonly runTimeoutMs: number;
  /** Makes the thread; a test may make another. */
  readonly spawn: () => Worker;
}

interface Waiting {
  readonly resolve: (reply: SessionReply) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/** Opening may compile a graph for an accelerator. */
const OPEN_TIMEOUT_MS = 300_000;
const CLOSE_TIMEOUT_MS = 10_000;

export function spawnSessionThread(): Worker {
  return new Worker(new URL('./session-worker.js', import.meta.url));
}

/** @throws CordonError when the model cannot be opened with these options */
export async function openSession(
  model: Uint8Array | string,
  options: OrtSessionOptions,
  { runTimeoutMs, spawn }: SessionOptions,
): Promise<Session> {
  const thread = createThread(spawn());
  const opened = await thread.ask({ kind: 'open', model, options }, OPEN_TIMEOUT_MS);
  if (opened.kind !== 'opened') {
    thread.giveUp();
    const reason = opened.kind === 'failed' ? opened.reason : 'no answer';
    throw modelError(`the model cannot be opened on ${options.executionProviders.join()}: ${reason}`);
  }
  return {
    inputs: opened.inputs,
    outputs: opened.outputs,
    ended: thread.ended,
    run: async (feeds, output) => {
      const buffers = Object.values(feeds).map((tensor) => tensor.data.buffer as ArrayBuffer);
      const reply = await thread.ask({ kind: 'run', feeds, output }, runTimeoutMs, buffers);
      if (reply.kind === 'answered') return reply.output;
      throw modelError(reply.kind === 'failed' ? reply.reason : 'the model gave no answer');
    },
    close: async () => {
      if (thread.isGone()) return;
      await thread.ask({ kind: 'close' }, CLOSE_TIMEOUT_MS).catch(() => {
        thread.giveUp();
      });
      thread.hold();
      await thread.ended;
    },
  };
}

interface Thread {
  readonly ended: Promise<void>;
  isGone(): boolean;
  /** Keeps the process alive until the thread has ended. */
  hold(): void;
  ask(request: SessionRequest, timeoutMs: number, transfer?: readonly ArrayBuffer[]): Promise<SessionReply>;
  /** Asks the thread to stop and does not wait: one that hangs in native code ends only when that returns. */
  giveUp(cause?: unknown): void;
}

/** One question at a time to a thread that may die or fall silent; either way the question is rejected. */
function createThread(worker: Worker): Thread {
  let waiting: Waiting | undefined;
  let isGone = false;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });

  const settle = (act: (one: Waiting) => void): void => {
    const one = waiting;
    waiting = undefined;
    // An idle session keeps no process alive, a running one does.
    worker.unref();
    if (one === undefined) return;
    clearTimeout(one.timer);
    act(one);
  };
  const fail = (cause?: unknown): void => {
    isGone = true;
    settle(({ reject }) => {
      reject(modelError("the model's thread ended and is being replaced; try again", cause));
    });
    end();
  };
  const giveUp = (cause?: unknown): void => {
    fail(cause);
    void worker.terminate();
  };
  worker.on('message', (reply: SessionReply) => {
    settle(({ resolve }) => {
      resolve(reply);
    });
  });
  worker.on('error', fail);
  worker.on('messageerror', giveUp);
  worker.on('exit', () => {
    fail();
  });

  return {
    ended,
    isGone: () => isGone,
    hold: () => {
      worker.ref();
    },
    giveUp,
    ask: (request, timeoutMs, transfer = []) =>
      new Promise((resolve, reject) => {
        if (isGone || waiting !== undefined) {
          reject(modelError(isGone ? "the model's thread has ended" : 'the model is already running'));
          return;
        }
        worker.postMessage(request, transfer);
        worker.ref();
        const timer = setTimeout(() => {
          giveUp(new Error('no answer in time'));
        }, timeoutMs);
        waiting = { resolve, reject, timer };
      }),
  };
}
