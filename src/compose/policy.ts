import path from 'node:path';
import { type Config } from '../config/load.ts';
import { createPolicyEngine, type ReloadablePolicyEngine } from '../policy/engine.ts';
import { formatProblem } from '../policy/problem.ts';
import { type Log } from '../telemetry/log.ts';
import { readDetectionRules } from './detection-rules.ts';
import { packageDirectory } from './locations.ts';
import { packNames, readPolicyFiles } from './policy-files.ts';

/** Every operation a rule may name: a misspelt one is refused instead of never applying. Those not served yet are 501. */
export const OPERATIONS = [
  ...['chat', 'completions', 'responses', 'messages', 'embeddings', 'models'],
  ...['chat.retrieve', 'chat.delete', 'responses.retrieve', 'responses.delete', 'responses.cancel'],
  ...['analyze', 'anonymize', 'deanonymize', 'sanitize', 'guardrail'],
] as const;

export function policyFile(config: Config): string {
  return config.policy.file === undefined
    ? path.join(packageDirectory(), 'policies', 'default.yaml')
    : path.resolve(config.baseDirectory, config.policy.file);
}

/** A policy engine with its first set in force; rejects when that set is refused, naming every problem. */
export async function openPolicy(
  config: Config,
  options: { readonly log: Log; readonly clock: () => number },
): Promise<ReloadablePolicyEngine> {
  const file = policyFile(config);
  const engine = createPolicyEngine({
    load: () => readPolicyFiles(file),
    packs: await packNames(),
    clock: options.clock,
    operations: OPERATIONS,
    extraEntities: readDetectionRules(config).entities,
    onAlert: ({ kind }) => {
      options.log({ event: 'policy_alert', kind });
    },
  });
  const { problems } = await engine.reload();
  if (problems.length > 0)
    throw new Error(
      ['The policy set is refused:', ...problems.map((problem) => `  ${formatProblem(problem)}`)].join('\n'),
    );
  return engine;
}
