import test from 'ava';
import fc from 'fast-check';
import { createRevealer } from '../../src/redact/revealer.ts';

const VALUES = new Map([
  ['PERSON_1', 'Zoë "Zed" O’Neil'],
  ['PERSON_2', 'says <PERSON_1>'],
  ['PERSON_10', 'Ten'],
  ['EMAIL_ADDRESS_1', 'zoe@example.com'],
  ['LITERAL_1', '\\u003cPERSON_1\\u003e'],
]);
const revealer = createRevealer(VALUES, ['PERSON', 'EMAIL_ADDRESS', 'LITERAL', 'PERSON_NAME']);
const ZOE = 'Zoë "Zed" O’Neil';

for (const [written, restored] of [
  ['<PERSON_1>', ZOE],
  ['Dear <PERSON_1>, hello', `Dear ${ZOE}, hello`],
  ['<person_1> <Person_1>', `${ZOE} ${ZOE}`],
  ['<PERSON 1> <PERSON-1>', `${ZOE} ${ZOE}`],
  ['<email address 1> <Email-Address-1>', 'zoe@example.com zoe@example.com'],
  ['**<PERSON_1>** _<PERSON_1>_ `<PERSON_1>`', `**${ZOE}** _${ZOE}_ \`${ZOE}\``],
  ['&lt;PERSON_1&gt; &#60;PERSON_1&#62; &#x3C;PERSON_1&#x3E;', `${ZOE} ${ZOE} ${ZOE}`],
  ['\\u003cPERSON_1\\u003e', ZOE],
  ["<PERSON_1>’s and <PERSON_1>'s and PERSON_1's", `${ZOE}’s and ${ZOE}'s and ${ZOE}'s`],
  ['PERSON_1 (PERSON_1) "PERSON_1" PERSON_1.', `${ZOE} (${ZOE}) "${ZOE}" ${ZOE}.`],
  ['请联系PERSON_1先生', `请联系${ZOE}先生`],
  ['\\u003cPERSON_1\\u003ePERSON_10', `${ZOE}Ten`],
  ['<PERSON_10><PERSON_1>', `Ten${ZOE}`],
  ['<PERSON_1', `<${ZOE}`],
  ['<PERSON_1 and', `<${ZOE} and`],
  ['<<PERSON_1>>', `<${ZOE}>`],
  ['\\<PERSON_1\\>', `\\<${ZOE}\\>`],
  ['C:\\<PERSON_1>\\x', `C:\\${ZOE}\\x`],
  ['<PERSON_2>', 'says <PERSON_1>'],
  ['<LITERAL_1>', '\\u003cPERSON_1\\u003e'],
] as const) {
  test(`${written} is restored`, (t) => {
    t.is(revealer.reveal(written, 'none'), restored);
  });
}

for (const written of [
  '<PERSON_3>',
  '<PERSON_100>',
  '<PERSON_01>',
  '<PERSON_11>',
  '<PERSON>',
  '<PERSON_>',
  '<PERSON_1x>',
  'XPERSON_1',
  'MY_PERSON_1',
  'PERSON_1X',
  'PERSON_1_ID',
  'PERSON_12',
  '$PERSON_1',
  'person_1 = 5',
  'PERSON 1',
  'PERSON-1',
  '<LOCATION_1>',
  '<PERSON_NAME_1>',
  '<PERSON_100000000>',
  'PERSON_100000000',
  '<PERSON_99999999999999999999>',
  '<__proto___1>',
]) {
  test(`${written} stays as the model wrote it`, (t) => {
    t.is(revealer.reveal(written, 'none'), written);
  });
}

test('inside JSON source inserted values are escaped, and escapes around them survive', (t) => {
  const reveal = (source: string): unknown => JSON.parse(revealer.reveal(source, 'json'));
  t.is(reveal('"<PERSON_1>"'), ZOE);
  t.is(reveal('"\\u003cPERSON_1\\u003E"'), ZOE);
  t.is(reveal('"\\nPERSON_1\\t"'), `\n${ZOE}\t`);
  t.is(reveal('"<LITERAL_1>"'), '\\u003cPERSON_1\\u003e');
  // Two backslashes are one, so nothing is escaped here and no half of the pair may be taken away.
  t.is(reveal('"\\\\u003cPERSON_1\\\\u003e"'), '\\u003cPERSON_1\\u003e');
  t.is(reveal('"\\\\\\u003cPERSON_1>"'), `\\${ZOE}`);
});

test('a call that minted nothing is the identity, with nothing held back', (t) => {
  const idle = createRevealer(new Map(), ['PERSON']);
  const open = idle.open('none');
  for (const text of ['<', '<PERSON_1', '<PERSON_1>', '\\']) {
    t.is(idle.reveal(text, 'json'), text);
    t.is(open.push(text), text);
  }
  t.is(open.flush(), '');
});

