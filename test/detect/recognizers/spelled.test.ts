import test from 'ava';
import fc from 'fast-check';
import { cellsUnder } from '../../../src/detect/recognizers/table.ts';
import { merge } from '../../../src/detect/merge.ts';
import { findSpelledRuns, isCounting } from '../../../src/detect/spelled.ts';
import { detect, found } from '../find.ts';

for (const [text, entity, value] of [
  ['call me on 2 1 2 5 5 5 0 1 7 9 tonight', 'PHONE_NUMBER', '2 1 2 5 5 5 0 1 7 9'],
  ['my phone is two one two five five five oh one seven nine', 'PHONE_NUMBER', 'two one two five five five oh one seven nine'], // prettier-ignore
  ['card four one one one one one one one one one one one one one one one', 'CREDIT_CARD', 'four one one one one one one one one one one one one one one one'], // prettier-ignore
  ['手机1 3 8 0 0 1 3 8 0 0 0', 'CN_MOBILE', '1 3 8 0 0 1 3 8 0 0 0'],
  ['手机一三八 零零一三 八零零零', 'CN_MOBILE', '一三八 零零一三 八零零零'],
  ['手机幺三八零零幺三八零零零', 'CN_MOBILE', '幺三八零零幺三八零零零'],
  ['appelle-le, + 3 3 6 3 9 9 8 6 5 1 0', 'PHONE_NUMBER', '+ 3 3 6 3 9 9 8 6 5 1 0'],
  [
    'it is oh seven seven double oh nine double oh one two three',
    'PHONE_NUMBER',
    'oh seven seven double oh nine double oh one two three',
  ],
  [
    'plus four four seven seven hundred nine hundred one two three',
    'PHONE_NUMBER',
    'plus four four seven seven hundred nine hundred one two three',
  ],
  [
    'ring her: two triple five oh one double two nine',
    'PHONE_NUMBER',
    'two triple five oh one double two nine',
  ],
  [
    'unter null eins sieben eins drei neun zwo null null eins zwei',
    'PHONE_NUMBER',
    'null eins sieben eins drei neun zwo null null eins zwei',
  ],
  [
    'Tel. null dreißig achtundzwanzig fünfunddreißig elf zwölf',
    'PHONE_NUMBER',
    'null dreißig achtundzwanzig fünfunddreißig elf zwölf',
  ],
  [
    'au zéro six, trente-neuf, quatre-vingt-dix-huit, soixante et onze, douze',
    'PHONE_NUMBER',
    'zéro six, trente-neuf, quatre-vingt-dix-huit, soixante et onze, douze',
  ],
  [
    'al seis doce treinta y cuatro cincuenta y seis siete ocho',
    'PHONE_NUMBER',
    'seis doce treinta y cuatro cincuenta y seis siete ocho',
  ],
  [
    'al tre quattro sette cinque cinque uno due tre quattro cinque',
    'PHONE_NUMBER',
    'tre quattro sette cinque cinque uno due tre quattro cinque',
  ],
  [
    'op nul zes een twee drie vier vijf zes zevenentachtig',
    'PHONE_NUMBER',
    'nul zes een twee drie vier vijf zes zevenentachtig',
  ],
  [
    'para nove um dois três quatro cinco meia sete oito',
    'PHONE_NUMBER',
    'nove um dois três quatro cinco meia sete oito',
  ],
] as const) {
  test(`dictated digits are read: ${text}`, (t) => {
    t.deepEqual(found(text), [`${entity}:${value}`]);
  });
}

for (const [text, entity, value] of [
  ['card\\t4111111111111111\\texp', 'CREDIT_CARD', '4111111111111111'],
  ['{"a":"{\\"iban\\":\\"x\\\\nDE89370400440532013000\\\\n\\"}"}', 'IBAN_CODE', 'DE89370400440532013000'],
  ['born\\n12\\/03\\/1984', 'DATE_OF_BIRTH', '12\\/03\\/1984'],
  ['\\\\u0034111111111111111', 'CREDIT_CARD', '\\\\u0034111111111111111'],
] as const) {
  test(`JSON inside JSON hides nothing: ${text}`, (t) => {
    t.deepEqual(found(text), [`${entity}:${value}`]);
  });
}

test('ordinary sentences with number words, and counting, are no number', (t) => {
  for (const text of [
    'The two of them took one or two of the five or six seats, and seven stayed.',
    'eins zwei drei vier fünf sechs sieben acht neun zehn',
    'nine eight seven six five four three two one zero',
    'null null null null null null null null null',
    'un deux trois quatre cinq six sept huit neuf',
    '一二三四五六七八九',
    'C:\\new\\table\\readme',
  ]) {
    t.deepEqual(found(text), [], text);
  }
});

test('what is spelled is found under its whole extent, whichever digits it is', (t) => {
  const words = 'zero one two three four five six seven eight nine'.split(' ');
  fc.assert(
    fc.property(
      fc
        .array(fc.nat({ max: 9 }), { minLength: 9, maxLength: 15 })
        .filter((digits) => !isCounting(digits.join(''))),
      fc.constantFrom(' ', ', ', '-', '\n'),
      (digits, join) => {
        const spelled = digits.map((digit) => words[digit]).join(join);
        const text = `note ${spelled}.`;
        const [run, ...more] = findSpelledRuns(text);
        t.deepEqual([run?.digits, more], [digits.join(''), []]);
        t.true(detect(text).some(({ start, end }) => start === 5 && end === 5 + spelled.length));
      },
    ),
  );
});

test('a list of small numbers is no number', (t) => {
  t.deepEqual(found('the sequence 1 1 2 3 5 8 1 3 2 1 3 4 is famous'), []);
  t.deepEqual(found('one two three four five six seven, all good children go to heaven'), []);
});

test('birth dates are found in every row under their heading', (t) => {
  const table = 'id;name;dob\n1;A;12 March 1984\n2;B;1990-01-02\n3;C;n/a\n\n4;D;1991-02-03';
  t.deepEqual(found(table), ['DATE_OF_BIRTH:12 March 1984', 'DATE_OF_BIRTH:1990-01-02']);
});

test('a table without such a heading has no birth dates', (t) => {
  t.deepEqual(found('id;name;shipped\n1;A;12 March 1984\n2;B;1990-01-02'), []);
});

test('cells end where their separators are', (t) => {
  fc.assert(
    fc.property(fc.string(), (noise) => {
      const text = `a,dob\n1,x\n${noise}`;
      const [first] = cellsUnder(text, /dob/g);
      t.is(text.slice(first?.start, first?.end), 'x');
      for (const { start, end } of cellsUnder(text, /dob/g)) t.true(start <= end && end <= text.length);
    }),
  );
  t.pass();
});

test('beside its label an id may be in small letters, alone it may not', (t) => {
  t.deepEqual(found('dni: 12345678z'), ['ES_NIF:12345678z']);
  t.deepEqual(found('file 12345678z'), []);
});

test('an address keeps its name where the model reads a longer place', (t) => {
  const span = { score: 0.6, recognizer: 'x', validated: false };
  const merged = merge([
    { ...span, start: 0, end: 30, entity: 'LOCATION', score: 0.99 },
    { ...span, start: 0, end: 20, entity: 'ADDRESS' },
  ]);
  t.deepEqual(
    merged.map(({ start, end, entity }) => [start, end, entity]),
    [
      [0, 20, 'ADDRESS'],
      [20, 30, 'LOCATION'],
    ],
  );
});
