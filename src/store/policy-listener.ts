import { type Session, openSession, urlWithRole } from './session.ts';

export interface PolicyListener {
  close(): void;
}

const RETRY_MS = 1_000;

/**
 * Says whenever the policy in force gets another number, and after each new connection, for what was said meanwhile was
 * not heard. While the connection is down it says nothing: who listens asks now and then as well.
 */
export function listenForPolicy(options: {
  readonly url: string;
  readonly deadlineMs: number;
  readonly onChange: () => void;
}): PolicyListener {
  let closed = false;
  let session: Session | undefined;
  let timer: NodeJS.Timeout | undefined;
  // Not a constant to the compiler: `close` may come while the connection is being made.
  const isClosed = (): boolean => closed;

  const connect = async (): Promise<void> => {
    try {
      const opened = await openSession({
        url: urlWithRole(options.url, 'cordon_writer'),
        applicationName: 'cordon policy',
        deadlineMs: options.deadlineMs,
        onNotification: options.onChange,
      });
      if (isClosed()) {
        opened.destroy();
        return;
      }
      session = opened;
      await opened.query('listen cordon_policy');
      options.onChange();
      await opened.ended;
    } catch {
      session?.destroy();
    }
    session = undefined;
    if (isClosed()) return;
    timer = setTimeout(() => void connect(), RETRY_MS);
    timer.unref();
  };
  void connect();
  return {
    close(): void {
      closed = true;
      clearTimeout(timer);
      session?.destroy();
    },
  };
}