test('only what could still become a placeholder is held back', (t) => {
  for (const [delta, out] of [
    ['Hello', 'Hello'],
    ['Hello <', 'Hello '],
    ['Hello <PER', 'Hello '],
    ['Hello <PERSON_1', 'Hello '],
    ['Hello <PERSON_1>', `Hello ${ZOE}`],
    ['a <b', 'a <b'],
    ['a < b', 'a < b'],
    ['HELP', 'HELP'],
    ['MAP', 'MAP'],
    ['the PERS', 'the '],
    ['x &l', 'x '],
    ['x &amp', 'x &amp'],
    ['x \\u00', 'x '],
    ['PERSON_1 ', `${ZOE} `],
  ] as const) {
    t.is(revealer.open('none').push(delta), out, delta);
  }
});

test('what is held back is never longer than the longest spelling', (t) => {
  const noise = fc.constantFrom(
    '<',
    'PERSON',
    '_',
    '1',
    '&lt;',
    '\\u003c',
    '\\',
    'EMAIL',
    '-',
    ' ',
    'P',
    '00000',
  );
  const longest = '\\u003cEMAIL_ADDRESS_12345678\\u003e'.length;
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 40 }), (pieces) => {
      const open = revealer.open('none');
      open.push(pieces.join(''));
      t.true(open.flush().length <= longest);
    }),
  );
});

test('however the text is cut into deltas, the restored text is the same', (t) => {
  const piece = fc.oneof(
    fc.constantFrom(...VALUES.keys()).map((name) => `<${name}>`),
    fc.constantFrom(
      '<person 1>',
      '&lt;PERSON_1&gt;',
      '\\u003cPERSON_1\\u003e',
      'PERSON_1',
      'PERSON_10',
      '<PERSON_7>',
    ),
    fc.constantFrom(
      '<',
      '>',
      '&lt;',
      '\\',
      '\\\\',
      'PERSON_',
      '1',
      '0',
      ' ',
      '\n',
      'é',
      '😀',
      'PERSON',
      'X',
      'u003c',
    ),
    fc.string({ maxLength: 5 }),
  );
  const text = fc.array(piece, { maxLength: 15 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(
      text,
      fc.array(fc.nat(6), { maxLength: 60 }),
      fc.constantFrom('none', 'json'),
      (said, cuts, escape) => {
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
    { numRuns: 5000 },
  );
});

test('a flush ends the text, and the next one starts afresh', (t) => {
  const open = revealer.open('none');
  t.is(open.push('x') + open.flush(), 'x');
  t.is(open.push('PERSON_1') + open.flush(), ZOE);
});

test('a long run of half placeholders is read in one pass', (t) => {
  const open = revealer.open('json');
  let length = 0;
  for (let i = 0; i < 500_000; i++) length += open.push('<PERSON_').length;
  t.is(length + open.flush().length, 4_000_000);
});

/** A document that holds the text, within a document, within a document … */
function nested(text: string, depth: number): string {
  const inner = { a: 1, who: text, note: 'a "quoted" \\ note', rest: [true, null, -1.5e3] };
  return depth === 1 ? JSON.stringify(inner) : JSON.stringify({ ok: [], body: nested(text, depth - 1) });
}

function unnested(source: string, depth: number): unknown {
  const parsed = JSON.parse(source) as { readonly body?: string; readonly who?: unknown };
  return depth === 1 ? parsed.who : unnested(parsed.body ?? '', depth - 1);
}

test('a value put into JSON within JSON is what its reader finds there, however it arrives', (t) => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }).map((value) => `"${value}\n`),
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat(60), { maxLength: 12 }),
      (value, depth, sizes) => {
        const reveal = createRevealer(new Map([['PERSON_1', value]]), ['PERSON']).open('json');
        let left = nested('so <PERSON_1>, well', depth);
        let out = '';
        for (const size of sizes) {
          out += reveal.push(left.slice(0, size));
          left = left.slice(size);
        }
        out += reveal.push(left) + reveal.flush();
        t.is(unnested(out, depth), `so ${value}, well`);
      },
    ),
  );
});

test('what only looks like JSON within JSON is a string like any other', (t) => {
  for (const said of ['{see <PERSON_1>}', '[1] <PERSON_1>', '{"a" "<PERSON_1>"', '["x"] and "<PERSON_1>"']) {
    const out = revealer.reveal(JSON.stringify({ said }), 'json');
    t.is((JSON.parse(out) as { readonly said: string }).said, said.replace('<PERSON_1>', ZOE));
  }
});
