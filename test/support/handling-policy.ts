import { type Handling } from '../../src/domain/handling.ts';
import { type PolicyEngine } from '../../src/domain/policy.ts';
import { createPolicyEngine } from '../../src/policy/engine.ts';

/** A policy engine that allows everything and handles entities as told; the rules can be exchanged between calls. */
export interface HandlingPolicy extends PolicyEngine {
  handle(byEntity: Readonly<Record<string, Handling>>): Promise<void>;
}

export async function createHandlingPolicy(
  byEntity: Readonly<Record<string, Handling>>,
): Promise<HandlingPolicy> {
  let text = '';
  const engine = createPolicyEngine({
    load: () => Promise.resolve({ text, source: 'test' }),
    onAlert: ({ detail }) => {
      throw new Error(`the test's policy is refused: ${detail}`);
    },
    clock: () => 0,
  });
  const handle: HandlingPolicy['handle'] = async (rules) => {
    text = JSON.stringify({
      version: 1,
      name: 'test',
      rules: [
        { id: 'all', effect: 'allow', subjects: ['any'], operations: ['*'], models: ['*'], runners: ['*'] },
      ],
      handling: Object.entries(rules).map(([entity, handling], i) => ({
        id: `h${i}`,
        entities: [entity],
        handling,
      })),
    });
    const { problems } = await engine.reload();
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  };
  await handle(byEntity);
  return { current: () => engine.current(), handle };
}
