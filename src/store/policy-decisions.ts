import pg from 'pg';
import { canonicalize } from '../crypto/jcs.ts';
import { type JsonObject } from '../domain/json.ts';
import { type Person, type Proposal } from '../domain/proposal.ts';
import { sha256Hex } from '../policy/lifecycle/bundle.ts';
import { encodeException } from '../policy/lifecycle/exception.ts';
import { PolicyRefusal, type PolicyStore } from '../policy/lifecycle/ports.ts';
import { integer } from './columns.ts';
import { type Select } from './policy-store.ts';
import { authorship, type PolicyVault } from './policy-vault.ts';
import { type Row } from './session.ts';

type Decisions = Pick<
  PolicyStore,
  ('submit' | 'importFirst' | 'activate' | 'withdraw') | ('except' | 'agree' | 'end' | 'review' | 'simulated')
>;

/** What people decide, as calls of functions that check it once more. */
export function decisionStatements(deps: {
  readonly select: Select;
  readonly vault: PolicyVault;
  readonly createId: () => string;
}): Decisions {
  const { vault, createId } = deps;
  const call = async (sql: string, values: readonly unknown[]): Promise<Row> => {
    try {
      return (await deps.select(`select cordon.${sql}`, values))[0] ?? {};
    } catch (error) {
      throw translate(error);
    }
  };
  const bodyOf = ({ body }: Proposal, name: string): string => {
    const value = body[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  return {
    async submit({ hash, bundle, name, note, ticket }, by) {
      const said = { by: personJson(by), note, ticket };
      const { dek, sealed } = await vault.seal(by.tenant, `version/${hash}`, said);
      const author = vault.person(by);
      const proof = vault.prove(authorship(hash, author));
      const values = [hash, bundle, name, author, proof, dek, sealed];
      return (await call('policy_submit($1, $2, $3, $4, $5, $6, $7) as added', values))['added'] === true;
    },
    async importFirst({ hash, bundle, name }) {
      const id = createId();
      const proof = vault.prove(['activation', id, 'import', hash, '']);
      const row = await call('policy_import($1, $2, $3, $4, $5) as added', [hash, bundle, name, id, proof]);
      return row['added'] === true;
    },
    async activate(proposal) {
      const { id, kind, tenant } = proposal;
      const said = { ...peopleOf(proposal), note: bodyOf(proposal, 'note') };
      const { dek, sealed } = await vault.seal(tenant, `activation/${id}`, said);
      const verb = kind === 'policy.rollback' ? 'rollback' : 'activate';
      const proof = vault.prove([
        'activation',
        id,
        verb,
        bodyOf(proposal, 'version'),
        bodyOf(proposal, 'until_ms'),
      ]);
      const values = [id, preimageOf(proposal), proof, dek, sealed];
      return integer(await call('policy_activate($1, $2, $3, $4, $5) as from_ms', values), 'from_ms');
    },
    async withdraw(activation, by) {
      const proof = vault.prove(['withdrawal', activation]);
      await call('policy_withdraw($1, $2, $3)', [activation, vault.person(by), proof]);
    },
    async except(exception, by, lastsMs, { note, ticket }) {
      const content = encodeException(exception);
      const hash = sha256Hex(content);
      const said = { by: personJson(by), note, ticket };
      const { dek, sealed } = await vault.seal(by.tenant, `exception/${hash}`, said);
      const proof = vault.prove(['exception', hash]);
      const values = [hash, content, vault.person(by), lastsMs, proof, dek, sealed];
      return integer(await call('policy_except($1, $2, $3, $4, $5, $6, $7) as until_ms', values), 'until_ms');
    },
    async agree(proposal, exception) {
      const content = encodeException(exception);
      const hash = sha256Hex(content);
      const { proposer, approver } = peopleOf(proposal);
      const said = { by: proposer, approver, note: bodyOf(proposal, 'note') };
      const { dek, sealed } = await vault.seal(proposal.tenant, `exception/${hash}`, said);
      const proof = vault.prove(['exception', hash]);
      const values = [proposal.id, preimageOf(proposal), hash, content, proof, dek, sealed];
      return integer(await call('policy_agree($1, $2, $3, $4, $5, $6, $7) as until_ms', values), 'until_ms');
    },
    async end(exception, by) {
      const proof = vault.prove(['end', exception]);
      await call('policy_end($1, $2, $3)', [exception, vault.person(by), proof]);
    },
    async review(exception, by, verdict, note) {
      const said = { by: personJson(by), note };
      const { dek, sealed } = await vault.seal(by.tenant, `review/${exception}`, said);
      await call('policy_review($1, $2, $3, $4, $5)', [exception, vault.person(by), verdict, dek, sealed]);
    },
    async simulated(hash, by, summary) {
      const id = createId();
      const { dek, sealed } = await vault.seal(by.tenant, `simulation/${id}`, { by: personJson(by) });
      await call('policy_simulated($1, $2, $3, $4, $5)', [id, hash, JSON.stringify(summary), dek, sealed]);
    },
  };
}

/** What the proposal's hash is over, so that the database sees for itself what was approved. */
function preimageOf({ body, kind, nonce, tenant }: Proposal): string {
  return canonicalize({ body, kind, nonce, tenant });
}

function peopleOf({ author, decider }: Proposal): {
  readonly proposer: JsonObject;
  readonly approver: JsonObject;
} {
  if (decider === undefined) throw new TypeError('a proposal is executed that nobody approved');
  return { proposer: personJson(author), approver: personJson(decider) };
}

function personJson({ issuer, subject }: Person): JsonObject {
  return { issuer, subject };
}

/** SQLSTATE → what it means here; the messages are those of the migration. */
function translate(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  if (error.code === '42501') return new PolicyRefusal('own', error.message);
  if (error.code === 'P0002') return new PolicyRefusal('unknown', error.message);
  if (error.code === '23503') return new PolicyRefusal('unknown', 'there is no such version');
  return error;
}
