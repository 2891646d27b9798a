import pg from 'pg';
import { urlWithRole, type ServingRole } from './session.ts';

const CHANNEL = 'cordon_keys';
const REFERENCE = /^[0-9a-f]{64}$/;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

export interface KeyListener {
  /** Resolves once the first connection listens, or has failed; it is tried again until closed. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/**
 * Hears, on a connection of its own, whose keys were destroyed. What was missed while the connection was down is made
 * up for by forgetting everything when it is back; until then the cache's own bound on age holds.
 */
export function listenForDestroyedKeys(options: {
  readonly url: string;
  readonly role: ServingRole;
  readonly deadlineMs: number;
  /** The owner's reference; undefined: all of them. */
  readonly onDestroyed: (reference: Buffer | undefined) => void;
}): KeyListener {
  let closed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = FIRST_PAUSE_MS;

  function again(): void {
    if (closed) return;
    timer = setTimeout(() => void connect(), pauseMs).unref();
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: urlWithRole(options.url, options.role),
      application_name: 'cordon keys',
      connectionTimeoutMillis: options.deadlineMs,
      query_timeout: options.deadlineMs,
      keepAlive: true,
    });
    client = next;
    // A failed connection reports more than once; it is replaced once.
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      void next.end().catch(() => undefined);
      again();
    };
    next.on('error', end);
    next.on('end', end);
    next.on('notification', ({ channel, payload = '' }) => {
      if (channel !== CHANNEL) return;
      options.onDestroyed(REFERENCE.test(payload) ? Buffer.from(payload, 'hex') : undefined);
    });
    try {
      await next.connect();
      await next.query(`listen ${CHANNEL}`);
      options.onDestroyed(undefined);
      pauseMs = FIRST_PAUSE_MS;
    } catch {
      end();
    }
  }

  const ready = connect();
  return {
    ready,
    async close(): Promise<void> {
      closed = true;
      clearTimeout(timer);
      await ready;
      await client?.end().catch(() => undefined);
    },
  };
}
