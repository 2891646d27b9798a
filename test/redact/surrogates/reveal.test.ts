import test from 'ava';
import fc from 'fast-check';
import { createRevealer } from '../../../src/redact/revealer.ts';
import { SaidTexts } from '../../../src/redact/surrogates/said.ts';
import { protect } from '../../../src/redact/protect.ts';
import { slot } from '../calls.ts';
import { keyedHash, SAMPLES, withSurrogates } from './samples.ts';

const SURROGATES = new Map([
  ['Elvorin Marlquist', 'Zoë "Zed" O’Neil'],
  ['Elvorin', 'Zoë'],
  ['Élandre', 'Ann'],
  ['4000 0004 9798 6465', '4111 1111 1111 1111'],
  ['+1 312-555-0131', '+1 202-555-0143'],
  ['蔺昶骁', '王小明'],
  ['邰翀', '张伟'],
]);
const revealer = createRevealer(new Map([['PERSON_1', 'Ten']]), ['PERSON'], 'number', SURROGATES);
const ZOE = 'Zoë "Zed" O’Neil';

for (const [written, restored] of [
  ['Elvorin Marlquist', ZOE],
  ['ELVORIN MARLQUIST, elvorin marlquist', `${ZOE}, ${ZOE}`],
  ['Elvorin\u00a0Marlquist and Elvorin\nMarlquist', `${ZOE} and ${ZOE}`],
  ['**Elvorin Marlquist**, “Elvorin”, (Elvorin)', `**${ZOE}**, “Zoë”, (Zoë)`],
  ["Elvorin's and Elvorin’s", "Zoë's and Zoë’s"],
  ['<b>Elvorin</b>&nbsp;Elvorin', '<b>Zoë</b>&nbsp;Zoë'],
  ['élandre ÉLANDRE', 'Ann Ann'],
  ['Elvorin Marl', 'Zoë Marl'],
  ['请联系Elvorin先生', '请联系Zoë先生'],
  ['他是蔺昶骁吗？邰翀邰翀', '他是王小明吗？张伟张伟'],
  ['蔺昶骁Elvorin', '王小明Zoë'],
  ['<PERSON_1> is Elvorin', 'Ten is Zoë'],
  ['Call +1 312-555-0131.', 'Call +1 202-555-0143.'],
  ['4000 0004 9798 6465, 4000 0004 9798 6465', '4111 1111 1111 1111, 4111 1111 1111 1111'],
] as const) {
  test(`${JSON.stringify(written)} is restored`, (t) => {
    t.is(revealer.reveal(written, 'none'), restored);
  });
}

for (const written of [
  'Elvorina',
  'XElvorin',
  'Elvorin_1',
  'Elvorin2',
  '$Elvorin',
  'éElvorin',
  'Elvoriné',
  'Elvorin\u0301',
  'Elvo rin',
  'Elandre',
  '14000 0004 9798 6465',
  '4000 0004 9798 64655',
  '4000 0004',
  '蔺昶',
]) {
  test(`${JSON.stringify(written)} stays as the model wrote it`, (t) => {
    t.is(revealer.reveal(written, 'none'), written);
  });
}

test('in JSON source escaped letters are read, and what is put in is escaped', (t) => {
  const reveal = (source: string): unknown => JSON.parse(revealer.reveal(source, 'json'));
  t.is(reveal('"Elvorin Marlquist"'), ZOE);
  t.is(reveal('"\\u853a\\u6636\\u9a81"'), '王小明');
  t.is(reveal('"\\u00c9landre"'), 'Ann');
  t.is(reveal('"\\nElvorin\\t"'), '\nZoë\t');
  t.is(reveal('"\\u5f20Elvorin\\u5f20"'), '张Zoë张');
  t.is(reveal('"\\u00e9Elvorin"'), 'éElvorin');
  t.is(reveal('"Elvorin\\u00e9"'), 'Elvoriné');
  t.is(reveal('"C:\\\\Elvorin\\\\x"'), 'C:\\Zoë\\x');
});

