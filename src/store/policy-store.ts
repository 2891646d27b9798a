import pg from 'pg';
import { type Json } from '../domain/json.ts';
import {
  type InForce,
  type NewException,
  type Person,
  PolicyRefusal,
  type PolicyStore,
} from '../policy/lifecycle/ports.ts';
import { integer, text } from './columns.ts';
import { toActivation, toException, toInForce, toReceipt, toVersion } from './policy-rows.ts';
import { type Row } from './session.ts';

const IN_FORCE = 'number, activation::text as activation, base, hash, since_ms';
/** A person reads these lists; what is older is in the audit. */
const LISTED = 1_000;

/** The SQL of policy versions. The pool's role is the writer's, which decides nothing here: functions check who may. */
export function createPolicyStore(pool: pg.Pool): PolicyStore {
  const select = async (sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> =>
    (await pool.query<Row>(sql, [...values])).rows;
  const decide = async (sql: string, values: readonly unknown[]): Promise<Row> => {
    try {
      return (await select(sql, values))[0] ?? {};
    } catch (error) {
      throw translate(error);
    }
  };
  return {
    ...feedStatements(select),
    ...decisionStatements(decide),
    async versions() {
      const sql = `select hash, name, author_issuer, author_subject, note, ticket, created_ms
        from cordon.policy_versions order by created_ms desc limit ${LISTED}`;
      return (await select(sql)).map(toVersion);
    },
    async activations() {
      const sql = `select a.*, a.id::text as id, w.at_ms as withdrawn_ms from cordon.policy_activations a
        left join cordon.policy_withdrawals w on w.activation = a.id order by a.place desc limit ${LISTED}`;
      return (await select(sql)).map(toActivation);
    },
    async simulations() {
      const rows = await select(`select * from cordon.policy_simulations order by id desc limit ${LISTED}`);
      return rows.map((row) => ({
        hash: text(row, 'hash'),
        by: { issuer: text(row, 'issuer'), subject: text(row, 'subject') },
        atMs: integer(row, 'at_ms'),
        summary: JSON.parse(text(row, 'summary')) as Json,
      }));
    },
    async exceptions(limit) {
      const sql = `select e.*, x.at_ms as ended_ms, r.issuer as review_issuer, r.subject as review_subject, r.verdict,
          r.note as review_note, r.at_ms as review_ms
        from cordon.policy_exceptions e
        left join cordon.policy_exception_ends x on x.exception = e.hash
        left join cordon.policy_reviews r on r.exception = e.hash
        order by e.from_ms desc limit $1`;
      return (await select(sql, [limit])).map(toException);
    },
    async receipts() {
      return (await select('select * from cordon.policy_receipts order by instance')).map(toReceipt);
    },
    async history(limit) {
      const sql = `select ${IN_FORCE} from cordon.policy_active order by policy_active.number desc limit $1`;
      return (await select(sql, [limit])).map(toInForce);
    },
    async inForce(hash) {
      const sql = `select ${IN_FORCE} from cordon.policy_active where hash = $1 order by policy_active.number limit 1`;
      const [row] = await select(sql, [hash]);
      return row && toInForce(row);
    },
  };
}

function feedStatements(
  select: (sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>,
): Pick<PolicyStore, 'settle' | 'bundle' | 'exceptionsAt' | 'receipt'> {
  return {
    async settle(): Promise<InForce | undefined> {
      const [row] = await select(`select ${IN_FORCE} from cordon.policy_settle()`);
      return row && toInForce(row);
    },
    async bundle(hash) {
      const [row] = await select('select bundle from cordon.policy_versions where hash = $1', [hash]);
      return row && text(row, 'bundle');
    },
    async exceptionsAt(atMs) {
      const rows = await select(
        'select content, from_ms, until_ms from cordon.policy_exceptions_at($1) order by hash',
        [atMs],
      );
      return rows.map((row) => ({
        content: text(row, 'content'),
        fromMs: integer(row, 'from_ms'),
        untilMs: integer(row, 'until_ms'),
      }));
    },
    async receipt(instance, number, hash) {
      await select('select cordon.policy_receipt($1, $2, $3)', [instance, number, hash]);
    },
  };
}

function decisionStatements(
  decide: (sql: string, values: readonly unknown[]) => Promise<Row>,
): Pick<
  PolicyStore,
  'submit' | 'importFirst' | 'activate' | 'withdraw' | 'except' | 'agree' | 'end' | 'review' | 'simulated'
> {
  const of = ({ issuer, subject }: Person): readonly string[] => [issuer, subject];
  const what = ({ hash, content }: NewException): readonly string[] => [hash, content];
  return {
    async submit({ bundle, hash, name, note, ticket }, by) {
      const values = [bundle, hash, name, ...of(by), note, ticket];
      const row = await decide('select cordon.policy_submit($1, $2, $3, $4, $5, $6, $7) as added', values);
      return row['added'] === true;
    },
    async importFirst({ bundle, hash, name }, id) {
      const row = await decide('select cordon.policy_import($1, $2, $3, $4) as added', [
        bundle,
        hash,
        name,
        id,
      ]);
      return row['added'] === true;
    },
    async activate({ id, kind, hash, proposer, approver, fromMs, untilMs }) {
      const values = [id, kind, hash, ...of(proposer), ...of(approver), fromMs ?? null, untilMs ?? null];
      const sql = 'select cordon.policy_activate($1, $2, $3, $4, $5, $6, $7, $8, $9) as from_ms';
      return integer(await decide(sql, values), 'from_ms');
    },
    async withdraw(activation, by) {
      await decide('select cordon.policy_withdraw($1, $2, $3)', [activation, ...of(by)]);
    },
    async except(exception, by) {
      const { hash, kind, content, note, ticket, lastsMs } = exception;
      const values = [hash, kind, content, ...of(by), note, ticket, lastsMs];
      const row = await decide(
        'select cordon.policy_except($1, $2, $3, $4, $5, $6, $7, $8) as until_ms',
        values,
      );
      return integer(row, 'until_ms');
    },
    async agree(exception, author, approver) {
      const values = [...what(exception), ...of(author), ...of(approver), exception.note, exception.lastsMs];
      const row = await decide(
        'select cordon.policy_agree($1, $2, $3, $4, $5, $6, $7, $8) as until_ms',
        values,
      );
      return integer(row, 'until_ms');
    },
    async end(exception, by) {
      await decide('select cordon.policy_end($1, $2, $3)', [exception, ...of(by)]);
    },
    async review(exception, by, verdict, note) {
      await decide('select cordon.policy_review($1, $2, $3, $4, $5)', [exception, ...of(by), verdict, note]);
    },
    async simulated(hash, by, summary) {
      await decide('select cordon.policy_simulated($1, $2, $3, $4)', [
        hash,
        ...of(by),
        JSON.stringify(summary),
      ]);
    },
  };
}

/** SQLSTATE → what it means here; the messages are those of the migration. */
function translate(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  if (error.code === '42501') return new PolicyRefusal('own', error.message);
  if (error.code === 'P0002' || error.code === '02000' || error.code === '23503') {
    return new PolicyRefusal('unknown', error.code === '23503' ? 'there is no such version' : error.message);
  }
  return error;
}
