import test from 'ava';
import { toShowOutput } from '../../src/cli/audit-output.ts';
import { postChat } from '../support/cordon.ts';
import {
  DEFAULT,
  type InspectedCordon,
  snapshotOf,
  startInspectedCordon,
} from '../support/inspected-cordon.ts';
import { PLANTED } from '../support/output-reading.ts';
import { asked, eventsIn, stringsIn, SURFACES, typed } from '../support/output-surfaces.ts';

let it: InspectedCordon;

test.before(async () => {
  it = await startInspectedCordon();
});

test.beforeEach(() => it.reset());

test.after.always(() => it.dispose());

const OWN_CARD = '5105 1051 0510 5100';
const NOT_PLANTED = new Set(['spelled']);
const SECRETS = Object.entries(PLANTED).flatMap(([name, value]) => (NOT_PLANTED.has(name) ? [] : [value]));

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

for (const { path, ask, text, toolArguments } of SURFACES) {
  test.serial(
    `${path}: numbers that the model made up are masked, the caller’s own and names come through`,
    async (t) => {
      it.said = (own) => ({
        text: TEXT(own),
        toolArguments: ARGUMENTS(own),
        thinking: `Hm, ${PLANTED.card}.`,
      });
      const question = `Is my card ${OWN_CARD} fine?`;
      const whole = await postChat(it.cordon, it.token, ask(question), { path });
      t.is(whole.status, 200);
      const body = await whole.text();
      t.true(stringsIn(JSON.parse(body)).includes(MASKED), body);
      t.false(it.upstream.bytes().includes(OWN_CARD));
      for (const pace of ['', ' slowly']) {
        const response = await postChat(
          it.cordon,
          it.token,
          { ...ask(question + pace), stream: true },
          { path },
        );
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
  it.said = (own) => ({ text: TEXT(own), toolArguments: ARGUMENTS(own) });
  const body = { model: 'demo', input: `My card is ${OWN_CARD}`, stream: true };
  const response = await postChat(it.cordon, it.token, body, { path: '/v1/responses' });
  const events = eventsIn(await response.text());
  const strings = events.filter(({ type = '' }) => /done|completed/.test(type)).flatMap(stringsIn);
  // The text of `done`, of the part, of the item and of the response; the arguments of `done`, the item, the response.
  t.is(strings.filter((string) => string === MASKED).length, 4);
  const whole = typed('response.function_call_arguments.delta')(events);
  t.is(strings.filter((string) => string === whole).length, 3);
});

test.serial('log probabilities are dropped where a text changed', async (t) => {
  it.said = () => ({ text: `It is ${PLANTED.card}.` });
  const response = await postChat(it.cordon, it.token, asked('Which?'));
  const { choices } = (await response.json()) as { choices: { logprobs: unknown; message: unknown }[] };
  t.is(choices[0]?.logprobs, null);
  it.said = () => ({ text: 'None.' });
  const clean = await postChat(it.cordon, it.token, asked('Which?'));
  t.truthy(
    ((await clean.json()) as typeof response & { choices: { logprobs: unknown }[] }).choices[0]?.logprobs,
  );
});

test.serial(
  'a value that policy let leave, and one written with other signs, is the caller’s own',
  async (t) => {
    it.policy = await snapshotOf(
      DEFAULT.replace(
        'handling:\n',
        'handling:\n  - { id: cards, entities: [CREDIT_CARD], handling: disclose }\n',
      )
        .replace('CREDIT_CARD: pseudonymise,', '')
        .replaceAll('CREDIT_CARD: hash, ', ''),
    );
    it.said = () => ({
      text: `You said ${OWN_CARD}, which is 5105105105105100, and not ${PLANTED.plainCard}.`,
    });
    const response = await postChat(it.cordon, it.token, asked(`Repeat ${OWN_CARD}`));
    const strings = stringsIn(await response.json());
    t.true(strings.includes(`You said ${OWN_CARD}, which is 5105105105105100, and not [CREDIT_CARD].`));
    t.true(it.upstream.bytes().includes(OWN_CARD));
  },
);

test.serial(
  'the record counts what was found, by entity and handling, with places and without text',
  async (t) => {
    it.said = (own) => ({ text: TEXT(own) });
    for (const stream of [false, true]) {
      const response = await postChat(it.cordon, it.token, { ...asked(`My card: ${OWN_CARD}`), stream });
      await response.text();
      const id = response.headers.get('cordon-request-id') ?? '';
      const call = await it.cordon.audit.show(id);
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
