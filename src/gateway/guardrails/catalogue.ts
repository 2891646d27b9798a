import { OPERATOR_NAMES } from '../../guardrails/presidio-operators.ts';
import { type GuardDependencies, type Guardrail } from '../guardrail.ts';
import { supportedEntities } from './analyze.ts';

/** Questions about Cordon itself. They take the same way as those about a text. */
function listing(operation: string, list: (deps: GuardDependencies) => readonly string[]): Guardrail {
  return {
    operation,
    async answer(guard) {
      guard.admit('*');
      await guard.record(undefined, {}, []);
      return { body: JSON.stringify(list(guard.deps)) };
    },
  };
}

export const listRecognizers = listing('analyze', ({ catalogue }) => catalogue.map(({ name }) => name));
export const listEntities = listing('analyze', (deps) => [...supportedEntities(deps)].sort());
export const listAnonymizers = listing('anonymize', () => OPERATOR_NAMES);
export const listDeanonymizers = listing('deanonymize', () => ['decrypt']);
