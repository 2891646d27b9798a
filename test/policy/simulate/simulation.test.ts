import test from 'ava';
import fc from 'fast-check';
import { type PolicySnapshot } from '../../../src/domain/policy.ts';
import { buildPolicy } from '../../../src/policy/build.ts';
import { SUPPORTED_HANDLINGS } from '../../../src/policy/engine.ts';
import { judgeCall, type SimulatedCall } from '../../../src/policy/simulate/call.ts';
import { parseCalls } from '../../../src/policy/simulate/file.ts';
import { type RecordedDecision, toSimulatedCall } from '../../../src/policy/simulate/recorded.ts';
import { createSimulation, type SimulationReport } from '../../../src/policy/simulate/simulation.ts';

const SET = (extra: string, handling: string): string => `version: 1
name: s
roles: { user: {} }
rules:
  - { id: users, effect: allow, subjects: ['role:user'], operations: ['*'], models: ['*'], runners: [in, out] }
${extra}handling:
  - { id: all, entities: ['*'], handling: pseudonymise }
${handling}`;

async function snapshot(extra = '', handling = ''): Promise<PolicySnapshot> {
  const vocabulary = { supportedHandlings: SUPPORTED_HANDLINGS, extraEntities: [], operations: undefined };
  const built = await buildPolicy({ text: SET(extra, handling), source: 's' }, vocabulary, () => undefined);
  if (built.snapshot === undefined) throw new Error(JSON.stringify(built.problems));
  return built.snapshot;
}

function call(changes: Partial<SimulatedCall> = {}): SimulatedCall {
  return {
    id: '01a20acb-8cfd-777a-96d4-86211325b837',
    person: 'p1',
    principal: {
      ...{
        issuer: 'i',
        tenant: 't',
        subject: 's',
        roles: ['user'],
        groups: [],
        client: undefined,
        purposes: [],
      },
      tokenId: undefined,
      expiresAt: 0,
    },
    ...{ operation: 'chat', model: 'm', purpose: undefined, nowMs: 0, entities: {}, opaque: false },
    destinations: [{ runner: 'out', trust: 'external', region: 'unknown' }],
    ...changes,
  };
}

const DENY_OUT = `  - { id: no-out, effect: deny, subjects: [any], operations: ['*'], models: ['*'], runners: [out] }\n`;
const BLOCK_CARDS = `  - { id: no-cards, entities: [CREDIT_CARD], handling: block }\n`;
const MASK_NAMES = `  - { id: mask-names, entities: [PERSON], handling: mask }\n`;

test('each kind of change is counted, with whom, where, what and why', async (t) => {
  const simulation = createSimulation(await snapshot(), await snapshot('', BLOCK_CARDS + MASK_NAMES), {
    examples: 1,
  });
  simulation.add(call({ entities: { EMAIL_ADDRESS: 1 } }));
  simulation.add(call({ entities: { PERSON: 2, EMAIL_ADDRESS: 1 } }));
  simulation.add(call({ entities: { CREDIT_CARD: 1, EMAIL_ADDRESS: 1 }, person: 'p2' }));
  simulation.add(call({ entities: { CREDIT_CARD: 1 }, person: 'p2' }));
  simulation.skip('sealed');
  const report = simulation.report();
  t.like(report, { calls: 4, unchanged: 1, skipped: { sealed: 1 } });
  t.deepEqual(report.handlingChanged.byEntity, { 'PERSON: pseudonymise → mask': 1 });
  t.deepEqual(report.newlyDenied.byEntity, { CREDIT_CARD: 2 }, 'only what it is denied for');
  t.deepEqual(report.newlyDenied.byPerson, { p2: 2 });
  t.deepEqual(report.newlyDenied.byDestination, { out: 2 });
  t.is(report.newlyDenied.examples.length, 1);
  t.is(report.newlyAllowed.calls, 0);
});

test('turned round, what was newly denied is newly allowed', async (t) => {
  const simulation = createSimulation(await snapshot('', BLOCK_CARDS), await snapshot(), { examples: 0 });
  simulation.add(call({ entities: { CREDIT_CARD: 1 } }));
  t.is(simulation.report().newlyAllowed.calls, 1);
});

