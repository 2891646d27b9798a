import { readFileSync } from 'node:fs';
import test from 'ava';
import { OPERATIONS } from '../../src/compose/policy.ts';
import { type PolicySnapshot } from '../../src/domain/policy.ts';
import { type Detector } from '../../src/domain/span.ts';
import { buildPolicy } from '../../src/policy/build.ts';
import { formatProblem } from '../../src/policy/problem.ts';
import { HANDLINGS } from '../../src/domain/handling.ts';
import { toShowOutput } from '../../src/cli/audit-output.ts';
import { answer, type Said } from '../support/answering-upstream.ts';
import { errorOf, postChat, startTestCordon, type TestCordon } from '../support/cordon.ts';
import { PLANTED } from '../support/output-reading.ts';
import { type CapturingUpstream, startUpstream } from '../support/upstream.ts';

const OWN_CARD = '5105 1051 0510 5100';
const NOT_PLANTED = new Set(['spelled']);
const SECRETS = Object.entries(PLANTED).flatMap(([name, value]) => (NOT_PLANTED.has(name) ? [] : [value]));

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;
let policy: PolicySnapshot;
let said: (ownCard: string) => Said;
let detectorFails: (text: string) => boolean;

async function snapshotOf(text: string): Promise<PolicySnapshot> {
  const vocabulary = { supportedHandlings: HANDLINGS, extraEntities: [], operations: OPERATIONS };
  const { snapshot, problems } = await buildPolicy(
    { text, source: 'test.yaml' },
    vocabulary,
    () => undefined,
  );
  if (snapshot === undefined) throw new Error(problems.map(formatProblem).join('\n'));
  return snapshot;
}

const DEFAULT = readFileSync('policies/default.yaml', 'utf8');

/** The default set with other rules for answers. */
async function withOutput(...rules: readonly object[]): Promise<PolicySnapshot> {
  const [head = ''] = DEFAULT.split('\noutput:');
  const written = rules.map((rule, i) => `  - ${JSON.stringify({ id: `output-${i}`, ...rule })}\n`);
  return snapshotOf(`${head}\noutput:\n${written.join('')}`);
}

