import { type PolicyEngine } from '../domain/policy.ts';
import { parseBundle, type PolicyBundle } from '../policy/lifecycle/bundle.ts';
import { type PolicySet } from '../policy/schema.ts';
import { type Log } from '../telemetry/log.ts';
import { type OpenPolicy } from './policy.ts';
import { type PolicyDatabase } from './policy-database.ts';

/** What judges calls, wherever it comes from. */
export interface PolicyInForce {
  readonly engine: PolicyEngine;
  isReady(): boolean;
  /** Looks again: at the file, or at the database. */
  reload(): Promise<void>;
  readonly description: string;
  /** What was in force under this hash, as far as it is known: of a file only since the start of this process. */
  bundleOf(hash: string): Promise<PolicyBundle | undefined>;
  /** What is in force now; undefined while nothing is. */
  currentSet(): Promise<{ readonly hash: string; readonly set: PolicySet } | undefined>;
}

export function policyInForce(
  file: OpenPolicy | undefined,
  versions: PolicyDatabase | undefined,
  log: Log,
): PolicyInForce {
  if (file !== undefined) return fromFile(file, log);
  if (versions === undefined)
    throw new TypeError('there is neither a policy file nor a database of versions');
  const { follower, store, builder } = versions;
  return {
    engine: follower,
    isReady: () => follower.status()?.fresh === true,
    reload: () => follower.poke(),
    description: `version ${follower.status()?.hash.slice(0, 12) ?? 'none'} from the database`,
    async bundleOf(hash) {
      const row = await store.inForce(hash);
      const text = row && (await store.bundle(row.base));
      return text === undefined ? undefined : parseBundle(JSON.parse(text));
    },
    async currentSet() {
      const status = follower.status();
      return status?.fresh === true
        ? { hash: status.hash, set: await builder.setOf(status.base) }
        : undefined;
    },
  };
}

function fromFile(engine: OpenPolicy, log: Log): PolicyInForce {
  return {
    engine,
    isReady: () => engine.status() !== undefined,
    description: engine.status()?.source ?? 'none',
    bundleOf: (hash) => Promise.resolve(engine.bundleOf(hash)),
    currentSet: () => Promise.resolve(engine.inForce()),
    async reload(): Promise<void> {
      const { hash, problems } = await engine.reload();
      const [first] = problems;
      if (first === undefined) {
        log({ event: 'policy_loaded', hash: hash ?? '' });
        return;
      }
      const { path, line, column } = first;
      log({ event: 'policy_refused', problems: problems.length, first: `${path}:${line}:${column}` });
    },
  };
}