test('a call that may go elsewhere is denied only when it may go nowhere', async (t) => {
  const [out, inside] = [
    { runner: 'out', trust: 'external', region: 'unknown' } as const,
    { runner: 'in', trust: 'internal', region: 'unknown' } as const,
  ];
  const denied = await snapshot(DENY_OUT);
  t.false(judgeCall(denied, call()).allow);
  const moved = judgeCall(denied, call({ destinations: [out, inside] }));
  t.true(moved.allow);
  t.is(moved.destination.runner, 'in');
  const strict = await snapshot(
    '',
    `  - { id: out, entities: [PERSON], destinations: { runner: in }, handling: mask }\n`,
  );
  t.deepEqual(judgeCall(strict, call({ destinations: [out, inside], entities: { PERSON: 1 } })).handling, {
    PERSON: 'mask',
  });
  t.is(judgeCall(denied, call({ destinations: [inside], opaque: true })).reason, 'content_opaque');
});

test('a policy compared with itself changes nothing', async (t) => {
  const same = await snapshot(DENY_OUT, BLOCK_CARDS);
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('PERSON', 'CREDIT_CARD', 'EMAIL_ADDRESS'), fc.nat(3)),
      fc.constantFrom('in', 'out', 'elsewhere'),
      fc.subarray(['user', 'guest']),
      (entities, runner, roles) => {
        const simulation = createSimulation(same, same, { examples: 5 });
        const { principal } = call();
        simulation.add(
          call({
            entities,
            principal: { ...principal, roles },
            destinations: [{ runner, trust: 'external', region: 'x' }],
          }),
        );
        return simulation.report().unchanged === 1;
      },
    ),
  );
  t.pass();
});

const DECISION: RecordedDecision = {
  id: '01a20acb-8cfd-777a-96d4-86211325b837',
  tenant: 'acme',
  atMs: 5,
  data: {
    ...{ allow: true, reason: 'matched_allow', operation: 'chat', caller: 'ab'.repeat(32) },
    destination: { runner: 'out', trust: 'external', region: 'eu' },
    alternatives: [{ runner: 'in', trust: 'internal', region: 'unknown' }],
    counts: { PERSON: 2 },
    coverage: { opaque: 1 },
  },
  context: {
    principal: {
      issuer: 'i',
      subject: 's',
      tenant: 'other',
      roles: ['user'],
      groups: [],
      purposes: ['care'],
    },
    purpose: 'care',
    model: 'm',
  },
};

test('a recorded decision becomes the call that it was', (t) => {
  const made = toSimulatedCall(DECISION);
  if (typeof made === 'string') throw new Error(made);
  t.like(made, { operation: 'chat', model: 'm', purpose: 'care', opaque: true, nowMs: 0x01a20acb8cfd });
  t.is(made.principal.tenant, 'acme', 'the tenant is the record’s');
  t.deepEqual(
    made.destinations.map(({ runner }) => runner),
    ['out', 'in'],
  );
  t.deepEqual(made.entities, { PERSON: 2 });
});

test('what no policy decided, cannot be opened or is damaged is left out by name', (t) => {
  const data = (changes: object): RecordedDecision => ({
    ...DECISION,
    data: { ...DECISION.data, ...changes },
  });
  t.is(toSimulatedCall({ ...DECISION, context: undefined }), 'sealed');
  t.is(toSimulatedCall(data({ reason: 'detector_unavailable' })), 'not_judged');
  t.is(
    toSimulatedCall(data({ destination: { runner: 'none', trust: 'external', region: 'unknown' } })),
    'not_judged',
  );
  for (const bad of [
    { destination: null },
    { operation: 7 },
    { destination: { runner: 'x', trust: 'mine', region: '' } },
  ]) {
    t.is(toSimulatedCall(data(bad)), 'damaged');
  }
});

test('calls of a file have the defaults of a case, and a bad line is named', (t) => {
  const [first] = parseCalls(
    '\n{"subject":"a","model":"m","runner":"r","purpose":"care","entities":{"PERSON":1}}\n',
    9,
  );
  t.like(first, { id: 'line 2', person: 'a', operation: 'chat', purpose: 'care', nowMs: 9 });
  t.deepEqual(first?.principal.purposes, ['care']);
  t.throws(() => parseCalls('{', 0), { message: /line 1: this is not JSON/ });
  t.throws(() => parseCalls('{"subject":"a","model":"m","runner":"r","nonsense":1}', 0), {
    message: /^line 1/,
  });
});

const RATE = (points: number): string =>
  `  - { id: rate, effect: oblige, subjects: [any], operations: ['*'], models: ['*'], runners: ['*'], obligations: { rate_limit: { per: tenant, points: ${points}, seconds: 60 }, retention: long } }\n`;

