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
  /** One run at a time. The feeds' memory is handed over. */
  run(feeds: Readonly<Record<string, PlainTensor>>, output: string): Promise<PlainTensor>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (reply: SessionReply) => void;
  readonly reject: (error: unknown) => void;
}

/** @throws CordonError when the model cannot be opened with these options */
export async function openSession(model: Uint8Array | string, options: OrtSessionOptions): Promise<Session> {
  const worker = new Worker(new URL('./session-worker.js', import.meta.url));
  let waiting: Waiting | undefined;
  let isGone = false;

  const settle = (act: (one: Waiting) => void): void => {
    const one = waiting;
    waiting = undefined;
    // An idle session keeps no process alive, a running one does.
    worker.unref();
    if (one !== undefined) act(one);
  };
  const fail = (cause?: unknown): void => {
    isGone = true;
    settle(({ reject }) => {
      reject(modelError("the model's thread ended; restart the process", cause));
    });
  };
  worker.on('message', (reply: SessionReply) => {
    settle(({ resolve }) => {
      resolve(reply);
    });
  });
  worker.on('error', fail);
  worker.on('messageerror', fail);
  worker.on('exit', () => {
    fail();
  });

  const ask = (request: SessionRequest, transfer: readonly ArrayBuffer[] = []): Promise<SessionReply> =>
    new Promise((resolve, reject) => {
      if (isGone || waiting !== undefined) {
        reject(modelError(isGone ? "the model's thread has ended" : 'the model is already running'));
        return;
      }
      worker.postMessage(request, transfer);
      worker.ref();
      waiting = { resolve, reject };
    });

  const opened = await ask({ kind: 'open', model, options });
  if (opened.kind !== 'opened') {
    await worker.terminate();
    const reason = opened.kind === 'failed' ? opened.reason : 'no answer';
    throw modelError(`the model cannot be opened on ${options.executionProviders.join()}: ${reason}`);
  }
  return {
    inputs: opened.inputs,
    outputs: opened.outputs,
    run: async (feeds, output) => {
      const buffers = Object.values(feeds).map((tensor) => tensor.data.buffer as ArrayBuffer);
      const reply = await ask({ kind: 'run', feeds, output }, buffers);
      if (reply.kind === 'answered') return reply.output;
      throw modelError(reply.kind === 'failed' ? reply.reason : 'the model gave no answer');
    },
    close: async () => {
      if (isGone) return;
      const ended = new Promise<void>((resolve) =>
        worker.once('exit', () => {
          resolve();
        }),
      );
      await ask({ kind: 'close' }).catch(() => worker.terminate());
      worker.ref();
      await ended;
    },
  };
}
