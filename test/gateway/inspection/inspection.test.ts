import test from 'ava';
import fc from 'fast-check';
import { type Dialect } from '../../../src/dialects/dialect.ts';
import { openaiChat } from '../../../src/dialects/openai-chat.ts';
import { type PolicySnapshot } from '../../../src/domain/policy.ts';
import { type Detector } from '../../../src/domain/span.ts';
import { createInspection, type Inspection } from '../../../src/gateway/inspection/inspection.ts';
import { asBody, assembled, textsOfBody } from '../../dialects/assembled.ts';
import { inputOf, snapshotOf } from '../../policy/sets.ts';
import { protectTexts } from '../../redact/calls.ts';
import { PLANTED, structuredDetector } from '../../support/output-reading.ts';

const OWN = 'zoe@example.com';
const safe = protectTexts([`My mail is ${OWN}.`], [{ value: OWN, entity: 'EMAIL_ADDRESS' }]);
const detector = structuredDetector();
const REQUEST = openaiChat.parseRequest('{"model":"m","messages":[{"role":"user","content":"x"}]}');

function inspect(
  snapshot: PolicySnapshot,
  detect: Detector['detect'] = (requests, signal) => detector.detect(requests, signal),
): Inspection {
  return createInspection(
    {
      detector: { version: 'test', detect },
      pseudonym: (_tenant, scope, value) => Buffer.from(`${scope}${value.length}`).toString('hex'),
      outputWindowChars: 200,
      outputEveryWord: false,
    },
    {
      snapshot,
      input: inputOf(),
      said: { slots: [{ pointer: '/x', text: `My mail is ${OWN}.`, kind: 'text' }], recalled: [] },
      safe,
      signal: new AbortController().signal,
    },
  );
}

async function whole(snapshot: PolicySnapshot, dialect: Dialect, source: string): Promise<string> {
  const revealer = await inspect(snapshot).ofWhole((reader) => {
    dialect.revealBody(source, reader, REQUEST);
  });
  return dialect.revealBody(source, revealer, REQUEST).body;
}

async function streamed(
  snapshot: PolicySnapshot,
  dialect: Dialect,
  events: readonly string[],
): Promise<string[]> {
  const { reveal, prepare, prepareEnd } = inspect(snapshot).ofStream((revealer) =>
    dialect.createStreamReveal(revealer, REQUEST),
  );
  const out: string[] = [];
  for (const event of events) {
    await prepare(event);
    out.push(...reveal.push(event));
  }
  await prepareEnd();
  return [...out, ...reveal.end()];
}

const chunk = (delta: object): string => JSON.stringify({ id: 'x', choices: [{ index: 0, delta }] });

test('a value that a model hides in the brackets of a mark of this call is its own all the same', async (t) => {
  const snapshot = await snapshotOf({ output: [{ id: 'all', entities: ['*'], handling: 'mask' }] });
  for (const [written, shown] of [
    ['<EMAIL_ADDRESS_1>', OWN],
    ['EMAIL_ADDRESS_1', OWN],
    [`<EMAIL_ADDRESS_1 ${PLANTED.card}>`, `<${OWN} [CREDIT_CARD]>`],
    [`[EMAIL_ADDRESS_1 ${PLANTED.card}]`, `[${OWN} [CREDIT_CARD]]`],
    [`&lt;EMAIL_ADDRESS_1 ${PLANTED.card}&gt;`, `&lt;${OWN} [CREDIT_CARD]&gt;`],
  ] as const) {
    const message = { role: 'assistant', content: `It is ${written}, he said.` };
    const source = JSON.stringify({ id: 'x', choices: [{ index: 0, message, finish_reason: 'stop' }] });
    const { choices } = JSON.parse(await whole(snapshot, openaiChat, source)) as {
      readonly choices: readonly { readonly message: { readonly content: string } }[];
    };
    t.is(choices[0]?.message.content, `It is ${shown}, he said.`);
  }
});

test('texts that all wait for the end of a long value may hold so much together and no more', async (t) => {
  const snapshot = await snapshotOf({ output: [{ id: 'all', entities: ['*'], handling: 'mask' }] });
  // One span as long as the text, whatever is asked.
  const everything: Detector['detect'] = (requests) =>
    Promise.resolve(
      requests.map(({ text: said }) => [
        { start: 0, end: said.length, entity: 'PERSON', score: 1, recognizer: 'test', validated: false },
      ]),
    );
  const { reveal, prepare } = inspect(snapshot, everything).ofStream((revealer) =>
    openaiChat.createStreamReveal(revealer, REQUEST),
  );
  const event = (index: number): string =>
    JSON.stringify({ id: 'x', choices: [{ index, delta: { content: 'word '.repeat(2_000) } }] });
  const open = async (from: number, to: number): Promise<void> => {
    for (let index = from; index < to; index++) {
      await prepare(event(index));
      reveal.push(event(index));
    }
  };
  await open(0, 100);
  await t.throwsAsync(open(100, 200), { code: 'upstream_invalid' });
});

