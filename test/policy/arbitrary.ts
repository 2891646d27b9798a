import fc from 'fast-check';
import { type AdmitInput, type ProcessorFacts } from '../../src/domain/policy.ts';
import { type ReferenceHandling } from './handling-reference.ts';
import { type ReferenceCondition, type ReferenceRule, type ReferenceSet } from './reference.ts';
import { inputOf, NOW_MS } from './sets.ts';

/** Random sets and calls of a small world, so that they often meet. */
const ROLES = ['a', 'b', 'c', 'd'];
const names = (...from: string[]) => fc.subarray(from, { minLength: 1, maxLength: 2 });
/** Mostly one: a rule's rows are the product of its lists, and plain casbin looks at every row. */
const few = (...from: string[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...from).map((one) => [one]) },
    { weight: 1, arbitrary: names(...from) },
  );
const maybe = <T>(arbitrary: fc.Arbitrary<T>, weight = 1) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight, arbitrary });
const SUBJECTS = [
  'any',
  ...ROLES.map((role) => `role:${role}`),
  'group:g',
  'subject:alice',
  'tenant:acme',
  'tenant:globex',
];
/** Without the keys that are undefined, as a file would have it. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

const { condition } = fc.letrec<{ condition: ReferenceCondition; leaf: ReferenceCondition }>((tie) => ({
  leaf: fc.oneof(
    fc.record({
      attribute: fc.constantFrom('purpose', 'subject.region'),
      is: fc.constantFrom('support', 'CN', 'DE'),
    }),
    fc.record({
      attribute: fc.constantFrom('destination.region', 'model'),
      like: fc.constantFrom('eu-*', 'gpt-*', '*1'),
    }),
    fc.record({
      attribute: fc.constantFrom('purpose', 'purpose.lawful_basis'),
      in: names('support', 'contract', 'consent'),
    }),
    fc.record({
      attribute: fc.constantFrom('principal.groups', 'destination.attestations'),
      contains: fc.constantFrom('g', 'baa'),
    }),
    fc.record({
      attribute: fc.constant('destination.attestations'),
      contains_any: names('baa', 'soc2', 'pci'),
    }),
    fc.record({
      attribute: fc.constantFrom('destination.retention_days', 'time.hour'),
      at_most: fc.constantFrom(11, 12, 30),
    }),
    fc.record({
      attribute: fc.constantFrom('destination.retention_days', 'time.hour'),
      at_least: fc.constantFrom(12, 13),
    }),
    fc.record({
      attribute: fc.constantFrom('purpose', 'subject.region', 'destination.region'),
      present: fc.boolean(),
    }),
  ),
  condition: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'condition' },
    { weight: 4, arbitrary: tie('leaf') },
    { weight: 1, arbitrary: fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ not: tie('condition') }) },
  ),
}));

const TIMES = ['2026-01-15T12:00:00Z', '2026-01-15T12:00:00.001Z', '2026-01-15T11:00:00Z'] as const;
const rule: fc.Arbitrary<Omit<ReferenceRule, 'id'>> = fc
  .record({
    effect: fc.constantFrom('allow', 'allow', 'allow', 'allow', 'deny', 'oblige'),
    subjects: names(...SUBJECTS),
    tenants: maybe(few('acme', 'globex')),
    operations: few('*', 'chat', 'models'),
    models: few('*', '*', 'gpt-*', 'gpt-5', '*-mini', 'm$$1'),
    runners: few('*', '*', 'demo', 'open*', '*i'),
    purposes: maybe(names('support', 'research')),
    regions: maybe(names('eu-*', 'us-east-1')),
    when: maybe(condition, 2),
    not_before: maybe(fc.constantFrom(...TIMES)),
    opaque: maybe(fc.constant(true as const)),
    obligations: maybe(fc.constant({ retention: 'long' })),
  })
  .chain((fields) => {
    const start = fields.not_before === undefined ? 0 : Date.parse(fields.not_before);
    const later = [...TIMES, '2026-02-01T00:00:00Z'].filter((time) => Date.parse(time) > start);
    return maybe(fc.constantFrom(...later)).map((not_after) => ({ ...fields, not_after }));
  })
  .map(
    ({ effect, opaque, obligations, ...fields }) =>
      plain({
        effect,
        ...fields,
        opaque: effect === 'oblige' ? undefined : opaque,
        obligations:
          effect === 'oblige' ? { retention: 'long' } : effect === 'deny' ? undefined : obligations,
      }) as Omit<ReferenceRule, 'id'>,
  );

/** Roles inherit only from later ones, so there is no circle. */
export const policySets: fc.Arbitrary<ReferenceSet> = fc
  .record({
    purposes: fc.constantFrom(
      {},
      {},
      {
        support: { lawful_basis: 'contract' },
        research: { lawful_basis: 'consent' },
        other: { lawful_basis: 'consent' },
      },
      { support: { lawful_basis: 'contract' }, research: { lawful_basis: 'consent' } },
    ),
    roles: fc.tuple(
      ...ROLES.map((_, at) =>
        fc.record({
          inherits: fc.subarray(ROLES.slice(at + 1)),
          members: fc.subarray(['group:g', 'subject:bob', 'role:token'], { maxLength: 1 }),
        }),
      ),
    ),
    rules: fc.array(rule, { minLength: 2, maxLength: 7 }),
  })
  .map(({ purposes, roles, rules }) => ({
    purposes,
    roles: Object.fromEntries(
      roles.map(({ inherits, members }, at) => {
        const role = { ...(inherits.length > 0 && { inherits }), ...(members.length > 0 && { members }) };
        return [ROLES[at] ?? '', role];
      }),
    ),
    rules: rules.map((fields, at) => ({ id: `r${at}`, ...fields })),
  }));

