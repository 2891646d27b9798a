import type pg from 'pg';
import { type ProposalFilter } from '../domain/proposal.ts';
import { bytes, integer, optionalBytes, text } from './columns.ts';
import { type Row } from './session.ts';

/** A row of `cordon.proposals`; what is sealed is so for the tenant. */
export interface ProposalRow {
  readonly id: string;
  readonly kind: string;
  readonly tenant: string;
  readonly author: Buffer;
  readonly hash: Buffer;
  readonly createdMs: number;
  readonly expiresMs: number;
  readonly dek: string;
  readonly sealed: Buffer;
  readonly state: 'pending' | 'approved' | 'executed' | 'failed' | 'rejected';
  readonly decider: Buffer | undefined;
  readonly decidedMs: number | undefined;
  readonly decision: Buffer | undefined;
  readonly result: Buffer | undefined;
  readonly proof: Buffer | undefined;
}

export interface ProposalDecision {
  readonly state: 'approved' | 'rejected';
  readonly decider: Buffer;
  readonly decidedMs: number;
  readonly decision: Buffer;
  readonly proof: Buffer | undefined;
}

export interface ProposalStore {
  insert(row: ProposalRow): Promise<void>;
  find(id: string): Promise<ProposalRow | undefined>;
  list(tenant: string, filter: ProposalFilter, nowMs: number, limit: number): Promise<readonly ProposalRow[]>;
  /** False when somebody else decided first, or it expired. */
  decide(id: string, decision: ProposalDecision): Promise<boolean>;
  /** Takes an approved one to work on until `untilMs`; false when another process has it, or it is done. */
  lease(id: string, nowMs: number, untilMs: number): Promise<boolean>;
  finish(id: string, state: 'executed' | 'failed', result: Buffer): Promise<void>;
  release(id: string): Promise<void>;
  /** Approved ones that no process is at work on. */
  unfinished(nowMs: number, limit: number): Promise<readonly ProposalRow[]>;
}

const COLUMNS = `id::text as id, kind, tenant, author, hash, created_ms, expires_ms, dek::text as dek, sealed,
  state, decider, decided_ms, decision, result, proof`;

export function createProposalStore(pool: pg.Pool): ProposalStore {
  const select = async (sql: string, values: readonly unknown[]): Promise<readonly ProposalRow[]> =>
    (await pool.query<Row>(`select ${COLUMNS} from cordon.proposals ${sql}`, [...values])).rows.map(toRow);
  const change = async (sql: string, values: readonly unknown[]): Promise<boolean> =>
    (await pool.query(`update cordon.proposals set ${sql}`, [...values])).rowCount === 1;
  return {
    async insert(row) {
      const { id, kind, tenant, author, hash, createdMs, expiresMs, dek, sealed } = row;
      await pool.query(
        `insert into cordon.proposals (id, kind, tenant, author, hash, created_ms, expires_ms, dek, sealed)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [id, kind, tenant, author, hash, createdMs, expiresMs, dek, sealed],
      );
    },
    find: async (id) => (await select('where id = $1', [id]))[0],
    list: (tenant, { state, kind, beforeId }, nowMs, limit) =>
      select(
        `where tenant = $1 and ($2::text is null or kind = $2) and ($3::uuid is null or id < $3)
           and ($4::text is null or $4 = case when state = 'pending' and expires_ms <= $5 then 'expired' else state end)
         order by id desc limit $6`,
        [tenant, kind, beforeId, state, nowMs, limit],
      ),
    decide: (id, { state, decider, decidedMs, decision, proof }) =>
      change(
        `state = $2, decider = $3, decided_ms = $4, decision = $5, proof = $6
         where id = $1 and state = 'pending' and expires_ms > $4`,
        [id, state, decider, decidedMs, decision, proof],
      ),
    lease: (id, nowMs, untilMs) =>
      change(`leased_ms = $3 where id = $1 and state = 'approved' and leased_ms <= $2`, [id, nowMs, untilMs]),
    async finish(id, state, result) {
      await change(`state = $2, result = $3 where id = $1 and state = 'approved'`, [id, state, result]);
    },
    async release(id) {
      await change(`leased_ms = 0 where id = $1 and state = 'approved'`, [id]);
    },
    unfinished: (nowMs, limit) =>
      select(`where state = 'approved' and leased_ms <= $1 order by id limit $2`, [nowMs, limit]),
  };
}

function toRow(row: Row): ProposalRow {
  return {
    id: text(row, 'id'),
    kind: text(row, 'kind'),
    tenant: text(row, 'tenant'),
    author: bytes(row, 'author'),
    hash: bytes(row, 'hash'),
    createdMs: integer(row, 'created_ms'),
    expiresMs: integer(row, 'expires_ms'),
    dek: text(row, 'dek'),
    sealed: bytes(row, 'sealed'),
    state: toState(text(row, 'state')),
    decider: optionalBytes(row, 'decider'),
    decidedMs: row['decided_ms'] === null ? undefined : integer(row, 'decided_ms'),
    decision: optionalBytes(row, 'decision'),
    result: optionalBytes(row, 'result'),
    proof: optionalBytes(row, 'proof'),
  };
}

const STATES = ['pending', 'approved', 'executed', 'failed', 'rejected'] as const;

function toState(value: string): ProposalRow['state'] {
  const state = STATES.find((known) => known === value);
  if (state === undefined) throw new TypeError('a proposal is in no known state');
  return state;
}