const word = fc.oneof(
  // Between words of their own: beside another number a number is part of a longer one, and so nobody's.
  fc.constantFrom(...Object.values(PLANTED)).map((value) => `so ${value}, well`),
  fc.constantFrom('<EMAIL_ADDRESS_1>', 'email_address_1', 'EMAIL_ADDRESS_1', '<EMAIL_ADDRESS_9>'),
  fc.constantFrom(
    'the',
    'card',
    'is',
    '中文。',
    '😀',
    'one',
    'two',
    '4.',
    '\n',
    'password:',
    'info@example.org',
  ),
  // A name of a function's that fast-check likes; beside it the digits are a telephone's.
  fc.string({ maxLength: 8 }).filter((said) => said !== 'call'),
);
const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '));
const json = fc
  .dictionary(fc.string({ maxLength: 4 }), text, { maxKeys: 3 })
  .map((said) => JSON.stringify(said));

for (const reading of ['numbers', 'structure'] as const) {
  test(`${reading}: texts and arguments, interleaved in any pieces, come out as in a whole answer`, async (t) => {
    const output = [
      { id: 'rest', entities: ['*'], handling: 'disclose' },
      { id: 'numbers', entities: ['financial', 'identifiers', 'secrets'], handling: 'mask' },
      ...(reading === 'numbers'
        ? []
        : [{ id: 'mail', entities: ['EMAIL_ADDRESS'], handling: 'pseudonymise' }]),
    ];
    const snapshot = await snapshotOf({ output });
    t.is(snapshot.outputReading(inputOf()), reading);
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        json,
        fc.array(fc.nat(40), { minLength: 1, maxLength: 20 }),
        async (...said) => {
          const [content, reasoning, source, sizes] = said;
          const rest = { content, reasoning_content: reasoning, 'tool_calls.0': source };
          const events: string[] = [];
          const left: Record<string, string> = { ...rest };
          for (let i = 0; Object.values(left).some((piece) => piece !== ''); i++) {
            const field = Object.keys(left)[(sizes[i % sizes.length] ?? 0) % 3] ?? 'content';
            const other =
              left[field] === '' ? (Object.keys(left).find((name) => left[name] !== '') ?? field) : field;
            const piece = (left[other] ?? '').slice(0, 1 + (sizes[(i + 1) % sizes.length] ?? 0));
            left[other] = (left[other] ?? '').slice(piece.length);
            events.push(
              other === 'tool_calls.0'
                ? chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] })
                : chunk({ [other]: piece }),
            );
          }
          const body = asBody(
            Object.fromEntries(Object.entries(rest).map(([place, value]) => [`0.${place}`, value])),
          );
          const told = textsOfBody(await whole(snapshot, openaiChat, body));
          const heard = assembled(await streamed(snapshot, openaiChat, events));
          for (const [place, value] of Object.entries(told)) {
            t.is(heard[place] ?? '', value);
            for (const secret of Object.values(PLANTED))
              t.false(value.includes(secret), `${secret} in ${value}`);
          }
          t.notThrows(() => JSON.parse(told['0.tool_calls.0'] ?? '{}') as unknown);
        },
      ),
      { numRuns: 250 },
    );
  });
}

test('an answer is not read further while the detector is at work', async (t) => {
  let finish: () => void = () => undefined;
  const waits = new Promise<void>((resolve) => (finish = resolve));
  const snapshot = await snapshotOf({});
  const { prepare } = inspect(snapshot, async (requests) => {
    await waits;
    return requests.map(() => []);
  }).ofStream((revealer) => openaiChat.createStreamReveal(revealer, REQUEST));
  let isReady = false;
  const ready = prepare(chunk({ content: `It is ${PLANTED.card}, she said. And ` })).then(
    () => (isReady = true),
  );
  await new Promise((resolve) => setImmediate(resolve));
  t.false(isReady);
  finish();
  await ready;
  t.true(isReady);
});

test('a detector that answers for fewer texts than it was given ends the answer', async (t) => {
  const snapshot = await snapshotOf({});
  const inspection = inspect(snapshot, () => Promise.resolve([]));
  const body = asBody({ '0.content': `It is ${PLANTED.card}.` });
  const error = await t.throwsAsync(
    inspection.ofWhole((reader) => openaiChat.revealBody(body, reader, REQUEST)),
  );
  t.is((error as { code?: string }).code, 'detector_unavailable');
});
