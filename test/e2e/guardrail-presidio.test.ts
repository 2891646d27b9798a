import test from 'ava';
import { cut, type GuardTest, startGuardTest } from '../support/guardrails.ts';
import { CHINESE_PROMPT, ENGLISH_PROMPT, PLANTED, plantedIn } from '../support/planted.ts';

let guard: GuardTest;

test.before(async () => {
  guard = await startGuardTest();
});

test.after.always(async () => {
  await guard.dispose();
});

interface Finding {
  readonly analysis_explanation: Readonly<Record<string, unknown>> | null;
  readonly end: number;
  readonly entity_type: string;
  readonly score: number;
  readonly start: number;
}

interface Anonymized {
  readonly text: string;
  readonly items: readonly {
    readonly start: number;
    readonly end: number;
    readonly entity_type: string;
    readonly text: string;
    readonly operator: string;
  }[];
}

test('/analyze names types and places in code points, and its record holds no text', async (t) => {
  const text = `😀𠀀 ${ENGLISH_PROMPT}`;
  const { status, body, requestId } = await guard.ask<readonly Finding[]>('/analyze', {
    text,
    language: 'en',
  });
  t.is(status, 200);
  const found = new Map(body.map((finding) => [finding.entity_type, cut(text, finding)]));
  t.is(found.get('EMAIL_ADDRESS'), PLANTED.email);
  t.is(found.get('CREDIT_CARD'), PLANTED.card);
  t.is(found.get('IBAN_CODE'), PLANTED.iban);
  t.is(found.get('PERSON'), PLANTED.person);
  for (const finding of body) {
    t.deepEqual(Object.keys(finding), ['analysis_explanation', 'end', 'entity_type', 'score', 'start']);
    t.is(finding.analysis_explanation, null);
  }
  const scores = body.map(({ score }) => score);
  t.deepEqual(
    scores,
    [...scores].sort((a, b) => b - a),
  );
  const record = await guard.recordOf(requestId);
  t.regex(record, /"operation":"analyze"/);
  t.regex(record, /"EMAIL_ADDRESS":1/);
  t.deepEqual(plantedIn(record), []);
});

test('/analyze of a list, with a filter, an allow list and explanations', async (t) => {
  const { body } = await guard.ask<readonly (readonly Finding[])[]>('/analyze', {
    text: [ENGLISH_PROMPT, CHINESE_PROMPT, 'nothing here'],
    language: 'zh',
    entities: ['EMAIL_ADDRESS', 'CN_RESIDENT_ID', 'CREDIT_CARD'],
    allow_list: [PLANTED.email],
    allow_list_match: 'exact',
    score_threshold: 0.5,
    return_decision_process: true,
    correlation_id: 'x',
    trace: false,
    context: ['card'],
    ad_hoc_recognizers: [],
  });
  t.deepEqual(
    body.map((list) => list.map(({ entity_type }) => entity_type)),
    [['CREDIT_CARD'], ['CN_RESIDENT_ID'], []],
  );
  const explanation = body[0]?.[0]?.analysis_explanation ?? {};
  t.deepEqual(Object.keys(explanation).sort(), [
    'original_score',
    'pattern',
    'pattern_name',
    'recognizer',
    'score',
    'score_context_improvement',
    'supportive_context_word',
    'textual_explanation',
    'validation_result',
  ]);
  t.true(explanation['validation_result']);
  const sure = await guard.ask('/analyze', { text: ENGLISH_PROMPT, language: 'en', score_threshold: 1.1 });
  t.deepEqual(sure.body, []);
});

test('what /analyze says goes into /anonymize, and no planted value comes out', async (t) => {
  const text = `😀 Hello, I am ${PLANTED.person}. Mail me at ${PLANTED.email} or call ${PLANTED.phone}.`;
  const analyzed = await guard.ask<readonly Finding[]>('/analyze', { text, language: 'en' });
  const { status, body, requestId } = await guard.ask<Anonymized>('/anonymize', {
    text,
    anonymizers: {
      DEFAULT: { type: 'replace' },
      PHONE_NUMBER: { type: 'mask', masking_char: '*', chars_to_mask: 100, from_end: true },
      EMAIL_ADDRESS: { type: 'redact' },
    },
    analyzer_results: analyzed.body,
  });
  t.is(status, 200);
  const stars = '*'.repeat(PLANTED.phone.length);
  t.is(body.text, `😀 Hello, I am <PERSON>. Mail me at  or call ${stars}.`);
  t.deepEqual(body.items, [
    { start: 44, end: 59, entity_type: 'PHONE_NUMBER', text: stars, operator: 'mask' },
    { start: 35, end: 35, entity_type: 'EMAIL_ADDRESS', text: '', operator: 'redact' },
    { start: 14, end: 22, entity_type: 'PERSON', text: '<PERSON>', operator: 'replace' },
  ]);
  const record = await guard.recordOf(requestId);
  t.regex(record, /"operation":"anonymize"/);
  t.regex(record, /"PERSON":"mask"/);
  t.deepEqual(plantedIn(record), []);
});

