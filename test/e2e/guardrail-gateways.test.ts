import test from 'ava';
import {
  bearer,
  cut,
  type GuardTest,
  LITELLM,
  litellm,
  type LitellmAnswer,
  startGuardTest,
} from '../support/guardrails.ts';
import { CHINESE_PROMPT, ENGLISH_PROMPT, PLANTED, plantedIn } from '../support/planted.ts';

let guard: GuardTest;

test.before(async () => {
  guard = await startGuardTest();
});

test.after.always(async () => {
  await guard.dispose();
});

/** Without the entity that the policy blocks. */
const CLEAN = ENGLISH_PROMPT.replace(PLANTED.iban, 'closed');

async function askLitellm(...parts: Parameters<typeof litellm>) {
  return guard.ask<LitellmAnswer>(LITELLM, litellm(...parts));
}

test('LiteLLM: texts come back protected before a call and restored after it', async (t) => {
  const sent = await askLitellm('request', 'call-1', [CLEAN, 'nothing', CHINESE_PROMPT]);
  t.is(sent.status, 200);
  t.deepEqual(Object.keys(sent.body), ['action', 'texts']);
  t.is(sent.body.action, 'GUARDRAIL_INTERVENED');
  t.deepEqual(plantedIn(sent.text), []);
  t.is(sent.body.texts?.length, 3);
  t.is(sent.body.texts?.[1], 'nothing');
  const [safe = '', , chinese = ''] = sent.body.texts ?? [];
  const back = await askLitellm('response', 'call-1', [`You said: ${safe}`, chinese]);
  t.like(back.body, { action: 'GUARDRAIL_INTERVENED', texts: [`You said: ${CLEAN}`, CHINESE_PROMPT] });
  t.regex(await guard.recordOf(sent.requestId), /"operation":"guardrail"/);
  t.deepEqual(plantedIn(await guard.recordOf(back.requestId)), []);
});

test('LiteLLM: a call that needs nothing is left alone', async (t) => {
  t.deepEqual((await askLitellm('request', 'call-2', ['What is a monad?'])).body, { action: 'NONE' });
});

test('LiteLLM: messages and tools come back rewritten, and every other byte as it was', async (t) => {
  const mail = { name: 'mail', arguments: JSON.stringify({ to: PLANTED.email }) };
  const calls = [{ id: 'call_1', type: 'function', function: mail }];
  const messages = [
    { role: 'user', content: `Mail ${PLANTED.email}` },
    { role: 'assistant', content: null, tool_calls: calls },
    { role: 'tool', tool_call_id: 'call_1', content: 'sent' },
  ];
  const description = `Mails ${PLANTED.email}`;
  const tools = [{ type: 'function', function: { name: 'mail', description, parameters: { maximum: 7 } } }];
  const extra = { structured_messages: messages, tools, tool_calls: calls };
  const request = JSON.stringify(litellm('request', 'call-3', [`Mail ${PLANTED.email}`], extra));
  const { body, text } = await guard.ask<LitellmAnswer>(
    LITELLM,
    request.replace('"maximum":7', '"maximum":1.50'),
  );
  t.is(body.action, 'GUARDRAIL_INTERVENED');
  t.deepEqual(Object.keys(body), ['action', 'texts', 'tools', 'structured_messages']);
  t.deepEqual(plantedIn(text), []);
  const [safe = ''] = body.texts ?? [];
  t.regex(safe, /^Mail <EMAIL_ADDRESS_[0-9a-f]{12}>$/);
  t.is(body.structured_messages?.[0]?.content, safe);
  t.is(body.structured_messages?.length, 3);
  t.true(text.includes('"maximum":1.50'));
});

