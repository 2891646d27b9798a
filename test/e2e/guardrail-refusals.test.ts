import test from 'ava';
import { bearer, type GuardTest, LITELLM, litellm, startGuardTest } from '../support/guardrails.ts';
import { ENGLISH_PROMPT, PLANTED, plantedIn } from '../support/planted.ts';

let guard: GuardTest;

test.before(async () => {
  guard = await startGuardTest();
});

test.after.always(async () => {
  await guard.dispose();
});

const SANITIZE = { text: 'x', anonymize: ['all'], options: { redact_type: 'placeholder' } };
const QUESTIONS: readonly (readonly [string, object])[] = [
  ['/analyze', { text: ENGLISH_PROMPT, language: 'en' }],
  ['/anonymize', { text: 'x', analyzer_results: [] }],
  ['/deanonymize', { text: 'x', deanonymizers: {}, anonymizer_results: [] }],
  [LITELLM, litellm('request', 'x', ['x'])],
  ['/llm/v1/sanitize', SANITIZE],
  ['/llm/v1/sanitize_credentials', { text: 'x' }],
];
const LISTS = ['/recognizers', '/supportedentities', '/anonymizers', '/deanonymizers'];

test.serial('without a token: 401; denied by policy: 403, and recorded without text', async (t) => {
  const mallory = bearer(await guard.cordon.issueDevToken({ subject: 'mallory', tenant: 'acme' }));
  for (const [at, body] of QUESTIONS) {
    t.is((await guard.ask(at, body, {})).status, 401, at);
    const denied = await guard.ask(at, body, mallory);
    t.is(denied.status, 403, at);
    const record = await guard.recordOf(denied.requestId);
    t.regex(record, /"matched_deny"/, at);
    t.deepEqual(plantedIn(record), [], at);
  }
  for (const at of LISTS) {
    t.is((await guard.ask(at, undefined, {})).status, 401, at);
    t.is((await guard.ask(at, undefined, mallory)).status, 403, at);
  }
});

test.serial('a detector that fails: 503 wherever a text is looked at', async (t) => {
  guard.broken.add('detector');
  for (const [at, body] of QUESTIONS) {
    if (at === '/anonymize' || at === '/deanonymize') continue;
    const { status, text } = await guard.ask(at, body);
    t.is(status, 503, at);
    t.regex(text, /detector_unavailable/);
  }
  guard.broken.clear();
});

test.serial('a ledger that fails: 503 everywhere, and nothing is told', async (t) => {
  guard.broken.add('ledger');
  for (const [at, body] of QUESTIONS) {
    const { status, text } = await guard.ask(at, body);
    t.is(status, 503, at);
    t.regex(text, /audit_unavailable/);
  }
  for (const at of LISTS) t.is((await guard.ask(at)).status, 503, at);
  const blocked = await guard.ask(LITELLM, litellm('request', 'x', [PLANTED.iban]));
  t.is(blocked.status, 503);
  guard.broken.clear();
});

test.serial('an entity that the policy blocks: 403 in the shape of each API', async (t) => {
  const claim = { start: 0, end: PLANTED.iban.length, score: 1, entity_type: 'IBAN_CODE' };
  const anonymized = await guard.ask<{ error: string; code: string }>('/anonymize', {
    text: PLANTED.iban,
    analyzer_results: [claim],
  });
  t.is(anonymized.status, 403);
  t.is(anonymized.body.code, 'entity_blocked');
  t.regex(anonymized.body.error, /IBAN_CODE at \/text/);
  const sanitized = await guard.ask('/llm/v1/sanitize', { ...SANITIZE, text: `to ${PLANTED.iban}` });
  t.is(sanitized.status, 403);
  t.deepEqual(plantedIn(sanitized.text + (await guard.recordOf(sanitized.requestId))), []);
});

const SECRET = PLANTED.email;
const claiming = (start: unknown, end: number) => ({
  text: SECRET,
  analyzer_results: [{ start, end, score: 1, entity_type: 'X' }],
});
const operating = (entity: string, operator: object) => ({
  text: SECRET,
  anonymizers: { [entity]: operator },
});
const analyzing = (extra: object) => ({ text: SECRET, language: 'en', ...extra });

