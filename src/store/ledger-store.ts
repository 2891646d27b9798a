import pg from 'pg';
import {
  type AppendResult,
  type Batch,
  type ChainHead,
  type ChainRow,
  type LedgerStore,
  type WriterSession,
} from '../ledger/ports.ts';
import { bytes, flag, integer, text } from './columns.ts';
import { packIndex, packRows } from './pack.ts';
import { openSession, type Row, type Session } from './session.ts';

/** The sweep reads more than an append does; it runs at start, before anybody waits. */
const SWEEP_DEADLINE_MS = 30_000;
const LOCK_SEED = 1;

/**
 * The writer's SQL. `deadlineMs` bounds each statement. The login of `url` is cordon_writer itself or a member of
 * it. `pool` has the role of the writer and serves what is no append; it belongs to the caller.
 */
export function createLedgerStore(options: {
  readonly url: string;
  readonly deadlineMs: number;
  readonly pool: pg.Pool;
}): LedgerStore {
  return {
    async connect(chain) {
      const session = await openSession({ ...options, applicationName: 'cordon' });
      try {
        await prepare(session, chain);
      } catch (error) {
        session.destroy();
        throw error;
      }
      return writerSession(session);
    },
    async ensurePartitions(atMs) {
      await options.pool.query('select cordon.ensure_partitions($1), cordon.ensure_index_partitions($1)', [
        atMs,
      ]);
      // Of months that retention has taken. A search that is running delays it to the next time.
      await options.pool.query('select cordon.trim_index()').catch(() => undefined);
    },
    ping: () =>
      options.pool.query('select 1').then(
        () => true,
        () => false,
      ),
  };
}

async function prepare(session: Session, chain: string | undefined): Promise<void> {
  if (chain !== undefined) {
    // A broken connection's backend may still hold the chain's lock, and an append. It runs under our login.
    await session.query(
      `select pg_terminate_backend(pid, 200) from pg_stat_activity
       where application_name = $1 and usename = session_user and pid <> pg_backend_pid()`,
      [applicationName(chain)],
    );
  }
  await session.query('set role cordon_writer');
  await session.query(
    "select set_config('synchronous_commit', 'on', false) where current_setting($1) = 'off'",
    ['synchronous_commit'],
  );
  const [state] = await session.query(
    "select current_setting('fsync') = 'on' and not pg_is_in_recovery() as durable",
  );
  if (state === undefined || !flag(state, 'durable')) {
    throw new Error('the database runs with fsync off or is a standby: it cannot promise durability');
  }
}

function writerSession(session: Session): WriterSession {
  return {
    ended: session.ended,
    destroy: () => {
      session.destroy();
    },
    ...lockStatements(session),
    ...chainStatements(session),
    append: (batch, rows, settledSeq) => append(session, batch, rows, settledSeq),
    async header(row) {
      const [found] = await session.query(
        'select header from cordon.records where request_id = $1 and type = $2 and period = $3',
        [row.requestId, row.type, row.period],
      );
      return found === undefined ? undefined : text(found, 'header');
    },
  };
}

function lockStatements(session: Session): Pick<WriterSession, 'lock' | 'lockOwn' | 'unlock'> {
  const lock = async (chain: string): Promise<boolean> => {
    const [row] = await session.query(
      `select pg_try_advisory_lock(hashtextextended($1, ${LOCK_SEED})) as locked`,
      [chain],
    );
    return row !== undefined && flag(row, 'locked');
  };
  return {
    lock,
    async lockOwn(chain) {
      // By this name the next session finds this one's backend, should we lose each other.
      await session.query("select set_config('application_name', $1, false)", [applicationName(chain)]);
      return lock(chain);
    },
    async unlock(chain) {
      await session.query(`select pg_advisory_unlock(hashtextextended($1, ${LOCK_SEED}))`, [chain]);
    },
  };
}

