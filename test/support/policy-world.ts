import { randomFillSync } from 'node:crypto';
import { type ExecutionContext } from 'ava';
import { createDeks } from '../../src/crypto/deks.ts';
import { createUuidV7 } from '../../src/domain/id.ts';
import { type Principal } from '../../src/domain/principal.ts';
import { type Executor, type Proposal, type Proposals } from '../../src/domain/proposal.ts';
import { encodeBundle, sha256Hex } from '../../src/policy/lifecycle/bundle.ts';
import { type PolicyStore } from '../../src/policy/lifecycle/ports.ts';
import { createDekStore } from '../../src/store/dek-store.ts';
import { createPolicyStore } from '../../src/store/policy-store.ts';
import { createPolicyVault } from '../../src/store/policy-vault.ts';
import { createProposalStore } from '../../src/store/proposal-store.ts';
import { createProposals } from '../../src/store/proposals.ts';
import { createPool } from '../../src/store/session.ts';
import { createKeyring } from './ledger.ts';
import { type TestDatabase, type TestPostgres } from './postgres.ts';

const person = (subject: string): Principal => ({
  ...{ issuer: 'https://issuer.example', tenant: 'acme', subject, roles: [], groups: [], purposes: [] },
  ...{ client: undefined, tokenId: undefined, expiresAt: 4_000_000_000 },
});
export const [ana, rob, otto] = [person('ana'), person('rob'), person('otto')];
/** What people write about what they do. */
export const SAID = { note: 'why', ticket: 'T-1' };

/** The policy's tables in a database of their own, with the writer's rights. */
export interface PolicyWorld {
  readonly database: TestDatabase;
  readonly store: PolicyStore;
  readonly proposals: Proposals;
  /** Submitted, proposed and approved; the executor only keeps it. */
  readonly approved: (
    kind: 'policy.activate' | 'policy.rollback' | 'policy.false-positive',
    body: object,
    by?: Principal,
  ) => Promise<Proposal>;
  readonly submit: (name: string, by?: Principal) => Promise<string>;
}

export async function createPolicyWorld(t: ExecutionContext, postgres: TestPostgres): Promise<PolicyWorld> {
  const database = await postgres.createDatabase();
  const keyring = await createKeyring(t);
  const pool = createPool({
    url: database.url('cordon_writer'),
    role: 'cordon_writer',
    deadlineMs: 20_000,
    max: 2,
  });
  t.teardown(() => pool.end());
  const deks = createDeks({ store: createDekStore(pool), keyring });
  const createId = (): string => createUuidV7(Date.now(), (bytes) => randomFillSync(bytes));
  const vault = createPolicyVault({ deks, keyring, origin: 'test', now: Date.now });
  const store = createPolicyStore({ pool, vault, createId });
  const executor: Executor = () => Promise.resolve({});
  const proposals = createProposals({
    store: createProposalStore(pool),
    ...{ deks, keyring, origin: 'test', now: Date.now, createId },
    note: () => Promise.resolve(),
    executors: {
      'policy.activate': executor,
      'policy.rollback': executor,
      'policy.false-positive': executor,
    },
  });
  return {
    ...{ database, store, proposals },
    async approved(kind, body, by = rob) {
      const { id, hash } = await proposals.propose(otto, kind, { ...body });
      return proposals.approve(by, id, hash);
    },
    async submit(name, by = ana) {
      const bundle = encodeBundle({ text: name, included: {} });
      const hash = sha256Hex(bundle);
      await store.submit({ hash, bundle, name, ...SAID }, by);
      return hash;
    },
  };
}
