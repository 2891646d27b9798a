import path from 'node:path';
import { type Config } from '../config/load.ts';
import { createPolicyEngine, type ReloadablePolicyEngine } from '../policy/engine.ts';
import { type PolicyBundle } from '../policy/lifecycle/bundle.ts';
import { formatProblem } from '../policy/problem.ts';
import { type Log } from '../telemetry/log.ts';
import { packageDirectory } from './locations.ts';
import { readPolicyFiles, readVocabulary } from './policy-files.ts';

export function policyFile(config: Config): string {
  return config.policy.file === undefined
    ? path.join(packageDirectory(), 'policies', 'default.yaml')
    : path.resolve(config.baseDirectory, config.policy.file);
}

export interface OpenPolicy extends ReloadablePolicyEngine {
  /** A set that was in force since the start of this process, by its hash. */
  bundleOf(hash: string): PolicyBundle | undefined;
}

/** A policy engine with its first set in force; rejects when that set is refused, naming every problem. */
export async function openPolicy(
  config: Config,
  options: { readonly log: Log; readonly clock: () => number },
): Promise<OpenPolicy> {
  const file = policyFile(config);
  const bundles = new Map<string, PolicyBundle>();
  const engine = createPolicyEngine({
    load: () => readPolicyFiles(file),
    clock: options.clock,
    ...(await readVocabulary(config)),
    onAlert: ({ kind }) => {
      options.log({ event: 'policy_alert', kind });
    },
  });
  async function reload(): ReturnType<ReloadablePolicyEngine['reload']> {
    const result = await engine.reload();
    const now = engine.inForce();
    if (now !== undefined) bundles.set(now.hash, { included: {}, ...now.text });
    return result;
  }
  const { problems } = await reload();
  if (problems.length > 0)
    throw new Error(
      ['The policy set is refused:', ...problems.map((problem) => `  ${formatProblem(problem)}`)].join('\n'),
    );
  return { ...engine, reload, bundleOf: (hash) => bundles.get(hash) };
}