test('only what could still become a surrogate is held back, and no more than the longest', (t) => {
  for (const [delta, out] of [
    ['Hello', 'Hello'],
    ['to Elv', 'to '],
    ['to Elvorin', 'to '],
    ['to Elvorin ', 'to '],
    ['to Elvorin M', 'to '],
    ['to Elvorin X', 'to Zoë X'],
    ['to Elvorin,', 'to Zoë,'],
    ['shElv', 'shElv'],
    ['他是蔺', '他是'],
    ['他是蔺昶骁', '他是王小明'],
  ] as const) {
    t.is(revealer.open('none').push(delta), out, delta);
  }
  const longest = Math.max(...[...SURROGATES.keys()].map(({ length }) => length));
  for (const text of SURROGATES.keys()) {
    const open = revealer.open('json');
    const escaped = Array.from(text, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(
      '',
    );
    open.push(escaped.slice(0, -1));
    t.true(open.flush().length <= 6 * longest + 6);
  }
});

test('however the text is cut into deltas, the restored text is the same', (t) => {
  const piece = fc.oneof(
    fc.constantFrom(...SURROGATES.keys()),
    fc.constantFrom(
      '<PERSON_1>',
      'Elvorin ',
      'Elv',
      'é',
      '蔺',
      '昶骁',
      ' ',
      '\\',
      '\\n',
      '\\u853a',
      '\\u00e9',
      '\\u',
      '1',
      '4000',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 15 }),
      fc.array(fc.nat(5), { maxLength: 60 }),
      fc.constantFrom('none', 'json'),
      (pieces, cuts, escape) => {
        const said = pieces.join('');
        const open = revealer.open(escape);
        let out = '';
        let at = 0;
        for (const length of cuts) {
          out += open.push(said.slice(at, at + length));
          at += length;
        }
        out += open.push(said.slice(at)) + open.flush();
        t.is(out, revealer.reveal(said, escape));
      },
    ),
    { numRuns: 4000 },
  );
});

test('whatever callers write around values comes back exactly, and no value leaves', (t) => {
  const piece = fc.oneof(
    fc.constantFrom(...SAMPLES.map(({ value }) => value)),
    fc.constantFrom('<PERSON_1>', '[PERSON]', 'x', ' ', '1', '_', 'é', '王', '先生', '"', '\\', '<', '\n'),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(fc.array(piece, { maxLength: 8 }), { minLength: 1, maxLength: 3 }), (texts) => {
      const said = texts.map((pieces) => pieces.join(''));
      const { texts: sent, revealer: own } = withSurrogates(said, SAMPLES);
      t.deepEqual(
        sent.map((text) => own.reveal(text, 'none')),
        said,
      );
      for (const { value } of SAMPLES.filter((sample) => sample.value.length > 4))
        t.false(
          sent.some((text) => text.includes(value)),
          value,
        );
    }),
    { numRuns: 400 },
  );
});

test('a surrogate that the caller says too is chosen again', (t) => {
  const ada = { entity: 'PERSON', value: 'Ada Lovelace' };
  const first = withSurrogates(['Ada Lovelace'], [ada]).texts[0] ?? '';
  for (const said of [`Ada Lovelace and ${first}`, `Ada Lovelace and ${first.toUpperCase()}!`]) {
    const { texts, revealer: own } = withSurrogates([said], [ada]);
    t.false((texts[0] ?? '').startsWith(first));
    t.is(own.reveal(texts[0] ?? '', 'none'), said);
  }
});

test('in a growing conversation the protected prefix stays, byte for byte', (t) => {
  const turns = SAMPLES.map(({ value }) => `and ${value}.`);
  const whole = withSurrogates(turns, SAMPLES).texts;
  for (const n of [1, 7, 20, turns.length - 1]) {
    t.deepEqual(withSurrogates(turns.slice(0, n), SAMPLES).texts, whole.slice(0, n));
  }
});

test('inside a word, where it could not be told apart, a value has a placeholder instead', (t) => {
  const ada = { entity: 'PERSON', value: 'Ada Lovelace' };
  const { texts, applied, revealer: own } = withSurrogates(['idAda Lovelace, Ada Lovelace'], [ada]);
  t.regex(texts[0] ?? '', /^id<PERSON_1>, [A-Z]\p{Ll}+ [A-Z]\p{Ll}+$/u);
  t.deepEqual(applied, [['pseudonymise', 'surrogate']]);
  t.is(own.reveal(texts[0] ?? '', 'none'), 'idAda Lovelace, Ada Lovelace');
});

