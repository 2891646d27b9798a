import test from 'ava';
import fc from 'fast-check';
import { parseRecognizers } from '../../../src/detect/custom/parse.ts';

function problems(yaml: string): string[] {
  return parseRecognizers(yaml, 'own.yaml').problems.map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );
}

function withRegex(regex: string): string {
  return `recognizers:\n  - name: a\n    entity: A_B\n    patterns:\n      - regex: '${regex}'\n        score: 0.9\n`;
}

/** From Presidio's documentation of its recogniser registry, with its comments left out. */
const PRESIDIO = `
supported_languages:
  - en
  - de
global_regex_flags: 26
recognizers:
  - name: "Zip code Recognizer"
    supported_languages:
      - language: en
        context: [zip, code]
      - language: de
        context:
          - PLZ
    patterns:
      - name: "zip code (weak)"
        regex: "(\\\\b\\\\d{5}(?:\\\\-\\\\d{4})?\\\\b)"
        score: 0.01
    context:
      - address
    supported_entity: "ZIP"
    type: custom
    enabled: true
  - name: "Titles recognizer"
    supported_language: "en"
    supported_entity: "TITLE"
    deny_list: [Mr., Mrs.]
    deny_list_score: 1
  - name: "Off"
    supported_entity: "OFF"
    deny_list: [off]
    enabled: false
`;

test("Presidio's recogniser file loads as it is", (t) => {
  const { definitions = [], problems: found } = parseRecognizers(PRESIDIO, 'presidio.yaml');
  t.deepEqual(found, []);
  t.deepEqual(
    definitions.map(({ name, entity, context, denyList }) => ({ name, entity, context, denyList })),
    [
      {
        name: 'Zip code Recognizer',
        entity: 'ZIP',
        context: ['address', 'zip', 'code', 'plz'],
        denyList: [],
      },
      { name: 'Titles recognizer', entity: 'TITLE', context: [], denyList: ['Mr.', 'Mrs.'] },
    ],
  );
  t.is(definitions[0]?.patterns[0]?.regex, '(?ims)(\\b\\d{5}(?:\\-\\d{4})?\\b)');
});

test('a mistake is reported at its line and column with what to write', (t) => {
  t.deepEqual(
    problems(
      [
        'recognizers:',
        '  - name: Zip',
        '    entity: zip',
        '    patterns:',
        '      - regex: x',
        '        score: 2',
        '    colour: blue',
        '  - CreditCardRecognizer',
        '  - { name: y, type: predefined, entity: Y, deny_list: [y] }',
      ].join('\n'),
    ),
    [
      '3:13 an entity is named in capitals, digits and _, such as EMPLOYEE_ID',
      '6:16 a score is a number from 0 to 1',
      '7:5 unknown key; the keys here are name, version, entity, languages, patterns, context, deny_list, deny_list_score, allow_list, allow_patterns, validator, min_length, max_length, enabled',
      "8:5 a name alone stands for one of Presidio's own recognisers; Cordon's are always on: remove it",
      "9:22 only custom recognisers are read from here; Cordon's own are always on: remove this entry",
    ],
  );
});

for (const [regex, expected] of [
  ['abc(?=d)', /5:16 .*at character 4: lookaround is not part of RE2; .*\(\?P<value>…\)/],
  ['(?<!a)b', /at character 1: lookaround/],
  ['(a)\\1', /at character 4: backreferences are not part of RE2/],
  ['(?>ab)c', /at character 1: atomic groups/],
  ['(a{1,900}){1,900}', /expression too large: repeat less/],
  ['a{1,2000}', /at character 2: a repeat counts up to 1000/],
  ['a*', /matches the empty text/],
  ['[a', /missing closing \] at character 1/],
  ['\\w{1000}\\pL{1000}\\w{1000}\\pL{1000}\\w{1000}\\pL{1000}', /unrolls to \d+ steps and may have 5000/],
] as const) {
  test(`the regex ${regex} is refused with its place and what to write`, (t) => {
    const [problem = '', ...more] = problems(withRegex(regex));
    t.regex(problem, expected);
    t.deepEqual(more, []);
  });
}

test('names are single, lengths in order, and something must be looked for', (t) => {
  t.regex(problems('recognizers: [{ name: d, entity: D_1, deny_list: [x] }]')[0] ?? '', /must not end in _/);
  t.deepEqual(
    problems(
      'recognizers:\n  - { name: a, entity: A, deny_list: [x] }\n  - { name: a, entity: A, deny_list: [x], min_length: 9, max_length: 3 }\n  - { name: b, entity: B }\n  - { name: c, deny_list: [x] }\n',
    ),
    [
      '3:13 this name is taken; choose another',
      '3:55 min_length must not be above max_length',
      '4:5 a recogniser needs patterns or a deny_list',
      '5:5 write what it finds, once: entity (Presidio: supported_entity)',
    ],
  );
});

test('sizes and counts are bounded', (t) => {
  t.regex(problems(`#${'x'.repeat(1024 * 1024)}`)[0] ?? '', /at most 1048576 characters/);
  t.regex(problems(withRegex('a'.repeat(2049)))[0] ?? '', /at most 2048 characters/);
  const many = Array.from({ length: 501 }, (_, i) => `  - { name: n${i}, entity: A, deny_list: [x] }`);
  t.regex(problems(`recognizers:\n${many.join('\n')}`)[0] ?? '', /at most 500 entries/);
  const heavy = Array.from(
    { length: 9 },
    (_, i) =>
      `  - { name: n${i}, entity: A, patterns: [{ regex: '\\w{1000}\\w{1000}[a-f]{900}', score: 1 }] }`,
  );
  t.regex(problems(`recognizers:\n${heavy.join('\n')}`)[0] ?? '', /too large together/);
});

test('any text is answered with problems, never with an exception, and no message quotes a value', (t) => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      t.true(Array.isArray(parseRecognizers(text, 'x').problems));
      for (const yaml of [withRegex(text.replaceAll("'", "''")), `recognizers:\n  - ${text}`]) {
        for (const { message } of parseRecognizers(yaml, 'x').problems) t.true(message.length < 400);
      }
    }),
    { numRuns: 300 },
  );
  const secret = 'hunter2hunter2';
  for (const yaml of [`${secret}: 1`, `recognizers: ${secret}`, `recognizers: [{ name: [${secret}] }]`]) {
    t.false(problems(yaml).join('\n').includes(secret));
  }
});
