import { modelError } from './model-error.ts';
import { type Session } from './session.ts';

export interface SupervisedSession extends Session {
  /** False from the end of its thread until another is open. */
  isOpen(): boolean;
}

export interface SupervisionOptions {
  readonly open: () => Promise<Session>;
  /** Wait before the first attempt to open again; doubled with each attempt, up to `maxDelayMs`. */
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  readonly observe: (state: ThreadState) => void;
}

export type ThreadState = 'ended' | 'replaced' | 'not_replaced';

/**
 * A session whose thread is replaced when it dies. What was running then has failed, and so does what is asked until
 * the new thread is open: nothing waits, for the caller's deadline is better spent elsewhere. The wait between two
 * attempts starts again from the least one only after a run was answered, so that a model that kills its thread with
 * each run does not keep the machine busy opening it.
 *
 * @throws CordonError when the first attempt fails
 */
export async function keepOpen(options: SupervisionOptions): Promise<SupervisedSession> {
  const { minDelayMs, maxDelayMs, observe } = options;
  const first = await options.open();
  let session: Session | undefined = first;
  let opening: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let delayMs = minDelayMs;
  let isClosing = false;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });

  const reopen = async (): Promise<void> => {
    try {
      const next = await options.open();
      session = next;
      observe('replaced');
      watch(next);
    } catch {
      observe('not_replaced');
      reopenLater();
    }
  };
  const reopenLater = (): void => {
    if (isClosing) return;
    timer = setTimeout(() => {
      opening = reopen();
    }, delayMs);
    timer.unref();
    delayMs = Math.min(delayMs * 2, maxDelayMs);
  };
  const watch = (one: Session): void => {
    void one.ended.then(() => {
      session = undefined;
      if (isClosing) return;
      observe('ended');
      reopenLater();
    });
  };
  watch(first);

  return {
    inputs: first.inputs,
    outputs: first.outputs,
    ended,
    isOpen: () => session !== undefined,
    run: async (feeds, output) => {
      if (session === undefined)
        throw modelError("the model's thread ended and is being replaced; try again");
      const answer = await session.run(feeds, output);
      delayMs = minDelayMs;
      return answer;
    },
    close: async () => {
      isClosing = true;
      clearTimeout(timer);
      await opening;
      await session?.close();
      end();
    },
  };
}
