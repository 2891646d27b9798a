import test from 'ava';
import fc from 'fast-check';
import { compileCondition, type Condition, type Truth } from '../../src/policy/condition.ts';
import { parseCondition } from '../../src/policy/condition-parse.ts';
import { parseFacts } from '../../src/policy/facts.ts';
import { type Finding } from '../../src/policy/problem.ts';
import { inputOf, NOW_MS } from './sets.ts';

const facts = parseFacts(
  inputOf({
    principal: { groups: ['staff', '1'], purposes: ['support'] },
    purpose: 'support',
    model: '1',
    destination: { trust: 'external', region: 'eu-west-3' },
  }),
);
const bare = parseFacts(inputOf());

function judge(value: unknown, on = facts): Truth {
  const findings: Finding[] = [];
  const condition = parseCondition(value, [], (finding) => findings.push(finding));
  if (condition === undefined) throw new Error(findings.map(({ message }) => message).join('; '));
  return compileCondition(condition)(on);
}

function refusal(value: unknown): string {
  const findings: Finding[] = [];
  const condition = parseCondition(value, ['when'], (finding) => findings.push(finding));
  return condition === undefined
    ? findings.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    : '';
}

test('each test answers by its attribute', (t) => {
  t.true(judge({ attribute: 'destination.trust', is: 'external' }));
  t.false(judge({ attribute: 'destination.trust', is: 'internal' }));
  t.true(judge({ attribute: 'destination.region', like: 'eu-*' }));
  t.true(judge({ attribute: 'purpose', in: ['research', 'support'] }));
  t.true(judge({ attribute: 'principal.groups', contains: 'staff' }));
  t.false(judge({ attribute: 'principal.groups', contains_any: ['admin', 'root'] }));
  t.true(judge({ attribute: 'time.hour', at_least: 12 }));
  t.false(judge({ attribute: 'time.hour', at_most: 11 }));
  t.true(judge({ attribute: 'time.weekday', is: 'thu' }));
  t.false(judge({ attribute: 'principal.client', present: true }));
  t.is(new Date(NOW_MS).getUTCHours(), 12);
});

test('a missing attribute settles nothing unless the rest does', (t) => {
  const missing = { attribute: 'purpose', is: 'support' };
  const yes = { attribute: 'operation', is: 'chat' };
  const no = { attribute: 'operation', is: 'models' };
  t.is(judge(missing, bare), undefined);
  t.is(judge({ not: missing }, bare), undefined);
  t.is(judge({ all: [missing, yes] }, bare), undefined);
  t.is(judge({ all: [missing, no] }, bare), false);
  t.is(judge({ any: [missing, no] }, bare), undefined);
  t.is(judge({ any: [missing, yes] }, bare), true);
  t.is(
    judge({ attribute: 'destination.region', like: '*' }, bare),
    undefined,
    'an unknown region is missing',
  );
});

test('a number and its numeral are different things', (t) => {
  t.true(judge({ attribute: 'model', is: '1' }));
  t.true(judge({ attribute: 'principal.groups', contains: '1' }));
  t.regex(refusal({ attribute: 'model', is: 1 }), /when\.is: write a text/);
  t.regex(refusal({ attribute: 'principal.groups', contains_any: [1] }), /list of 1 to 64 texts/);
  t.regex(refusal({ attribute: 'time.hour', at_least: '9' }), /write a number, without quotes/);
  t.regex(refusal({ attribute: 'time.hour', is: true }), /write a number/);
});

test('what is not in the language is refused with what to write', (t) => {
  t.regex(
    refusal({ attribute: 'principal.rolez', contains: 'x' }),
    /unknown attribute; write one of principal\.tenant/,
  );
  t.regex(refusal({ attribute: 'constructor', is: 'x' }), /unknown attribute/);
  t.regex(
    refusal({ attribute: 'principal.roles', is: 'admin' }),
    /is a list; give it exactly one test of contains/,
  );
  t.regex(refusal({ attribute: 'model', is: 'a', like: 'b' }), /exactly one test/);
  t.regex(refusal({ attribute: 'model' }), /exactly one test/);
  t.regex(refusal({ all: [] }), /1 to 64 conditions/);
  t.regex(refusal({ all: [{ attribute: 'model', is: 'a' }], any: [] }), /write one of all/);
  t.regex(refusal('r.sub == "root"'), /a condition is a mapping/);
  t.regex(refusal(null), /a condition is a mapping/);
  const deep = (levels: number): unknown =>
    levels === 0 ? { attribute: 'model', is: 'a' } : { not: deep(levels - 1) };
  t.is(refusal(deep(8)), '');
  t.regex(refusal(deep(9)), /at most 8 deep/);
});

test('all, any and not are Kleene: min, max and complement of false < missing < true', (t) => {
  const leaves: readonly (readonly [Condition, number])[] = [
    [{ attribute: 'operation', test: { op: 'is', value: 'chat' } }, 1],
    [{ attribute: 'operation', test: { op: 'is', value: 'models' } }, 0],
    [{ attribute: 'purpose', test: { op: 'is', value: 'x' } }, 0.5],
  ];
  const { tree } = fc.letrec<{ tree: readonly [Condition, number]; leaf: readonly [Condition, number] }>(
    (tie) => ({
      leaf: fc.constantFrom(...leaves),
      tree: fc.oneof(
        { depthSize: 'small' },
        tie('leaf'),
        tie('tree').map(([inner, value]) => [{ not: inner }, 1 - value] as const),
        fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((parts) => {
          return [
            { all: parts.map(([part]) => part) },
            Math.min(...parts.map(([, value]) => value)),
          ] as const;
        }),
        fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((parts) => {
          return [
            { any: parts.map(([part]) => part) },
            Math.max(...parts.map(([, value]) => value)),
          ] as const;
        }),
      ),
    }),
  );
  fc.assert(
    fc.property(tree, ([condition, value]) => {
      t.is(compileCondition(condition)(bare), value === 0.5 ? undefined : value === 1);
    }),
    { numRuns: 2000 },
  );
});