test('a call that is allowed as before and owes something else is counted, by rule', async (t) => {
  const compare = async (before: string, after: string, handling = ''): Promise<SimulationReport> => {
    const simulation = createSimulation(await snapshot(before), await snapshot(after, handling), {
      examples: 1,
    });
    simulation.add(call({ entities: { PERSON: 1 } }));
    return simulation.report();
  };
  const added = await compare('', RATE(60));
  t.like(added, { calls: 1, unchanged: 0 });
  t.deepEqual(added.obligationsChanged.byReason, {
    'rate: nothing → 60 calls in 60 s per tenant; kept as long': 1,
  });
  t.deepEqual(added.obligationsChanged.examples[0]?.after['owes'], [
    'rate: 60 calls in 60 s per tenant; kept as long',
  ]);
  t.is((await compare(RATE(60), RATE(60))).unchanged, 1);
  t.is((await compare(RATE(60), RATE(5))).obligationsChanged.calls, 1);
  const both = await compare(RATE(60), '', MASK_NAMES);
  t.is(both.obligationsChanged.calls, 1);
  t.is(both.handlingChanged.calls, 1, 'and what is done to it is told as well');
  const denied = await compare(RATE(60), DENY_OUT);
  t.is(denied.newlyDenied.calls, 1);
  t.is(denied.obligationsChanged.calls, 0);
});

test('a model is judged under its name at the runner too, and the call owes for both', async (t) => {
  const denied = await snapshot(
    `  - { id: no-llama, effect: deny, subjects: [any], operations: ['*'], models: ['llama-*'], runners: ['*'] }\n`,
  );
  const at = (model?: string): SimulatedCall => {
    const place = { runner: 'out', trust: 'external', region: 'unknown' } as const;
    return call({ destinations: [{ ...place, ...(model === undefined ? {} : { model }) }] });
  };
  t.true(judgeCall(denied, at()).allow);
  t.like(judgeCall(denied, at('llama-3')), { allow: false, reason: 'matched_deny', ruleIds: ['no-llama'] });
  const owing = await snapshot(RATE(9).replace("models: ['*']", "models: ['llama-*']"));
  t.is(judgeCall(owing, at()).obligations.length, 0);
  t.is(judgeCall(owing, at('llama-3')).obligations.length, 1);
});

test('what was known of the processor, its model and the data subject is asked again', async (t) => {
  const processor = { dpa: { signed: '2026-01-31', ref: 'C-17' }, retentionDays: 0 };
  const data = {
    ...DECISION.data,
    ...{ subjectRegion: 'CN', alternatives: [], coverage: {} },
    destination: { runner: 'out', trust: 'external', region: 'US', model: 'm-large', processor },
  };
  const made = toSimulatedCall({ ...DECISION, data });
  if (typeof made === 'string') throw new Error(made);
  t.is(made.subjectRegion, 'CN');
  t.deepEqual(made.destinations, [
    { runner: 'out', trust: 'external', region: 'US', model: 'm-large', processor },
  ]);
  const needs = (attribute: string, test: string): string =>
    `  - { id: needs, effect: deny, subjects: [any], operations: ['*'], models: ['*'], runners: ['*'], when: { attribute: ${attribute}, ${test} } }\n`;
  for (const [attribute, test, allow] of [
    ['destination.dpa_signed', 'present: false', true],
    ['destination.retention_days', 'at_least: 1', true],
    ['subject.region', 'is: CN', false],
    ['purpose', 'is: care', false],
    ['principal.groups', 'contains: x', true],
  ] as const) {
    t.is(judgeCall(await snapshot(needs(attribute, test)), made).allow, allow, attribute);
  }
});

test('a call of a file says of a runner and a data subject what a case does', (t) => {
  const [first] = parseCalls(
    '{"subject":"a","model":"m","runner":"r","subject_region":"CN","processor":{"retention_days":3,"transfer_basis":"scc"}}',
    9,
  );
  t.is(first?.subjectRegion, 'CN');
  t.deepEqual(first?.destinations[0].processor, { retentionDays: 3, transferBasis: 'scc' });
  t.throws(() => parseCalls('{"subject":"a","model":"m","runner":"r","processor":{"dpa":"yes"}}', 0), {
    message: /^line 1: processor\.dpa/,
  });
});