test('/anonymize of a list', async (t) => {
  const claim = { start: 5, end: 19, score: 0.9, entity_type: 'PERSON' };
  const { body } = await guard.ask<readonly Anonymized[]>('/anonymize', {
    text: [`I am ${PLANTED.person}`, 'nothing'],
    analyzer_results: [[claim], []],
  });
  t.deepEqual(
    body.map(({ text }) => text),
    ['I am <PERSON>', 'nothing'],
  );
});

test('keep keeps, is recorded as disclosed, and without the text', async (t) => {
  const { status, body, requestId } = await guard.ask<Anonymized>('/anonymize', {
    text: `I am ${PLANTED.person}`,
    anonymizers: { PERSON: { type: 'keep' } },
    analyzer_results: [{ start: 5, end: 19, score: 0.9, entity_type: 'PERSON' }],
  });
  t.is(status, 200);
  t.is(body.text, `I am ${PLANTED.person}`);
  const record = await guard.recordOf(requestId);
  t.regex(record, /"PERSON":"disclose"/);
  t.deepEqual(plantedIn(record), []);
});

test('an entity name that is none of ours could be anything, so the record does not name it', async (t) => {
  const { body, requestId } = await guard.ask<Anonymized>('/anonymize', {
    text: 'zip 12345',
    analyzer_results: [{ start: 4, end: 9, score: 0.9, entity_type: 'MARIA_GONZALEZ' }],
  });
  t.is(body.text, 'zip <MARIA_GONZALEZ>');
  const record = await guard.recordOf(requestId);
  t.notRegex(record, /MARIA/);
  t.regex(record, /"CUSTOM":1/);
});

test('encrypted and decrypted with one key', async (t) => {
  const key = '3t6w9z$C&F)J@NcR';
  const text = `I am ${PLANTED.person}, hello`;
  const sealed = await guard.ask<Anonymized>('/anonymize', {
    text,
    anonymizers: { DEFAULT: { type: 'encrypt', key } },
    analyzer_results: [{ start: 5, end: 19, score: 0.9, entity_type: 'PERSON' }],
  });
  t.deepEqual(plantedIn(sealed.text), []);
  const opened = await guard.ask<Anonymized>('/deanonymize', {
    text: sealed.body.text,
    deanonymizers: { DEFAULT: { type: 'decrypt', key } },
    anonymizer_results: sealed.body.items,
  });
  t.deepEqual(opened.body, {
    text,
    items: [{ start: 5, end: 19, entity_type: 'PERSON', text: PLANTED.person, operator: 'decrypt' }],
  });
  t.deepEqual(plantedIn(await guard.recordOf(opened.requestId)), []);
  const wrong = await guard.ask('/deanonymize', {
    text: sealed.body.text,
    deanonymizers: { DEFAULT: { type: 'decrypt', key: key.toLowerCase() } },
    anonymizer_results: sealed.body.items,
  });
  t.is(wrong.status, 422);
});

test('the lists say what there is, and are recorded', async (t) => {
  const entities = await guard.ask<readonly string[]>('/supportedentities?language=en');
  for (const entity of ['PERSON', 'EMAIL_ADDRESS', 'CN_RESIDENT_ID', 'PASSWORD'])
    t.true(entities.body.includes(entity), entity);
  const recognizers = await guard.ask<readonly string[]>('/recognizers?language=en');
  t.true(recognizers.body.some((name) => name.startsWith('ner:')));
  const anonymizers = await guard.ask('/anonymizers');
  t.deepEqual(anonymizers.body, ['hash', 'mask', 'redact', 'replace', 'encrypt', 'keep']);
  t.deepEqual((await guard.ask('/deanonymizers')).body, ['decrypt']);
  t.regex(await guard.recordOf(entities.requestId), /"operation":"analyze"/);
  const health = await fetch(`${guard.cordon.url}/health`);
  t.is(health.status, 200);
  t.is(await health.text(), 'Presidio Analyzer service is up');
});
