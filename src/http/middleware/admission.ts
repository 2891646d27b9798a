import { CordonError } from '../../domain/errors.ts';
import { type Next, type RequestContext } from '../state.ts';

/** Counts what is being handled, refuses beyond a limit, and refuses everything once a stop was asked for. */
export interface Admission {
  readonly middleware: (ctx: RequestContext, next: Next) => Promise<void>;
  readonly open: () => number;
  close(): void;
  /** Resolves when nothing is open any more, or after `timeoutMs`. */
  drained(timeoutMs: number): Promise<void>;
}

export function createAdmission(options: {
  readonly maxInFlight: number;
  readonly onChange: (open: number) => void;
}): Admission {
  let open = 0;
  let closed = false;
  const waiting = new Set<() => void>();

  function leave(): void {
    open -= 1;
    options.onChange(open);
    if (open === 0) for (const wake of waiting) wake();
  }

  return {
    open: () => open,
    close(): void {
      closed = true;
    },
    async drained(timeoutMs): Promise<void> {
      if (open === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, timeoutMs);
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
        waiting.add(done);
      });
    },
    async middleware(ctx, next): Promise<void> {
      if (closed) {
        ctx.set('Connection', 'close');
        throw new CordonError('shutting_down', 'Cordon is stopping; try again on another instance.', {
          retryAfterS: 1,
        });
      }
      if (open >= options.maxInFlight) {
        throw new CordonError('too_many_requests', 'Too many calls are open; try again shortly.', {
          retryAfterS: 1,
        });
      }
      open += 1;
      options.onChange(open);
      // A call is over when its response is closed, its handler has returned and whatever the handler left running
      // (a streamed answer, with the record that ends it) has ended.
      let holds = 2;
      const release = (): void => {
        holds -= 1;
        if (holds === 0) leave();
      };
      ctx.state.hold = () => {
        holds += 1;
        return release;
      };
      ctx.res.once('close', release);
      try {
        await next();
      } finally {
        release();
      }
    },
  };
}
