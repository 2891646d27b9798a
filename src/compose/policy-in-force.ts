import { type PolicyEngine } from '../domain/policy.ts';
import { type ReloadablePolicyEngine } from '../policy/engine.ts';
import { type Log } from '../telemetry/log.ts';
import { type PolicyDatabase } from './policy-database.ts';

/** What judges calls, wherever it comes from. */
export interface PolicyInForce {
  readonly engine: PolicyEngine;
  isReady(): boolean;
  /** Looks again: at the file, or at the database. */
  reload(): Promise<void>;
  readonly description: string;
}

export function policyInForce(
  file: ReloadablePolicyEngine | undefined,
  versions: PolicyDatabase | undefined,
  log: Log,
): PolicyInForce {
  if (file !== undefined) return fromFile(file, log);
  if (versions === undefined)
    throw new TypeError('there is neither a policy file nor a database of versions');
  const { follower } = versions;
  return {
    engine: follower,
    isReady: () => follower.status()?.fresh === true,
    reload: () => follower.poke(),
    description: `version ${follower.status()?.hash.slice(0, 12) ?? 'none'} from the database`,
  };
}

function fromFile(engine: ReloadablePolicyEngine, log: Log): PolicyInForce {
  return {
    engine,
    isReady: () => engine.status() !== undefined,
    description: engine.status()?.source ?? 'none',
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