const WRONG: readonly (readonly [string, object, string])[] = [
  ['/analyze', { language: 'en' }, '/text'],
  ['/analyze', { text: SECRET }, '/language'],
  ['/analyze', { text: '', language: 'en' }, '/text'],
  ['/analyze', { text: [SECRET, 5], language: 'en' }, '/text/1'],
  ['/analyze', analyzing({ entities: ['NOT_AN_ENTITY'] }), '/entities'],
  ['/analyze', analyzing({ ad_hoc_recognizers: [{ name: SECRET }] }), '/ad_hoc_recognizers'],
  ['/analyze', analyzing({ allow_list: ['x'], allow_list_match: SECRET }), '/allow_list_match'],
  ['/anonymize', claiming(0, 999), '/analyzer_results/0'],
  ['/anonymize', claiming(9, 1), '/analyzer_results/0'],
  ['/anonymize', claiming('x', 1), '/analyzer_results/0/start'],
  ['/anonymize', { text: [SECRET], analyzer_results: [[], []] }, '/analyzer_results'],
  ['/anonymize', operating('PERSON', { type: SECRET }), '/anonymizers/PERSON/type'],
  ['/anonymize', operating('PERSON', { type: 'encrypt', key: SECRET }), '/anonymizers/PERSON/key'],
  ['/anonymize', operating('PERSON', { type: 'hash', hash_type: 'md5' }), '/anonymizers/PERSON/hash_type'],
  ['/anonymize', operating(SECRET, { type: 'redact' }), '/anonymizers/*'],
  [LITELLM, litellm('request', 'x', ['x'], { documents: [SECRET] }), '/documents'],
  [LITELLM, litellm('maybe', 'x', ['x']), '/input_type'],
  [LITELLM, litellm('request', 'x', ['x'], { texts: [5] }), '/texts/0'],
  ['/llm/v1/sanitize', { ...SANITIZE, anonymize: [SECRET] }, '/anonymize/0'],
  ['/llm/v1/sanitize', { ...SANITIZE, options: { redact_type: 'synthetic' } }, '/options/redact_type'],
  ['/llm/v1/sanitize', { ...SANITIZE, custom_patterns: [{ name: 'x', regex: '(a+)+' }] }, '/custom_patterns'],
  ['/llm/v1/sanitize', { ...SANITIZE, text: [{ text: SECRET }] }, '/text/0/msg_id'],
];

test.serial('a wrong shape: 422 that says where, and never what', async (t) => {
  for (const [at, body, pointer] of WRONG) {
    const answer = await guard.ask<Record<string, unknown>>(at, body);
    t.is(answer.status, 422, `${at} ${pointer}`);
    const plain = at !== LITELLM;
    const error = plain ? answer.body : (answer.body['error'] as Record<string, unknown>);
    t.is(error['param'], pointer, at);
    t.is(error['code'], 'shape_unknown');
    if (plain) t.true(String(answer.body['error']).includes(`At ${pointer}.`), pointer);
    t.deepEqual(plantedIn(answer.text + (await guard.recordOf(answer.requestId))), []);
  }
  const custom = await guard.ask<{ error: string }>('/anonymize', operating('A', { type: 'custom' }));
  t.is(custom.status, 400);
  t.is(custom.body.error, 'Custom type anonymizer is not supported');
});

test.serial('hostile bodies: too deep, twice the same key, half a character, prototypes', async (t) => {
  const hostile = [
    '{"text":',
    '{"text":"a","text":"b"}',
    '{"input_type":"request","input_type":"response"}',
    '['.repeat(1000) + ']'.repeat(1000),
    '{"text":"\\ud800","language":"en"}',
    '{"input_type":"request","texts":["\\ud800"]}',
    '{"__proto__":{"text":"x"}}',
  ];
  for (const [at] of QUESTIONS) {
    for (const body of hostile) {
      const { status } = await guard.ask(at, body);
      t.true(status === 400 || status === 422, `${at} ${body.slice(0, 40)}: ${status}`);
    }
  }
  const proto = '{"text":"x","anonymizers":{"__proto__":{"type":"redact"}}}';
  t.is((await guard.ask('/anonymize', proto)).status, 200);
  t.is(({} as { type?: string }).type, undefined);
  t.is(
    (await guard.ask('/anonymize', { text: 'x' }, { ...bearer(guard.token), 'content-type': 'text/plain' }))
      .status,
    415,
  );
});

test.serial('too much: 413', async (t) => {
  const body = JSON.stringify({ text: 'x'.repeat(11 * 1024 * 1024), language: 'en' });
  t.is((await guard.ask('/analyze', body).catch(() => ({ status: 413 }))).status, 413);
  const claims = Array.from({ length: 2_000 }, (_, i) => ({
    start: i,
    end: i + 1,
    score: 1,
    entity_type: i % 2 === 0 ? 'X' : 'Y',
  }));
  const { status } = await guard.ask('/anonymize', {
    text: 'y'.repeat(2_000),
    anonymizers: { DEFAULT: { type: 'replace', new_value: 'x'.repeat(100_000) } },
    analyzer_results: claims,
  });
  t.is(status, 413);
});

test.serial('nothing was forwarded, and the logs hold no text', (t) => {
  t.is(guard.upstream.received.length, 0);
  t.deepEqual(plantedIn(guard.cordon.logs()), []);
});