test.before(async () => {
  upstream = await startUpstream((request, response) => {
    const mark = /<CREDIT_CARD_[0-9a-f]+>/.exec(request.body)?.[0] ?? '';
    return answer(request, response, said(mark), request.body.includes('slowly') ? 1 : 9);
  });
  cordon = await startTestCordon({
    runnerUrl: upstream.url,
    replace: {
      policy: { current: () => policy },
      detector: (real: Detector): Detector => ({
        version: real.version,
        detect: (requests, signal) =>
          requests.some(({ text }) => detectorFails(text))
            ? Promise.reject(new Error('broken'))
            : real.detect(requests, signal),
      }),
    },
  });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.beforeEach(async () => {
  policy = await snapshotOf(DEFAULT);
  detectorFails = () => false;
  upstream.received.length = 0;
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

const TEXT = (own: string): string =>
  `Marie Curie lived in Paris. Your card ${own} is fine; the one of somebody else is ${PLANTED.card}, and their ` +
  `account ${PLANTED.iban}.\nTheir SSN is ${PLANTED.ssn}. 身份证号码：${PLANTED.resident}。 Or ${PLANTED.plainCard}!`;
const MASKED =
  `Marie Curie lived in Paris. Your card ${OWN_CARD} is fine; the one of somebody else is [CREDIT_CARD], and their ` +
  `account [IBAN_CODE].\nTheir SSN is [US_SSN]. 身份证号码：[CN_RESIDENT_ID]。 Or [CREDIT_CARD]!`;
const ARGUMENTS = (own: string): string =>
  JSON.stringify({ to: own, text: `Say "${PLANTED.card}"\n`, card: 4111111111111111, list: [PLANTED.iban] });
const MASKED_ARGUMENTS = {
  to: OWN_CARD,
  text: 'Say "[CREDIT_CARD]"\n',
  card: '[CREDIT_CARD]',
  list: ['[IBAN_CODE]'],
};

interface Surface {
  readonly path: string;
  readonly ask: (content: string) => object;
  /** Field names whose strings add up to the text, and to the arguments, in a stream. */
  readonly text: (events: readonly Event[]) => string;
  readonly toolArguments?: (events: readonly Event[]) => string;
}
interface Event {
  readonly type?: string;
  readonly delta?: unknown;
  readonly choices?: readonly {
    readonly text?: string;
    readonly delta?: {
      readonly content?: string;
      readonly reasoning_content?: string;
      readonly tool_calls?: readonly { readonly function: { readonly arguments: string } }[];
    };
  }[];
}

const typed = (type: string, field?: string) => (events: readonly Event[]) =>
  events
    .filter((event) => event.type === type)
    .map(({ delta }) => (field === undefined ? delta : ((delta as Record<string, unknown>)[field] ?? '')))
    .join('');
const asked = (content: string): object => ({ model: 'demo', messages: [{ role: 'user', content }] });

const SURFACES: readonly Surface[] = [
  {
    path: '/v1/chat/completions',
    ask: asked,
    text: (events) => events.map((event) => event.choices?.[0]?.delta?.content ?? '').join(''),
    toolArguments: (events) =>
      events.map((event) => event.choices?.[0]?.delta?.tool_calls?.[0]?.function.arguments ?? '').join(''),
  },
  {
    path: '/v1/completions',
    ask: (content) => ({ model: 'demo', prompt: content }),
    text: (events) => events.map((event) => event.choices?.[0]?.text ?? '').join(''),
  },
  {
    path: '/v1/messages',
    ask: (content) => ({ ...asked(content), max_tokens: 100 }),
    text: typed('content_block_delta', 'text'),
    toolArguments: typed('content_block_delta', 'partial_json'),
  },
  {
    path: '/v1/responses',
    ask: (content) => ({ model: 'demo', input: content }),
    text: typed('response.output_text.delta'),
    toolArguments: typed('response.function_call_arguments.delta'),
  },
];

function eventsIn(heard: string): readonly Event[] {
  return [...heard.matchAll(/^data: (\{.*\})$/gm)].map(([, data = '']) => JSON.parse(data) as Event);
}

/** Every string of an answer, and every key of its parsed arguments. */
function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => [key, ...stringsIn(below)]);
}

for (const { path, ask, text, toolArguments } of SURFACES) {
  test.serial(
    `${path}: numbers that the model made up are masked, the caller’s own and names come through`,
    async (t) => {
      said = (own) => ({ text: TEXT(own), toolArguments: ARGUMENTS(own), thinking: `Hm, ${PLANTED.card}.` });
      const question = `Is my card ${OWN_CARD} fine?`;
      const whole = await postChat(cordon, token, ask(question), { path });
      t.is(whole.status, 200);
      const body = await whole.text();
      t.true(stringsIn(JSON.parse(body)).includes(MASKED), body);
      t.false(upstream.bytes().includes(OWN_CARD));
      for (const pace of ['', ' slowly']) {
        const response = await postChat(cordon, token, { ...ask(question + pace), stream: true }, { path });
        const heard = await response.text();
        const events = eventsIn(heard);
        t.is(text(events), MASKED);
        if (toolArguments !== undefined) t.deepEqual(JSON.parse(toolArguments(events)), MASKED_ARGUMENTS);
        for (const secret of SECRETS) {
          t.false(body.includes(secret), secret);
          t.false(
            events.some((event) => JSON.stringify(event).includes(secret)),
            secret,
          );
          t.false((text(events) + (toolArguments?.(events) ?? '')).includes(secret), secret);
        }
      }
    },
  );
}

test.serial('what a Responses stream says in pieces and what it says when done are the same', async (t) => {
  said = (own) => ({ text: TEXT(own), toolArguments: ARGUMENTS(own) });
  const body = { model: 'demo', input: `My card is ${OWN_CARD}`, stream: true };
  const response = await postChat(cordon, token, body, { path: '/v1/responses' });
  const events = eventsIn(await response.text());
  const strings = events.filter(({ type = '' }) => /done|completed/.test(type)).flatMap(stringsIn);
  // The text of `done`, of the part, of the item and of the response; the arguments of `done`, the item, the response.
  t.is(strings.filter((string) => string === MASKED).length, 4);
  const whole = typed('response.function_call_arguments.delta')(events);
  t.is(strings.filter((string) => string === whole).length, 3);
});

test.serial('log probabilities are dropped where a text changed', async (t) => {
  said = () => ({ text: `It is ${PLANTED.card}.` });
  const response = await postChat(cordon, token, asked('Which?'));
  const { choices } = (await response.json()) as { choices: { logprobs: unknown; message: unknown }[] };
  t.is(choices[0]?.logprobs, null);
  said = () => ({ text: 'None.' });
  const clean = await postChat(cordon, token, asked('Which?'));
  t.truthy(
    ((await clean.json()) as typeof response & { choices: { logprobs: unknown }[] }).choices[0]?.logprobs,
  );
});

test.serial(
  'a value that policy let leave, and one written with other signs, is the caller’s own',
  async (t) => {
    policy = await snapshotOf(
      DEFAULT.replace(
        'handling:\n',
        'handling:\n  - { id: cards, entities: [CREDIT_CARD], handling: disclose }\n',
      )
        .replace('CREDIT_CARD: pseudonymise,', '')
        .replaceAll('CREDIT_CARD: hash, ', ''),
    );
    said = () => ({ text: `You said ${OWN_CARD}, which is 5105105105105100, and not ${PLANTED.plainCard}.` });
    const response = await postChat(cordon, token, asked(`Repeat ${OWN_CARD}`));
    const strings = stringsIn(await response.json());
    t.true(strings.includes(`You said ${OWN_CARD}, which is 5105105105105100, and not [CREDIT_CARD].`));
    t.true(upstream.bytes().includes(OWN_CARD));
  },
);

test.serial(
  'the record counts what was found, by entity and handling, with places and without text',
  async (t) => {
    said = (own) => ({ text: TEXT(own) });
    for (const stream of [false, true]) {
      const response = await postChat(cordon, token, { ...asked(`My card: ${OWN_CARD}`), stream });
      await response.text();
      const id = response.headers.get('cordon-request-id') ?? '';
      const call = await cordon.audit.show(id);
      t.truthy(call);
      if (call === undefined) return;
      const { completion } = toShowOutput(id, call);
      const output = completion?.['output'] as {
        counts: Record<string, Record<string, number>>;
        spans: { text: number; start: number; end: number; entity: string; handling: string }[];
        rules: string[];
      };
      t.deepEqual(output.counts['CREDIT_CARD'], { mask: 2 });
      t.deepEqual(output.counts['US_SSN'], { mask: 1 });
      t.deepEqual(output.rules.includes('mask-numbers-in-answers'), true);
      const answered = TEXT('<CREDIT_CARD_1>');
      t.deepEqual(
        output.spans
          .filter(({ entity }) => entity === 'CREDIT_CARD')
          .map(({ start, end }) => answered.slice(start, end)),
        [PLANTED.card, PLANTED.plainCard],
      );
      for (const secret of SECRETS) t.false(JSON.stringify(completion).includes(secret));
    }
  },
);

test.serial('`block` refuses a whole answer, naming types only, and cuts a stream', async (t) => {
  policy = await withOutput(
    { entities: ['*'], handling: 'disclose' },
    { entities: ['US_SSN'], handling: 'block' },
  );
  said = () => ({ text: `Quite ordinary words first. Then the SSN ${PLANTED.ssn}. And more after it.` });
  for (const path of ['/v1/chat/completions', '/v1/messages', '/v1/responses']) {
    const ask = SURFACES.find((surface) => surface.path === path)?.ask ?? asked;
    const refused = await postChat(cordon, token, ask('Tell me'), { path });
    t.is(refused.status, 403);
    const id = refused.headers.get('cordon-request-id') ?? '';
    const { code, message } = await errorOf(refused);
    t.is(code, 'answer_blocked');
    t.regex(message, /US_SSN/);
    t.false(message.includes(PLANTED.ssn));
    t.is((await cordon.audit.show(id))?.completion?.data['outcome'], 'policy_cut');

    const cut = await postChat(cordon, token, { ...ask('Tell me slowly'), stream: true }, { path });
    const heard = await cut.text();
    t.regex(heard, /Quite/);
    t.regex(heard, /answer_blocked/);
    t.false(/And more|\[DONE\]|message_stop|response\.completed/.test(heard));
    t.false(eventsIn(heard).some((event) => JSON.stringify(event).includes(PLANTED.ssn.slice(0, 6))));
    const record = await cordon.audit.show(cut.headers.get('cordon-request-id') ?? '');
    t.is(record?.completion?.data['outcome'], 'policy_cut');
    t.is(record?.completion?.data['error'], 'answer_blocked');
  }
});

test.serial('a detector that fails on an answer ends it: nothing further is shown', async (t) => {
  detectorFails = (text) => text.includes('536-22');
  said = () => ({ text: `Quite ordinary words first. Then the SSN ${PLANTED.ssn}. And more after it.` });
  const refused = await postChat(cordon, token, asked('Tell me'));
  t.is(refused.status, 503);
  t.is((await errorOf(refused)).code, 'detector_unavailable');
  const cut = await postChat(cordon, token, { ...asked('Tell me slowly'), stream: true });
  const heard = await cut.text();
  t.regex(heard, /detector_unavailable/);
  t.false(/536|And more|\[DONE\]/.test(heard.replace(/"created":\d+/g, '')));
  const record = await cordon.audit.show(cut.headers.get('cordon-request-id') ?? '');
  t.is(record?.completion?.data['error'], 'detector_unavailable');
});

test.serial(
  'a policy that masks names has the model read answers; a stream says what the whole says',
  async (t) => {
    policy = await withOutput(
      { entities: ['*'], handling: 'mask' },
      { entities: ['PERSON'], handling: 'pseudonymise' },
    );
    said = () => ({
      text: 'My colleague Maria Gonzalez called. Then Robert Miller called. Write to maria.g@example.com, please.',
    });
    const whole = await postChat(cordon, token, asked('Who called?'));
    const strings = stringsIn(await whole.json());
    const text = strings.find((string) => string.startsWith('My colleague')) ?? '';
    t.regex(text, /^My colleague <PERSON_#[0-9a-f]+> called\. Then <PERSON_#[0-9a-f]+> called\./);
    t.regex(text, /\[EMAIL_ADDRESS\]/);
    t.not(/#([0-9a-f]+)> called\. Then/.exec(text)?.[1], /Then <PERSON_#([0-9a-f]+)/.exec(text)?.[1]);
    for (const pace of ['', ' slowly']) {
      const response = await postChat(cordon, token, { ...asked(`Who called?${pace}`), stream: true });
      t.is(SURFACES[0]?.text(eventsIn(await response.text())), text);
    }
  },
);

test.serial('a policy that discloses everything leaves answers unread', async (t) => {
  policy = await withOutput({ entities: ['*'], handling: 'disclose' });
  detectorFails = (text) => text.includes('4111');
  said = () => ({ text: `It is ${PLANTED.card}.` });
  const response = await postChat(cordon, token, asked('Which?'));
  t.true(stringsIn(await response.json()).includes(`It is ${PLANTED.card}.`));
});

test.serial('a forged mark in an answer hides nothing', async (t) => {
  said = () => ({ text: `<CREDIT_CARD_${PLANTED.plainCard}> <CARD_#5500005555555559> [X ${PLANTED.card}]` });
  const response = await postChat(cordon, token, asked(`My card is ${OWN_CARD}`));
  const body = await response.text();
  t.false(body.includes(PLANTED.plainCard) || body.includes(PLANTED.card), body);
});

test.serial('sixteen answers at once each come through whole', async (t) => {
  policy = await withOutput({ entities: ['CREDIT_CARD'], handling: 'mask' });
  said = () => ({ text: 'She said that nothing was wrong with it. '.repeat(20) + PLANTED.card });
  const answers = await Promise.all(
    Array.from({ length: 16 }, async (_, i) => {
      const response = await postChat(cordon, token, { ...asked(`Tell me slowly ${i}`), stream: true });
      return SURFACES[0]?.text(eventsIn(await response.text())) ?? '';
    }),
  );
  for (const text of answers) t.true(text.endsWith('[CREDIT_CARD]'), text.slice(-60));
  t.is(new Set(answers).size, 1);
});
