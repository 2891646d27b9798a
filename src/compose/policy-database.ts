import { hostname } from 'node:os';
import { type Config } from '../config/load.ts';
import { type Ledger } from '../domain/record.ts';
import { encodeBundle, sha256Hex, type ShippedPacks } from '../policy/lifecycle/bundle.ts';
import { createPolicyFollower, type PolicyFollower } from '../policy/lifecycle/follower.ts';
import { createVersionBuilder, type ValueDigest, type VersionBuilder } from '../policy/lifecycle/in-force.ts';
import { type PolicyStore } from '../policy/lifecycle/ports.ts';
import { formatProblem } from '../policy/problem.ts';
import { listenForPolicy } from '../store/policy-listener.ts';
import { createPolicyStore } from '../store/policy-store.ts';
import { createPolicyVault } from '../store/policy-vault.ts';
import { createPool } from '../store/session.ts';
import { type Log } from '../telemetry/log.ts';
import { type Audit } from './audit.ts';
import { type Closable, createCloser } from './closer.ts';
import { readPacks, readPolicyBundle, readVocabulary } from './policy-files.ts';
import { policyFile } from './policy.ts';

export interface PolicyDatabase extends Closable {
  readonly store: PolicyStore;
  readonly builder: VersionBuilder;
  readonly follower: PolicyFollower;
  readonly digest: ValueDigest;
  readonly packs: ShippedPacks;
}

export interface PolicyDatabaseDeps {
  readonly audit: Audit;
  readonly note: Ledger['note'];
  readonly log: Log;
  readonly clock: () => number;
  readonly createId: () => string;
}

/** Of its own, so that calls that wait for the database do not keep a process from hearing of a denial. */
const CONNECTIONS = 2;

/** Versions in the database, followed by this process; rejects when nothing can be put in force. */
export async function openPolicyDatabase(config: Config, deps: PolicyDatabaseDeps): Promise<PolicyDatabase> {
  const { audit, note, log, clock, createId } = deps;
  const { deks, keyring, writerUrl: url } = audit.access;
  const deadlineMs = config.database.deadline_ms;
  const closer = createCloser();
  try {
    const pool = createPool({ url, role: 'cordon_writer', deadlineMs, max: CONNECTIONS });
    closer.add({ close: () => pool.end() });
    const vault = createPolicyVault({ deks, keyring, origin: config.origin, now: clock });
    const store = createPolicyStore({ pool, vault, createId });
    const digest: ValueDigest = (tenant, entity, value) =>
      // A lone surrogate has no canonical form; such a value is no one's, and nobody can have agreed on it.
      /\p{Surrogate}/u.test(value)
        ? ''
        : keyring.reference(['false-positive', tenant, entity, value]).toString('hex');
    const onAlert = ({ kind }: { readonly kind: string }): void => {
      log({ event: 'policy_alert', kind });
    };
    const vocabulary = await readVocabulary(config);
    const builder = createVersionBuilder({ feed: store, vocabulary, onAlert, digest });
    await importFirst(config, { store, builder, note, clock });
    const instance = `${hostname()}:${process.pid}:${createId().slice(-8)}`;
    const follower = closer.add(
      createPolicyFollower({
        feed: store,
        builder,
        instance,
        pollMs: config.policy.poll_ms,
        stalenessMs: config.policy.staleness_ms,
        monotonicMs: () => performance.now(),
        clock,
        onAlert,
        async onEnforced({ number, base, hash }) {
          log({ event: 'policy_loaded', hash });
          const data = { instance, number, version: base, policy: hash };
          await note({ type: 'POLICY_RECEIPT', atMs: clock(), tenant: '', data });
          if ((await store.unreviewed()) > 0) log({ event: 'policy_alert', kind: 'review_outstanding' });
        },
      }),
    );
    await follower.start();
    const listener = listenForPolicy({ url, deadlineMs, onChange: () => void follower.poke() });
    closer.add({
      close: () => {
        listener.close();
        return Promise.resolve();
      },
    });
    const packs = await readPacks();
    return { store, builder, follower, digest, packs, close: () => closer.close() };
  } catch (error) {
    await closer.close().catch(() => undefined);
    throw error;
  }
}

/** Until there is a version, the configured file is the first one. Recorded before it is there. */
async function importFirst(
  config: Config,
  deps: Pick<PolicyDatabase, 'store' | 'builder'> & Pick<PolicyDatabaseDeps, 'note' | 'clock'>,
): Promise<void> {
  const { store, builder, note, clock } = deps;
  if ((await store.versions()).length > 0) return;
  if (config.environment === 'production' && config.policy.file === undefined) {
    throw new Error('policy.file must be set: there is no version in the database to begin with yet');
  }
  const file = policyFile(config);
  const bundle = await readPolicyBundle(file);
  const { set, problems } = await builder.build(bundle);
  if (set === undefined) {
    const lines = problems.map((problem) => `  ${formatProblem({ ...problem, source: file })}`);
    throw new Error(['The policy set is refused:', ...lines].join('\n'));
  }
  const text = encodeBundle(bundle);
  const hash = sha256Hex(text);
  await note({
    type: 'POLICY_SUBMITTED',
    atMs: clock(),
    tenant: '',
    data: { version: hash, name: set.name, imported: true },
  });
  await store.importFirst({ hash, bundle: text, name: set.name });
}
