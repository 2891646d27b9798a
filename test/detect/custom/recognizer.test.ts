import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { parseRecognizers } from '../../../src/detect/custom/parse.ts';
import { createCustomRecognizer } from '../../../src/detect/custom/recognizer.ts';
import { windows } from '../../../src/detect/custom/search.ts';
import { createTermFinder } from '../../../src/detect/custom/terms.ts';
import { merge } from '../../../src/detect/merge.ts';
import { type Recognizer } from '../../../src/detect/recognizer.ts';
import { scan } from '../../../src/detect/scan.ts';
import { createThreshold } from '../../../src/detect/thresholds.ts';
import { TextView } from '../../../src/detect/view.ts';

function load(yaml: string): Recognizer {
  const { definitions, problems } = parseRecognizers(yaml, 'test.yaml');
  if (definitions === undefined) throw new Error(JSON.stringify(problems));
  return createCustomRecognizer(definitions);
}

function found(recognizer: Recognizer, text: string): string[] {
  return merge(scan(text, [recognizer]).filter(createThreshold())).map(
    (span) => `${span.entity}:${text.slice(span.start, span.end)}`,
  );
}

const example = load(readFileSync('recognizers/example.yaml', 'utf8'));

test('the recogniser file in docs/models.md does what stands beside it', (t) => {
  const [, yaml = ''] =
    /```yaml\n(recognizers:\n[^`]*)```/.exec(readFileSync('docs/models.md', 'utf8')) ?? [];
  const own = load(yaml);
  t.deepEqual(found(own, 'badge EMP-004711, customer 12345674, Project Blue Heron'), [
    'EMPLOYEE_ID:EMP-004711',
    'CUSTOMER_ID:12345674',
    'PROJECT_NAME:Project Blue Heron',
  ]);
  t.deepEqual(found(own, 'part 12345674'), []);
});

test('the example file finds what it says and nothing else', (t) => {
  t.deepEqual(found(example, 'Ask EMP-004711 or emp-004712, not XEMP-0047110.'), [
    'EMPLOYEE_ID:EMP-004711',
    'EMPLOYEE_ID:emp-004712',
  ]);
  t.deepEqual(found(example, 'customer 12345674 of 12345675'), ['CUSTOMER_ID:12345674']);
  t.deepEqual(found(example, 'part 12345674'), []);
  t.deepEqual(found(example, 'customer 18181818'), []);
  t.deepEqual(found(example, 'Aktenzeichen: AB/123/24, akte: AB/123/24'), ['PATIENT_FILE:AB/123/24']);
  t.deepEqual(found(example, 'falkenauge and project blue heron, not Falkenaugen'), [
    'PROJECT_NAME:falkenauge',
    'PROJECT_NAME:project blue heron',
  ]);
});

test('disguises are seen through as for any other recogniser', (t) => {
  t.deepEqual(found(example, 'ＥＭＰ－００４７１１'), ['EMPLOYEE_ID:ＥＭＰ－００４７１１']);
  t.deepEqual(found(example, 'EMP-00\u200b4711'), ['EMPLOYEE_ID:EMP-00\u200b4711']);
  t.deepEqual(found(example, 'id=EMP%2D004711'), ['EMPLOYEE_ID:EMP%2D004711']);
});

test('score, context, validator and lengths decide', (t) => {
  const own = load(`
recognizers:
  - { name: a, entity: A, patterns: [{ regex: 'a\\d+', score: 0.49 }] }
  - { name: b, entity: B, patterns: [{ regex: 'b\\d+', score: 0.1 }], context: [badge] }
  - { name: c, entity: C, patterns: [{ regex: 'c\\d+', score: 0.5 }], min_length: 3, max_length: 5 }
  - { name: d, entity: D, patterns: [{ regex: '\\d[\\d ]{14,}\\d', score: 0.9 }], validator: iban-mod97 }
  - { name: e, entity: E, patterns: [{ regex: 'e\\d+', score: 0.9 }], allow_patterns: ['e0+'] }
`);
  t.deepEqual(found(own, 'a1'), []);
  t.deepEqual(found(own, 'b1'), []);
  t.deepEqual(found(own, 'badge b1'), ['B:b1']);
  t.deepEqual(found(own, 'c1 c12 c1234 c12345'), ['C:c12', 'C:c1234']);
  t.deepEqual(found(own, '1234567890123456'), []);
  t.deepEqual(found(own, 'e00 e01'), ['E:e01']);
});

test('a deny-list term is found in Chinese text without blanks around it, and a term of one character is one', (t) => {
  const find = createTermFinder(['猎鹰计划', '甲', 'x-9']);
  t.deepEqual(find('关于猎鹰计划的甲方,X-9.'), [
    { start: 2, end: 6 },
    { start: 7, end: 8 },
    { start: 10, end: 13 },
  ]);
  t.deepEqual(find('ax-9 x-90'), []);
});

test('every occurrence of a term that stands as a word is found, whatever is around it', (t) => {
  const terms = fc.stringMatching(/^[a-zäß0-9][a-zäß0-9 .-]{0,8}[a-zäß0-9]$/);
  fc.assert(
    fc.property(fc.array(terms, { minLength: 1, maxLength: 5 }), fc.string(), fc.string(), (list, a, b) => {
      const [term = ''] = list;
      const text = `${a} ${term.toUpperCase().length === term.length ? term.toUpperCase() : term} ${b}`;
      const start = a.length + 1;
      t.true(
        createTermFinder(list)(text).some((hit) => hit.start === start && hit.end === start + term.length),
      );
    }),
  );
});

test('the windows a pattern is searched in overlap by its longest match and add up to a constant of the text', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1 << 20 }),
      fc.integer({ min: 1, max: 1024 }),
      (length, longest) => {
        let behind = 0;
        let read = 0;
        for (const { from, step, to } of windows(length, longest)) {
          t.is(from, behind);
          t.true(to === length || to - step >= longest);
          t.true(to - from <= 2048);
          behind = step;
          read += to - from;
        }
        t.is(behind, length);
        t.true(read <= 2 * length + 2048);
      },
    ),
  );
});

test('a match is found wherever it lies between windows', (t) => {
  const own = load(
    "recognizers: [{ name: a, entity: A, max_length: 64, patterns: [{ regex: '\\bK[0-9]+Z\\b', score: 0.9 }] }]",
  );
  for (let at = 190; at < 330; at++) {
    const text = `${'x'.repeat(at)} K${'1'.repeat(60)}Z ${'y'.repeat(300)}`;
    t.deepEqual(
      own.find(new TextView(text)).map(({ start }) => start),
      [at + 1],
    );
  }
});

for (const [regex, unit] of [
  ['(a+)+$', 'a'],
  ['a.*z|a', 'a'],
  ['(a|aa)+b', 'a'],
  ['[ab]*a[ab]{15}c', 'ab'],
  ['(\\w+\\s?)+:', 'word '],
  ['(x+x+)+y', 'x'],
] as const) {
  test(`a quarter of a megabyte that is hostile to ${regex} is read to its end`, (t) => {
    const own = load(`recognizers: [{ name: a, entity: A, patterns: [{ regex: '${regex}', score: 0.9 }] }]`);
    const text = unit.repeat((1 << 18) / unit.length);
    t.true(own.find(new TextView(text)).every(({ end }) => end <= text.length));
  });
}