function chainStatements(
  session: Session,
): Pick<WriterSession, 'openChain' | 'closeChain' | 'head' | 'openChains' | 'openDecisions'> {
  return {
    async openChain(head) {
      await session.query(
        'insert into cordon.chains (chain, instance, opened_ms, seq, hash) values ($1, $2, $3, $4, $5)',
        [head.chain, head.instance, head.openedMs, head.seq, head.hash],
      );
    },
    async closeChain(chain) {
      await session.query('update cordon.chains set closed = true where chain = $1 and not closed', [chain]);
    },
    async head(chain) {
      const [row] = await session.query('select * from cordon.chains where chain = $1', [chain]);
      return row === undefined ? undefined : toHead(row);
    },
    async openChains() {
      const rows = await session.query(
        'select * from cordon.chains where not closed order by opened_ms, chain',
      );
      return rows.map(toHead);
    },
    async openDecisions(chain, afterSeq, limit) {
      const rows = await session.query(
        `select d.seq, d.request_id::text as request_id, d.tenant
         from cordon.records d join cordon.chains c on c.chain = d.chain
         where d.chain = $1 and d.seq > greatest($2, c.settled) and d.type = 'DECISION'
           and not exists (select from cordon.records e
                           where e.request_id = d.request_id and e.type in ('COMPLETION', 'INCOMPLETE'))
         order by d.seq limit $3`,
        [chain, afterSeq, limit],
        { deadlineMs: SWEEP_DEADLINE_MS },
      );
      return rows.map((row) => ({
        seq: integer(row, 'seq'),
        requestId: text(row, 'request_id'),
        tenant: text(row, 'tenant'),
      }));
    },
  };
}

/**
 * One statement, hence one transaction, one round trip and one flush. The rows' bytes travel as a single binary
 * parameter that the server cuts up: arrays of bytea would travel as hexadecimal text, twice the size.
 */
const APPEND = `
with fence as (
  update cordon.chains set seq = $3, hash = $4, settled = greatest(settled, $7)
  where chain = $1 and seq = $2 and not closed
  returning chain
), batch as (
  insert into cordon.batches (chain, first_seq, last_seq, root, prev, hash)
  select chain, $2::bigint + 1, $3, $5, $6, $4 from fence
), added as (
  insert into cordon.records
    (chain, seq, period, request_id, type, tenant, at_ms, leaf, header, context, body, findings, response)
  select fence.chain, $2::bigint + r.n, r.period, r.request_id, r.type, r.tenant, r.at_ms,
    substring($8::bytea, r.at, 32),
    convert_from(substring($8::bytea, r.at + 32, r.h), 'UTF8'),
    substring($8::bytea, r.at + 32 + r.h, r.c),
    substring($8::bytea, r.at + 32 + r.h + coalesce(r.c, 0), r.b),
    substring($8::bytea, r.at + 32 + r.h + coalesce(r.c, 0) + coalesce(r.b, 0), r.f),
    substring($8::bytea, r.at + 32 + r.h + coalesce(r.c, 0) + coalesce(r.b, 0) + coalesce(r.f, 0), r.e)
  from fence, unnest($9::date[], $10::uuid[], $11::text[], $12::text[], $13::bigint[], $14::int[], $15::int[],
                     $16::int[], $17::int[], $18::int[], $19::int[])
    with ordinality as r (period, request_id, type, tenant, at_ms, at, h, c, b, f, e, n)
), facts as (
  insert into cordon.facts (period, tenant, request_id, type, at_ms, subject, caller, tags)
  select r.period, r.tenant, r.request_id, r.type, r.at_ms, r.subject, r.caller, string_to_array(r.tags, chr(31))
  from fence, unnest($9::date[], $12::text[], $10::uuid[], $11::text[], $13::bigint[], $20::uuid[], $21::uuid[],
                     $22::text[])
    as r (period, tenant, request_id, type, at_ms, subject, caller, tags)
), entries as (
  insert into cordon.index_entries (period, token, at_ms, request_id)
  select ($9::date[])[e.n], e.token, ($13::bigint[])[e.n], ($10::uuid[])[e.n]
  from fence, unnest($23::int[], $24::uuid[]) as e (n, token)
)
select count(*)::int as fenced from fence`;

async function append(
  session: Session,
  batch: Batch,
  rows: readonly ChainRow[],
  settledSeq: number,
): Promise<AppendResult> {
  const { chain, firstSeq, lastSeq, root, prev, hash } = batch;
  try {
    const [row] = await session.query(
      APPEND,
      [chain, firstSeq - 1, lastSeq, hash, root, prev, settledSeq, ...packRows(rows), ...packIndex(rows)],
      { name: 'append' },
    );
    return row !== undefined && integer(row, 'fenced') === 1 ? 'appended' : 'fenced';
  } catch (error) {
    if (isDataError(error)) return 'refused';
    throw error;
  }
}

/** SQLSTATE classes 22 (data exception) and 23 (integrity constraint): the rows are at fault, not the database. */
function isDataError(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '');
}

export function toHead(row: Row): ChainHead {
  return {
    chain: text(row, 'chain'),
    instance: text(row, 'instance'),
    openedMs: integer(row, 'opened_ms'),
    seq: integer(row, 'seq'),
    hash: bytes(row, 'hash'),
    closed: flag(row, 'closed'),
  };
}

function applicationName(chain: string): string {
  return `cordon ${chain}`;
}