test('a value that is part of another comes back as itself', (t) => {
  const known = ['Annabel Lee', 'Annabel', 'Ann', 'Lee'].map((value) => ({ entity: 'PERSON', value }));
  const said = 'Ann met Annabel; Annabel Lee met Lee. Annual Leeway.';
  const { texts, revealer: own } = withSurrogates([said], known.slice(0, 2).concat(known.slice(2)));
  t.is(own.reveal(texts[0] ?? '', 'none'), said);
});

test('one first name of two people means the one whose name is used', (t) => {
  const known = ['Maria Gonzalez', 'Maria Lopez'].map((value) => ({ entity: 'PERSON', value }));
  const { texts, revealer: own } = withSurrogates(['Maria Gonzalez met Maria Lopez'], known);
  const [first = '', one = '', , , two = ''] = (texts[0] ?? '').split(' ');
  t.is(own.reveal(`Dear ${first}; Ms ${two}, Mr ${one}`, 'none'), 'Dear Maria; Ms Lopez, Mr Gonzalez');
});

test('a piece that two values would have is put back for neither', (t) => {
  const known = ['王小明', '王伟', '李强'].map((value) => ({ entity: 'PERSON', value }));
  const { texts, revealer: own } = withSurrogates(['王小明、王伟、李强'], known);
  const surname = (texts[0] ?? '').charAt(0);
  t.is(own.reveal(`${surname}先生`, 'none'), '王先生');
});

test('where the runner remembers, only surrogates that no second value can have are made', (t) => {
  const { texts, applied } = withSurrogates(
    ['maria@example.com, Maria Gonzalez'],
    SAMPLES.concat({ entity: 'EMAIL_ADDRESS', value: 'maria@example.com' }),
    { lasting: true, namespace: 'n' },
  );
  t.regex(texts[0] ?? '', /^mail\.[0-9a-f]{12}@[a-z]+\.example, <PERSON_[0-9a-f]{12}>$/);
  t.deepEqual(applied, [['surrogate', 'pseudonymise']]);
});

test('megabytes of names are protected and restored in one pass', (t) => {
  const names = Array.from({ length: 5_000 }, (_, n) => `Person${n.toString(36)}x`);
  const text = Array.from({ length: 200_000 }, (_, n) => names[n % names.length] ?? '').join(' , ');
  const spans = Array.from(text.matchAll(/Person[0-9a-z]+x/g), ({ index, 0: name }) => ({
    ...{ start: index, end: index + name.length, entity: 'USERNAME', score: 1 },
    ...{ recognizer: 'test', validated: true },
  }));
  const {
    texts,
    applied,
    revealer: own,
  } = protect([slot(text)], [spans], {
    handlingOf: () => 'surrogate',
    pseudonym: keyedHash,
    surrogates: { scope: 'x', lasting: false, demandsOn: () => () => true },
  });
  t.true((applied[0] ?? []).includes('surrogate'));
  t.is(own.reveal(texts[0] ?? '', 'none'), text);
  const open = own.open('json');
  let length = 0;
  for (let i = 0; i < 200_000; i++) length += open.push('Elvorin Elv ael').length;
  t.is(length + open.flush().length, 3_000_000);
});

test('what a request says is found in any case, and nothing else', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 3, maxLength: 40 }), { minLength: 1 }),
      fc.string({ minLength: 2 }),
      (texts, other) => {
        const said = new SaidTexts(texts);
        for (const text of texts) t.true(said.has(text.slice(1)) || text.length < 3);
        if (said.has(other))
          t.true(
            texts.some(
              (text) => text.toLowerCase().includes(other.toLowerCase()) || /[^\x20-\x7e]/.test(text + other),
            ),
          );
      },
    ),
  );
});

test('a different key gives different surrogates', (t) => {
  const hash = (value: string, scope: string): string => keyedHash(value, `other ${scope}`);
  const [a, b] = [
    withSurrogates(['4111 1111 1111 1111'], SAMPLES),
    withSurrogates(['4111 1111 1111 1111'], SAMPLES, { hash }),
  ];
  t.notDeepEqual(a.texts, b.texts);
});
