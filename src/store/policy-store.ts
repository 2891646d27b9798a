import type pg from 'pg';
import { sha256Hex } from '../policy/lifecycle/bundle.ts';
import { type PolicyStore } from '../policy/lifecycle/ports.ts';
import { integer, text } from './columns.ts';
import { decisionStatements } from './policy-decisions.ts';
import { proofChecks } from './policy-proofs.ts';
import {
  toActivation,
  toException,
  toInForce,
  toReceipt,
  toSimulated,
  toStoredException,
  toVersion,
} from './policy-rows.ts';
import { type PolicyVault } from './policy-vault.ts';
import { type Row } from './session.ts';

export type Select = (sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

const IN_FORCE = 'number, activation::text as activation, base, hash, since_ms';
const VERSION = 'hash, name, author as written_by, proof, created_ms, dek::text as dek, sealed';
const EXCEPTION = `e.content, e.from_ms, e.until_ms, e.proof, e.dek::text as dek, e.sealed, x.at_ms as ended_ms,
   r.verdict, r.at_ms as review_ms, r.dek::text as review_dek, r.sealed as review_sealed
 from cordon.policy_exceptions e
 left join cordon.policy_exception_ends x on x.exception = e.hash
 left join cordon.policy_reviews r on r.exception = e.hash`;
/** A person reads these lists; what is older is in the audit. */
const LISTED = 500;

/** The SQL of policy versions. The pool's role is the writer's, which decides nothing: functions of the owner check who may. */
export function createPolicyStore(deps: {
  readonly pool: pg.Pool;
  readonly vault: PolicyVault;
  readonly createId: () => string;
}): PolicyStore {
  const { pool, vault } = deps;
  const select: Select = async (sql, values = []) => (await pool.query<Row>(sql, [...values])).rows;
  return {
    ...feedStatements(select, vault),
    ...decisionStatements({ ...deps, select }),
    async version(hash) {
      const [row] = await select(`select ${VERSION} from cordon.policy_versions where hash = $1`, [hash]);
      return row && toVersion(row, vault);
    },
    async versions() {
      const rows = await select(
        `select ${VERSION} from cordon.policy_versions order by created_ms desc limit ${LISTED}`,
      );
      return Promise.all(rows.map((row) => toVersion(row, vault)));
    },
    async activations() {
      const rows = await select(
        `select a.id::text as id, a.kind, a.hash, a.approved_ms, a.from_ms, a.until_ms, a.dek::text as dek, a.sealed,
           w.at_ms as withdrawn_ms
         from cordon.policy_activations a left join cordon.policy_withdrawals w on w.activation = a.id
         order by a.place desc limit ${LISTED}`,
      );
      return Promise.all(rows.map((row) => toActivation(row, vault)));
    },
    async simulations() {
      const rows = await select(
        `select id::text as id, hash, at_ms, summary, dek::text as dek, sealed from cordon.policy_simulations
         order by at_ms desc limit ${LISTED}`,
      );
      return Promise.all(rows.map((row) => toSimulated(row, vault)));
    },
    async exceptions() {
      const rows = await select(`select ${EXCEPTION} order by e.from_ms desc limit ${LISTED}`);
      return Promise.all(rows.map((row) => toException(row, vault)));
    },
    async exception(hash) {
      const [row] = await select(`select ${EXCEPTION} where e.hash = $1`, [hash]);
      return row && toException(row, vault);
    },
    async receipts() {
      return (await select('select * from cordon.policy_receipts order by instance')).map(toReceipt);
    },
    async history(limit) {
      const sql = `select ${IN_FORCE} from cordon.policy_active order by policy_active.number desc limit $1`;
      return (await select(sql, [limit])).map(toInForce);
    },
    async inForce(hash) {
      const sql = `select ${IN_FORCE} from cordon.policy_active where hash = $1 or base = $1 order by hash <> $1, policy_active.number limit 1`;
      const [row] = await select(sql, [hash]);
      return row && toInForce(row);
    },
    async unreviewed() {
      const [row] = await select(
        `select count(*) as open from cordon.policy_exceptions e where e.kind <> 'false_positive'
           and not exists (select from cordon.policy_reviews r where r.exception = e.hash)`,
      );
      return row === undefined ? 0 : integer(row, 'open');
    },
  };
}

function feedStatements(
  select: Select,
  vault: PolicyVault,
): Pick<PolicyStore, 'settle' | 'bundle' | 'exceptionsAt' | 'receipt'> {
  const { checkActivation, checkWithdrawals, checkEnds } = proofChecks(select, vault);
  return {
    async settle() {
      const [[row]] = await Promise.all([
        select(`select ${IN_FORCE} from cordon.policy_settle()`),
        checkWithdrawals(),
      ]);
      if (row === undefined) return undefined;
      const inForce = toInForce(row);
      await checkActivation(inForce.activation);
      return inForce;
    },
    async bundle(hash) {
      const [row] = await select('select bundle from cordon.policy_versions where hash = $1', [hash]);
      if (row === undefined) return undefined;
      // Whoever reads a version to approve it shall read the one that its name says, whatever was done to the table.
      const bundle = text(row, 'bundle');
      if (sha256Hex(bundle) !== hash) throw new RangeError('a version is not what its hash says');
      return bundle;
    },
    async exceptionsAt(atMs) {
      const rows = await select(
        'select content, from_ms, until_ms, proof from cordon.policy_exceptions_at($1) order by hash',
        [atMs],
      );
      await checkEnds(atMs);
      return rows.map((row) => toStoredException(row, vault));
    },
    async receipt(instance, number, hash) {
      await select('select cordon.policy_receipt($1, $2, $3)', [instance, number, hash]);
    },
  };
}
