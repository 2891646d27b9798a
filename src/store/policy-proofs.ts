import { bytes, integer, text } from './columns.ts';
import { type Select } from './policy-store.ts';
import { type PolicyVault } from './policy-vault.ts';
import { type Row } from './session.ts';

/** That Cordon made what decides what is in force, whoever wrote the rows. Each throws where it did not. */
export interface ProofChecks {
  readonly checkActivation: (id: string) => Promise<void>;
  /** Of what was taken back before it began: its absence is as much in force as its presence would be. */
  readonly checkWithdrawals: () => Promise<void>;
  /** Of exceptions that would hold at that instant, had nobody ended them. */
  readonly checkEnds: (atMs: number) => Promise<void>;
}

export function proofChecks(select: Select, vault: Pick<PolicyVault, 'isProven'>): ProofChecks {
  // What was proved once stays so: nothing in these tables changes.
  let provenActivation = '';
  let provenUntilMs = 0;
  const check = (row: Row, parts: readonly string[], what: string): void => {
    if (!vault.isProven(parts, bytes(row, 'proof'))) throw new RangeError(`${what} was not made by Cordon`);
  };
  return {
    async checkActivation(id) {
      if (id === provenActivation) return;
      const [row] = await select(
        'select kind, hash, until_ms, proof from cordon.policy_activations where id = $1',
        [id],
      );
      if (row === undefined) throw new RangeError('what is in force was activated by nothing');
      const until = row['until_ms'] === null ? '' : String(integer(row, 'until_ms'));
      check(row, ['activation', id, text(row, 'kind'), text(row, 'hash'), until], 'the activation in force');
      provenActivation = id;
    },
    async checkWithdrawals() {
      const rows = await select(
        `select activation::text as activation, at_ms, proof from cordon.policy_withdrawals
         where at_ms >= $1 order by at_ms`,
        [provenUntilMs],
      );
      for (const row of rows) {
        check(row, ['withdrawal', text(row, 'activation')], 'a withdrawal');
        provenUntilMs = integer(row, 'at_ms');
      }
    },
    async checkEnds(atMs) {
      const rows = await select(
        `select x.exception, x.proof from cordon.policy_exception_ends x
         join cordon.policy_exceptions e on e.hash = x.exception
         where x.at_ms <= $1 and e.from_ms <= $1 and e.until_ms > $1`,
        [atMs],
      );
      for (const row of rows) check(row, ['end', text(row, 'exception')], 'the end of an exception');
    },
  };
}
