import { type Log } from '../telemetry/log.ts';

/** What runs until a signal ends it. */
export interface Stoppable {
  stop(reason: string): Promise<void>;
  /** Reads what it is told by again; nothing to read when absent. */
  reload?(): Promise<void>;
}

/** Resolves with the exit code once a signal has stopped the server; a second signal does not wait. */
export function untilStopped(server: Stoppable, log: Log): Promise<number> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (reason: string, exitCode: number): void => {
      if (stopping) {
        process.exit(1);
      }
      stopping = true;
      server.stop(reason).then(
        () => {
          resolve(exitCode);
        },
        (error: unknown) => {
          log({ event: 'crashed', kind: 'stop', stack: stackOf(error) });
          resolve(1);
        },
      );
    };
    process.on('SIGTERM', () => {
      stop('SIGTERM', 0);
    });
    process.on('SIGINT', () => {
      stop('SIGINT', 0);
    });
    process.on('SIGHUP', () => {
      void server.reload?.();
    });
    // A state nobody foresaw is not served from: what is open is ended in order, then the process goes.
    for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(kind, (error: unknown) => {
        log({ event: 'crashed', kind, stack: stackOf(error) });
        // Only a person who asks twice is in a hurry: a second fault does not cut short what is being ended in order.
        if (!stopping) stop(kind, 1);
      });
    }
  });
}

/** Where it happened, without the message: a message may quote what was being handled. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join('\n');
}
