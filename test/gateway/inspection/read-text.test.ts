import test from 'ava';
import fc from 'fast-check';
import { type Span } from '../../../src/domain/span.ts';
import { type CutOptions } from '../../../src/gateway/inspection/cuts.ts';
import { type Part, TextReading } from '../../../src/gateway/inspection/read-text.ts';
import { PLANTED, structuredDetector } from '../../support/output-reading.ts';

const detector = structuredDetector();
const READINGS: readonly CutOptions['reading'][] = ['numbers', 'structure'];

function judge(part: Part): { start: number; end: number; text: string }[] {
  return part.spans.map(({ start, end, entity }: Span) => ({ start, end, text: `[${entity}]` }));
}

function reading(escape: 'none' | 'json', options: Partial<CutOptions> = {}): TextReading {
  return new TextReading(escape, {
    windowChars: 200,
    reading: 'numbers',
    ...options,
    detect: (texts) => detector.detect(texts.map((text) => ({ text, kind: 'structured' }))),
    matters: () => true,
    judge,
  });
}

async function inPieces(pieces: readonly string[], text: TextReading): Promise<string> {
  let out = '';
  for (const piece of pieces) out += await text.push(piece);
  return out + (await text.end());
}

/** The text in pieces that end at these places. */
function cutAt(text: string, places: readonly number[]): readonly string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [...ends, text.length].map((end, i) => text.slice(ends[i - 1] ?? 0, end));
}

const ANSWER = [
  `Certainly! The card is ${PLANTED.card}, and the other one is ${PLANTED.plainCard}.`,
  `An account:\n${PLANTED.iban}\nIn 2023 we shipped version 3. 14 people came. My SSN is ${PLANTED.ssn}.`,
  `他的身份证号码是${PLANTED.resident}，请核对。一共有三十四个人。 ${PLANTED.spelled} and that was one of them.`,
  `I saw the ONE card ${PLANTED.plainCard} password: hunter2go! End 😀 "quoted" text`,
].join(' ');
const SECRETS = [
  PLANTED.card,
  PLANTED.plainCard,
  PLANTED.iban,
  PLANTED.ssn,
  PLANTED.resident,
  PLANTED.spelled,
];

for (const kind of READINGS) {
  test(`${kind}: every two-way cut gives what the whole gives, and nothing planted`, async (t) => {
    const whole = await reading('none', { reading: kind }).whole(ANSWER);
    for (const secret of SECRETS) t.false(whole.includes(secret), secret);
    for (let at = 0; at <= ANSWER.length; at++) {
      t.is(
        await inPieces([ANSWER.slice(0, at), ANSWER.slice(at)], reading('none', { reading: kind })),
        whole,
      );
    }
    t.is(await inPieces(ANSWER.split(''), reading('none', { reading: kind })), whole);
  });

  test(`${kind}: random texts in random pieces give what the whole gives`, async (t) => {
    const word = fc.oneof(
      fc.constantFrom(
        'the',
        'one',
        'I',
        'US',
        'card',
        'password',
        'is',
        '三',
        '四',
        '中文字',
        '密码',
        'Hi.',
        '2024.',
      ),
      fc.constantFrom(...Object.values(PLANTED)),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.nat().map(String),
    );
    const text = fc
      .array(fc.tuple(word, fc.constantFrom(' ', ' ', ' ', '\n', '. ', '', ': ', '。', '  \n')), {
        maxLength: 60,
      })
      .map((words) => words.flat().join(''));
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom(64, 200),
        async (said, places, windowChars) => {
          const options = { reading: kind, windowChars };
          const whole = await reading('none', options).whole(said);
          t.is(await inPieces(cutAt(said, places), reading('none', options)), whole);
        },
      ),
      { numRuns: 300 },
    );
  });
}

test('JSON in random pieces gives what the whole gives, stays JSON, and nothing planted is left', async (t) => {
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(
      ...Object.values(PLANTED),
      4111111111111111,
      -4111111111111111,
      true,
      null,
      12.5e3,
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(`Say "${PLANTED.card}" \\ then\nstop. `.repeat(8)),
  );
  const value = fc.oneof(
    fc.dictionary(
      fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('ssn', 'card')),
      fc.oneof(leaf, fc.array(leaf)),
      {
        maxKeys: 5,
      },
    ),
    fc.array(leaf, { maxLength: 5 }),
  );
  const source = fc
    .tuple(value, fc.boolean(), fc.constantFrom(0, 2))
    .map(([said, escaped, indent]) => {
      const json = JSON.stringify(said, undefined, indent);
      return escaped
        ? json.replace(
            /[^\0-\x7f]|(?<=\d)1(?=\d*[^\d:,\]}\n]*")/g,
            (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
          )
        : json;
    })
    .filter((json) => {
      try {
        JSON.parse(json);
        return true;
      } catch {
        return false;
      }
    });
  await fc.assert(
    fc.asyncProperty(source, fc.array(fc.nat(), { maxLength: 12 }), async (json, places) => {
      const whole = await reading('json').whole(json);
      t.is(await inPieces(cutAt(json, places), reading('json')), whole);
      const said = JSON.stringify(JSON.parse(whole));
      for (const secret of [...SECRETS, '4111111111111111'])
        t.false(said.includes(secret), `${secret} in ${said}`);
    }),
    { numRuns: 300 },
  );
});

test('ordinary words are let go as they come, and a number with its sentence', async (t) => {
  const text = reading('none');
  t.is(await text.push('Marie Curie was a phys'), 'Marie Curie was a ');
  t.is(await text.push('icist, born in 18'), 'physicist, born in ');
  t.is(await text.push('67. She'), '');
  t.is(await text.push(' was '), '');
  t.is(await text.push('right. And'), '1867. She was right. ');
  t.is(await text.end(), 'And');
});

test('a private key over many lines is one span, and what is held is bounded', async (t) => {
  const line = `${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7'.slice(0, 48)}\n`;
  const key = `-----BEGIN PRIVATE KEY-----\n${line.repeat(30)}-----END PRIVATE KEY-----`;
  const text = `Here it is:\n${key}\nThat was it.`;
  const whole = await reading('none').whole(text);
  t.is(whole, 'Here it is:\n[SECRET]\nThat was it.');
  for (const size of [1, 7, 64, 500]) {
    t.is(await inPieces(text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [], reading('none')), whole);
  }
});

test('a megabyte costs no more for each unit than a little text', async (t) => {
  let read = 0;
  const text = new TextReading('none', {
    windowChars: 200,
    reading: 'structure',
    detect: (texts) => {
      read += texts.reduce((sum, { length }) => sum + length, 0);
      return Promise.resolve(texts.map(() => []));
    },
    matters: () => true,
    judge,
  });
  const said = 'A sentence of 8 words, which says nothing much. '.repeat(20_000);
  t.is(await text.whole(said), said);
  t.true(read < 8 * said.length);
});
