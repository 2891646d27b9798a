import { type CheckpointerOptions, type SignedCheckpoint } from './checkpointer.ts';

/** A place that keeps checkpoints where no administrator of the database can change them. */
export interface CheckpointSink {
  readonly name: string;
  /** Rejects when it is not known to be kept. The signal ends the attempt. */
  publish(checkpoint: SignedCheckpoint, signal: AbortSignal): Promise<void>;
}

export interface Outlet {
  /** Takes the newest checkpoint of a chain; an older one of that chain that still waits is not needed any more. */
  offer(checkpoint: SignedCheckpoint): void;
  /** One last attempt at what waits. */
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/** Feeds one sink, one checkpoint at a time, for as long as it takes. */
export function createOutlet(
  sink: CheckpointSink,
  options: Pick<CheckpointerOptions, 'now' | 'onEvent' | 'sinkDeadlineMs'>,
): Outlet {
  const waiting = new Map<string, SignedCheckpoint>();
  let running: Promise<void> | undefined;
  let closed = false;
  let wake: () => void = () => undefined;

  async function attempt(checkpoint: SignedCheckpoint): Promise<boolean> {
    const signal = AbortSignal.timeout(options.sinkDeadlineMs);
    const late = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('the sink took too long'));
      });
    });
    try {
      await Promise.race([sink.publish(checkpoint, signal), late]);
      options.onEvent({
        event: 'checkpoint_published',
        sink: sink.name,
        lagMs: options.now() - checkpoint.atMs,
      });
      return true;
    } catch {
      options.onEvent({ event: 'checkpoint_failed', sink: sink.name });
      return false;
    }
  }

  async function pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    for (let next = waiting.values().next().value; next !== undefined; next = waiting.values().next().value) {
      const last = closed;
      if (await attempt(next)) {
        if (waiting.get(next.chain) === next) waiting.delete(next.chain);
        pauseMs = FIRST_PAUSE_MS;
      } else {
        if (last) break;
        if (!closed) await pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
    running = undefined;
  }

  return {
    offer(checkpoint): void {
      waiting.set(checkpoint.chain, checkpoint);
      running ??= run();
    },
    async close(): Promise<void> {
      closed = true;
      wake();
      await running;
    },
  };
}