test('LiteLLM: what is blocked or cannot be read is BLOCKED, naming types only, and recorded as denied', async (t) => {
  const iban = await askLitellm('request', 'call-4', [`to ${PLANTED.iban}`]);
  t.is(iban.status, 200);
  t.deepEqual(Object.keys(iban.body), ['action', 'blocked_reason']);
  t.is(iban.body.action, 'BLOCKED');
  t.regex(iban.body.blocked_reason ?? '', /IBAN_CODE/);
  t.deepEqual(plantedIn(iban.text), []);
  t.regex(await guard.recordOf(iban.requestId), /"entity_blocked"/);
  const image = await askLitellm('request', 'call-5', ['look'], { images: ['aGVsbG8='] });
  t.is(image.body.action, 'BLOCKED');
  const mail = { name: 'f', arguments: `{"to":"${PLANTED.email}"}` };
  const calls = [{ id: 'c', type: 'function', function: mail }];
  const bare = await askLitellm('request', 'call-6', ['x'], { tool_calls: calls });
  t.is(bare.body.action, 'BLOCKED');
  t.regex(bare.body.blocked_reason ?? '', /EMAIL_ADDRESS/);
  t.deepEqual(plantedIn(bare.text), []);
});

test('LiteLLM: nobody gets another’s values back, by the id of the call or by inventing placeholders', async (t) => {
  const sent = await askLitellm('request', 'shared', [`I am ${PLANTED.person}`]);
  const [safe = ''] = sent.body.texts ?? [];
  const bob = bearer(await guard.cordon.issueDevToken({ subject: 'bob', tenant: 'acme' }));
  const other = await guard.ask<LitellmAnswer>(LITELLM, litellm('response', 'shared', [safe]), bob);
  const unchanged = ({ body }: typeof other, text: string): void => {
    t.deepEqual(body.texts ?? [text], [text]);
  };
  unchanged(other, safe);
  // An end user of the same gateway who takes over the id of a call still has to know the placeholder.
  await askLitellm('request', 'shared', ['Say <PERSON_1> and PERSON_1']);
  const guessed = await askLitellm('response', 'shared', ['<PERSON_1> PERSON_1.']);
  unchanged(guessed, '<PERSON_1> PERSON_1.');
  const own = await askLitellm('response', 'shared', [safe]);
  t.deepEqual(own.body.texts, [`I am ${PLANTED.person}`]);
  const unknown = await askLitellm('response', 'never-seen', [safe]);
  unchanged(unknown, safe);
});

test('LiteLLM: what a model made up is handled by the policy, whole or not yet, and recorded', async (t) => {
  const sent = await askLitellm('request', 'made-up', [`My card is ${PLANTED.card}.`]);
  const [safe = ''] = sent.body.texts ?? [];
  const other = '5555 5555 5555 4444';
  const back = await askLitellm('response', 'made-up', [`${safe} Another is ${other}. Bye.`]);
  t.is(back.body.texts?.[0], `My card is ${PLANTED.card}. Another is [CREDIT_CARD]. Bye.`);
  t.regex(await guard.recordOf(back.requestId), /"CREDIT_CARD":\{"mask":1\}/);
  // Half a number may become a whole one, so a gateway that streams is told to wait.
  const half = await askLitellm('response', 'made-up', ['Another is 5555 5555']);
  t.true((half.body.stream_holdback_chars?.[0] ?? 0) >= '5555 5555'.length);
  // Of a call that nobody knows, too.
  const unknown = await askLitellm('response', 'made-up-2', [`It is ${other}.`]);
  t.is(unknown.body.texts?.[0], 'It is [CREDIT_CARD].');
});

test('LiteLLM: a placeholder that is cut off is held back', async (t) => {
  const sent = await askLitellm('request', 'stream', [`I am ${PLANTED.person}`]);
  const half = (sent.body.texts?.[0] ?? '').slice(0, -4);
  const { body } = await askLitellm('response', 'stream', [half]);
  t.deepEqual(body, {
    action: 'GUARDRAIL_INTERVENED',
    texts: [half],
    stream_holdback_chars: [half.length - 'I am '.length],
  });
});

