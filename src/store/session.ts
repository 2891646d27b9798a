import { Socket } from 'node:net';
import pg from 'pg';

/** The roles that processes work with; migrations create them. Serving calls needs writer and reader only. */
export type ServingRole = 'cordon_writer' | 'cordon_reader';
export type Role = ServingRole | 'cordon_keeper';

export type Pool = pg.Pool;
export type Row = Readonly<Record<string, unknown>>;

export interface Session {
  /** Resolves when the connection is gone, for whatever reason. */
  readonly ended: Promise<void>;
  query(text: string, values?: readonly unknown[], options?: QueryOptions): Promise<readonly Row[]>;
  /** Breaks the connection at once: a backend that hangs would keep a polite farewell waiting for ever. */
  destroy(): void;
}

export interface QueryOptions {
  /** Prepared once per connection under this name. */
  readonly name?: string;
  /** Instead of the session's own deadline. */
  readonly deadlineMs?: number;
}

/**
 * One connection on which no statement can hang: pg has no default timeout, and one that timed out leaves its
 * client stuck, so at the deadline the socket itself is destroyed and every statement on it rejects.
 */
export async function openSession(options: {
  readonly url: string;
  readonly applicationName: string;
  readonly deadlineMs: number;
  /** For what others `notify` on channels this session listens to. */
  readonly onNotification?: () => void;
}): Promise<Session> {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.deadlineMs,
    keepAlive: true,
    stream: () => socket,
  });
  const ended = new Promise<void>((resolve) => {
    client.once('end', resolve);
    socket.once('close', () => {
      resolve();
    });
  });
  // Every statement in flight rejects by itself; without a listener the event would end the process.
  client.on('error', () => undefined);
  client.on('notification', () => options.onNotification?.());
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return {
    ended,
    async query(text, values = [], { name, deadlineMs = options.deadlineMs } = {}) {
      const timer = setTimeout(() => socket.destroy(), deadlineMs);
      try {
        const query = { text, values: [...values], ...(name === undefined ? {} : { name }) };
        return (await client.query<Row>(query)).rows;
      } finally {
        clearTimeout(timer);
      }
    },
    destroy: () => void socket.destroy(),
  };
}

/**
 * The reader pages through indexes in their order. On tables without statistics the planner would rather fetch all
 * that is left and sort it, for every page anew.
 */
const PLANNER: Readonly<Record<Role, string>> = {
  cordon_writer: '',
  cordon_keeper: '',
  cordon_reader: ' -c enable_bitmapscan=off -c enable_sort=off',
};

/** Compiling a statement takes longer than a search may. */
const SEARCHING = ' -c jit=off';

/**
 * `url` with the role to serve as. It is set by the start-up packet, so a connection that may not take the role
 * fails instead of working with the rights of its login.
 */
export function urlWithRole(url: string, role: Role, planner: string = PLANNER[role]): string {
  if (/[?&]options=/.test(url)) throw new RangeError('the database URL must not carry `options`');
  return `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(`-c role=${role}${planner}`)}`;
}

/** A pool for what is not the append path. A statement beyond the deadline rejects and its connection is broken. */
export function createPool(options: {
  readonly url: string;
  readonly role: Role;
  readonly deadlineMs: number;
  readonly max: number;
  /** `searching`: statements of many forms over tables with statistics, which the planner knows best. */
  readonly use?: 'paging' | 'searching';
}): pg.Pool {
  const planner = options.use === 'searching' ? SEARCHING : PLANNER[options.role];
  const pool = new pg.Pool({
    connectionString: urlWithRole(options.url, options.role, planner),
    application_name: 'cordon',
    max: options.max,
    connectionTimeoutMillis: options.deadlineMs,
    query_timeout: options.deadlineMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced at its next use.
  pool.on('error', () => undefined);
  return pool;
}
