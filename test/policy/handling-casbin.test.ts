import test from 'ava';
import fc from 'fast-check';
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { buildPolicy } from '../../src/policy/build.ts';
import { printCasbin } from '../../src/policy/casbin-export.ts';
import { readCasbin } from '../../src/policy/casbin-import.ts';
import { familiesByEntity } from '../../src/policy/entities.ts';
import { parseFacts } from '../../src/policy/facts.ts';
import { handlingRules, inputs } from './arbitrary.ts';
import { handle, type ReferenceHandling } from './handling-reference.ts';
import { plainEnforcer } from './plain-casbin.ts';
import { selectorsOf } from './reference.ts';
import { ruleOf, setOf, VOCABULARY } from './sets.ts';

/** Those of the rules that may be said of answers. */
function spoken(rules: readonly ReferenceHandling[]): readonly ReferenceHandling[] {
  return rules
    .filter(({ handling }) => ['disclose', 'mask', 'block'].includes(handling))
    .map((rule) => ({ ...rule, id: `o${rule.id}` }));
}

/** Both block: the one that is named is the first written, not the closer one. */
const TWO_BLOCKS = [
  { id: 'all', entities: ['*'], handling: 'block' },
  { id: 'chats', entities: ['*'], handling: 'block', subjects: ['any'], operations: ['chat'] },
];

test('handlings by the resolver, by plain casbin over what is printed, and by the reference agree', async (t) => {
  const entities = ['PERSON', 'USERNAME', 'CREDIT_CARD', 'SECRET', 'EMPLOYEE_ID'];
  const families = familiesByEntity();
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      handlingRules,
      fc.array(inputs, { minLength: 20, maxLength: 20 }),
      async (rules, asked) => {
        const roles = { a: { members: ['group:g'] }, b: { inherits: ['a'] }, c: {}, d: {} };
        const reference = { purposes: {}, roles, rules: [] };
        const text = setOf({
          roles,
          rules: [ruleOf({ subjects: ['any'] })],
          handling: rules,
          output: spoken(rules),
        });
        const vocabulary = { ...VOCABULARY, extraEntities: ['EMPLOYEE_ID'] };
        const built = await buildPolicy({ text, source: 'random' }, vocabulary, (alert) =>
          t.fail(alert.detail),
        );
        if (built.set === undefined) return t.fail(JSON.stringify(built.problems[0]));
        const { handlingModel, handling, output, functions } = readCasbin(printCasbin(built.set));
        const plain = await plainEnforcer(handlingModel, handling, functions);
        const plainOutput = await plainEnforcer(handlingModel, output, functions);
        for (const one of asked) {
          const { runner, trust, region } = one.destination;
          const { selectors } = parseFacts(one);
          for (const entity of entities) {
            const family = families.get(entity);
            const expected =
              handle(rules, one, selectorsOf(reference, one), entity, family) ?? 'default_block';
            const verdict = built.snapshot.handle(one, entity);
            strictEqual(verdict.ruleId, expected);
            const [, row] = plain.enforceExSync(
              selectors,
              one.operation,
              entity,
              family ?? '',
              trust,
              region,
              runner,
            );
            deepStrictEqual([row[6], row[8]], [verdict.handling, verdict.ruleId]);
            compared += 1;
            // An answer that was stored and is fetched later is the same answer.
            for (const operation of [one.operation, `${one.operation}.retrieve`]) {
              const said = built.snapshot.handleOutput({ ...one, operation }, entity);
              const [, found] = plainOutput.enforceExSync(
                ...[selectors, operation, entity, family ?? '', trust, region, runner],
              );
              deepStrictEqual([found[6], found[8]], [said.handling, said.ruleId]);
            }
          }
        }
      },
    ),
    { numRuns: 200, examples: [[TWO_BLOCKS, fc.sample(inputs, { numRuns: 20, seed: 3 })]] },
  );
  t.log(`${compared} handlings`);
  t.is(compared, 200 * 20 * entities.length);
});
