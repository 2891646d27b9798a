import test from 'ava';
import { MAX_ROLE_DEPTH } from '../../src/policy/roles.ts';
import { inputOf, problemsOf, ruleOf, setOf, snapshotOf } from './sets.ts';

/** r0 inherits r1 inherits … */
function chain(length: number): Record<string, object> {
  const roles: [string, object][] = Array.from({ length }, (_, n) => {
    return [`r${n}`, n + 1 < length ? { inherits: [`r${n + 1}`] } : {}];
  });
  return Object.fromEntries(roles);
}

test('a role holds what it inherits, and not the other way round', async (t) => {
  const roles = { user: {}, admin: { inherits: ['user'] } };
  const rules = [ruleOf({ subjects: ['role:user'], operations: ['chat'] })];
  const snapshot = await snapshotOf({ roles, rules });
  t.true(snapshot.admit(inputOf({ principal: { roles: ['admin'] } })).allow);
  const admins = await snapshotOf({ roles, rules: [ruleOf({ subjects: ['role:admin'] })] });
  t.false(admins.admit(inputOf({ principal: { roles: ['user'] } })).allow);
});

test('members hold a role by group, subject, tenant, role or being anyone', async (t) => {
  const holds = async (member: string) => {
    const snapshot = await snapshotOf({ roles: { user: { members: [member] } } });
    return snapshot.admit(inputOf({ principal: { roles: ['token-role'], groups: ['staff'] } })).allow;
  };
  for (const member of ['group:staff', 'subject:alice', 'tenant:acme', 'role:token-role', 'any']) {
    t.true(await holds(member), member);
  }
  for (const member of ['group:acme', 'subject:staff', 'tenant:alice', 'role:alice', 'group:staf']) {
    t.false(await holds(member), member);
  }
});

test('a chain far deeper than casbin follows works, up to a limit that is said aloud', async (t) => {
  const last = MAX_ROLE_DEPTH - 1;
  const rules = [ruleOf({ subjects: [`role:r${last}`] })];
  const snapshot = await snapshotOf({ roles: chain(MAX_ROLE_DEPTH), rules });
  t.true(snapshot.admit(inputOf({ principal: { roles: ['r0'] } })).allow);
  const problems = await problemsOf(setOf({ roles: chain(MAX_ROLE_DEPTH + 1), rules }));
  t.regex(problems[0] ?? '', /roles may inherit at most 32 deep/);
});

test('a denial reaches those who inherit', async (t) => {
  const roles = { user: {}, contractor: { inherits: ['user'] } };
  const deny = ruleOf({ id: 'no', effect: 'deny', subjects: ['role:user'], models: ['gpt-*'] });
  const snapshot = await snapshotOf({ roles, rules: [ruleOf({}), deny] });
  const verdict = snapshot.admit(inputOf({ principal: { roles: ['contractor'] }, model: 'gpt-5' }));
  t.deepEqual(verdict, { allow: false, reason: 'matched_deny', ruleIds: ['no'] });
});

test('a circle of roles is refused, whether by inheritance or by membership', async (t) => {
  const circles = [
    { user: { inherits: ['user'] } },
    { user: { inherits: ['b'] }, b: { inherits: ['c'] }, c: { inherits: ['user'] } },
    { user: { inherits: ['b'] }, b: { members: ['role:b'] } },
    { user: { members: ['role:b'] }, b: { members: ['role:user'] } },
  ];
  for (const roles of circles) {
    t.regex((await problemsOf(setOf({ roles })))[0] ?? '', /circle/);
  }
  t.regex((await problemsOf(setOf({ roles: { user: { inherits: ['nobody'] } } })))[0] ?? '', /not declared/);
});

test('layers of roles that multiply without end are refused before they fill the memory', async (t) => {
  const layers = Array.from({ length: 30 }, (_, layer) =>
    Array.from({ length: 30 }, (__, n): [string, object] => [
      `r${layer}-${n}`,
      {
        members: Array.from({ length: 200 }, (___, at) => `subject:s${layer}-${n}-${at}`),
        ...(layer === 29 ? {} : { inherits: Array.from({ length: 30 }, (___, at) => `r${layer + 1}-${at}`) }),
      },
    ]),
  ).flat();
  const roles = Object.fromEntries([['user', {}], ...layers]);
  t.regex(
    (await problemsOf(setOf({ roles })))[0] ?? '',
    /^p\.yaml:1:\d+: roles: the roles of a set have at most 250000 holders/,
  );
});

test('handling rules that stand for more people than a process should hold are refused', async (t) => {
  const members = (n: number): string[] => Array.from({ length: 200 }, (_, at) => `subject:s${n}-${at}`);
  const teams = Array.from({ length: 200 }, (_, n): [string, object] => [
    `t${n}`,
    { members: members(n), inherits: ['user'] },
  ]);
  const roles = Object.fromEntries([['user', {}], ...teams]);
  const handling = Array.from({ length: 30 }, (_, n) => ({
    ...{ id: `h${n}`, entities: ['PERSON'], subjects: ['role:user'], handling: 'mask' },
  }));
  t.deepEqual(await problemsOf(setOf({ roles, handling: handling.slice(0, 20) })), []);
  t.regex(
    (await problemsOf(setOf({ roles, handling })))[0] ?? '',
    /handling rules stand for more than 1000000/,
  );
});
