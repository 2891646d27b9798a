import test from 'ava';
import { errorOf, postChat, type TestCordon, userMessage } from '../support/cordon.ts';
import { attemptsOf, startRouted } from '../support/routed.ts';
import { type CapturingUpstream, completion, sendJson, startUpstream } from '../support/upstream.ts';

const POLICY = `
version: 1
name: test
roles: { user: {} }
rules:
  - { id: all, effect: allow, subjects: ['role:user'], operations: ['*'], models: ['*'], runners: ['*'] }
handling:
  - { id: rest, entities: ['*'], handling: disclose }
output:
  - { id: any-answer, entities: ['*'], handling: disclose }
  - { id: no-cards, entities: [CREDIT_CARD], handling: block, destinations: { runner: [strict] } }
`;
const ANSWER = 'Use 5555 5555 5555 4444, she said.';

let open: CapturingUpstream;
let strict: CapturingUpstream;
let cordon: TestCordon;

test.before(async () => {
  [open, strict] = await Promise.all([startUpstream(), startUpstream()]);
  cordon = await startRouted(
    `runners:
  - { id: open, base_url: '${open.url}', models: [open] }
  - { id: strict, base_url: '${strict.url}', models: [strict] }
routes:
  - { models: [chain], runners: [{ id: open }, { id: strict, priority: 2 }] }
`,
    POLICY,
  );
});

test.after.always(async () => {
  await cordon.dispose();
  await Promise.all([open.close(), strict.close()]);
});

test('what an answer may hold is decided by the runner that gave it', async (t) => {
  const token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  const ask = (): Promise<Response> => postChat(cordon, token, { ...userMessage('hello'), model: 'chain' });
  for (const upstream of [open, strict]) {
    upstream.respond((_, response) => {
      sendJson(response, completion({ content: ANSWER }));
    });
  }
  const fine = await ask();
  t.is(fine.status, 200);
  t.true((await fine.text()).includes(ANSWER));
  open.respond((_, response) => {
    sendJson(response, { error: {} }, 500);
  });
  const blocked = await ask();
  t.is((await errorOf(blocked)).code, 'answer_blocked');
  t.deepEqual(await attemptsOf(cordon, blocked.headers.get('cordon-request-id')), [
    'open failed 500',
    'strict answered 200',
  ]);
});