const processor: fc.Arbitrary<ProcessorFacts | undefined> = maybe(
  fc
    .record({
      retentionDays: maybe(fc.constantFrom(0, 12, 30, 365), 3),
      attestations: maybe(names('baa', 'soc2'), 3),
    })
    .map((facts) => plain(facts) as ProcessorFacts),
  3,
);

export const inputs: fc.Arbitrary<AdmitInput> = fc
  .record({
    tenant: fc.constantFrom('acme', 'globex'),
    subject: fc.constantFrom('alice', 'bob'),
    roles: fc.subarray([...ROLES, 'token'], { maxLength: 2 }),
    groups: fc.subarray(['g', 'h']),
    purposes: fc.subarray(['support', 'research', 'other']),
    purpose: fc.constantFrom(undefined, 'support', 'research', 'other'),
    operation: fc.constantFrom('chat', 'models', 'embeddings'),
    model: fc.constantFrom('gpt-5', 'gpt-5-mini', 'm$$1', 'demo', '', '*'),
    runner: fc.constantFrom('demo', 'openai', 'x'),
    trust: fc.constantFrom('internal', 'external'),
    region: fc.constantFrom('unknown', 'eu-1', 'us-east-1'),
    subjectRegion: fc.constantFrom(undefined, 'CN', 'DE'),
    nowMs: fc.constantFrom(NOW_MS, NOW_MS, NOW_MS - 1, NOW_MS + 1, NOW_MS - 3_600_000),
    processor,
    frozen: fc.boolean(),
  })
  .map(
    ({
      tenant,
      subject,
      roles,
      groups,
      purposes,
      runner,
      trust,
      region,
      processor: facts,
      frozen,
      ...rest
    }) => {
      const keep = <T extends object>(value: T): T => (frozen ? Object.freeze(value) : value);
      const { principal, destination, ...input } = inputOf({
        ...rest,
        principal: { tenant, subject, roles: keep(roles), groups: keep(groups), purposes: keep(purposes) },
        destination: { runner, trust, region, ...(facts === undefined ? {} : { processor: facts }) },
      });
      return { ...input, principal: keep(principal), destination: keep(destination) };
    },
  );

export const handlingRules: fc.Arbitrary<readonly ReferenceHandling[]> = fc
  .array(
    fc.record({
      entities: names('*', 'names', 'financial', 'PERSON', 'CREDIT_CARD', 'EMPLOYEE_ID'),
      handling: fc.constantFrom('disclose', 'pseudonymise', 'hash', 'mask', 'mask', 'block'),
      subjects: maybe(names(...SUBJECTS)),
      operations: maybe(names('*', 'chat', 'embeddings')),
      destinations: maybe(
        fc.record({
          trust: maybe(fc.constantFrom('internal', 'external')),
          region: maybe(names('eu-*', 'us-east-1', '*')),
          runner: maybe(names('demo', 'open*', '*')),
        }),
        3,
      ),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((rules) => rules.map((fields, at) => plain({ id: `h${at}`, ...fields }) as ReferenceHandling));