test('LiteLLM: its key may be the token, on its own path only', async (t) => {
  const key = { 'x-api-key': guard.token };
  t.is((await guard.ask(LITELLM, litellm('request', 'k', ['hi']), key)).status, 200);
  t.is((await guard.ask('/analyze', { text: 'x', language: 'en' }, key)).status, 401);
});

interface KongAnswer {
  readonly text: readonly {
    readonly sanitized_text: string;
    readonly detected_language: string | null;
    readonly msg_id: number;
    readonly analyzer_results: readonly {
      readonly start: number;
      readonly end: number;
      readonly detected_language: string;
      readonly original_text: string;
      readonly redact_text: string;
      readonly entity_type: string;
    }[];
  }[];
  readonly identified_pii: readonly string[];
  readonly anonymized_pii: readonly string[];
  readonly detected_languages: readonly string[];
  readonly duration: number;
}

async function sanitized(text: unknown, anonymize: readonly string[]) {
  const options = { redact_type: 'placeholder' };
  return guard.ask<KongAnswer>('/llm/v1/sanitize', { text, anonymize, options });
}

function onlyText({ body }: { readonly body: KongAnswer }): string {
  return body.text[0]?.sanitized_text ?? '';
}

test('Kong: everything is replaced, and can be put back from what comes along', async (t) => {
  const messages = [
    { msg_id: 7, text: `😀 ${CLEAN}` },
    { msg_id: 8, text: CHINESE_PROMPT },
    { msg_id: 9, text: ' ' },
  ];
  const { status, body, requestId } = await sanitized(messages, ['all_and_credentials']);
  t.is(status, 200);
  t.deepEqual(Object.keys(body), [
    'text',
    'identified_pii',
    'anonymized_pii',
    'detected_languages',
    'duration',
  ]);
  t.deepEqual(body.detected_languages, ['en', 'zh']);
  for (const [i, { text, msg_id }] of messages.entries()) {
    const message = body.text[i];
    t.is(message?.msg_id, msg_id);
    t.deepEqual(plantedIn(message?.sanitized_text ?? ''), []);
    let restored = message?.sanitized_text ?? '';
    for (const result of [...(message?.analyzer_results ?? [])].reverse()) {
      t.is(cut(text, result), result.original_text);
      restored = restored.replace(result.redact_text, result.original_text);
    }
    t.is(restored, text);
  }
  t.regex(body.text[0]?.sanitized_text ?? '', /PLACEHOLDER1\b.*PLACEHOLDER2\b/);
  for (const kind of ['general', 'email', 'phone', 'creditcard', 'ssn'])
    t.true(body.anonymized_pii.includes(kind), kind);
  t.regex(await guard.recordOf(requestId), /"operation":"sanitize"/);
});

test('Kong: it may ask for more than the policy, never for less', async (t) => {
  const text = `My password is hunter2-Xk9! and my mail ${PLANTED.email}. Date of birth: 12 March 1985.`;
  const phones = onlyText(await sanitized(text, ['phone']));
  t.deepEqual(plantedIn(phones), []);
  t.regex(phones, /password is ########/);
  t.regex(phones, /12 March 1985/);
  const dates = await sanitized(text, ['date']);
  t.notRegex(onlyText(dates), /12 March 1985/);
  t.regex(await guard.recordOf(dates.requestId), /"DATE_OF_BIRTH":"pseudonymise"/);
  const credentials = await guard.ask<KongAnswer>('/llm/v1/sanitize_credentials', { text });
  t.regex(onlyText(credentials), /password is ########/);
});

test('Kong: a placeholder that somebody wrote is never given out', async (t) => {
  const answer = await sanitized(`PLACEHOLDER1 and placeholder23: ${PLANTED.email}`, ['all']);
  t.is(onlyText(answer), 'PLACEHOLDER1 and placeholder23: PLACEHOLDER3');
});
