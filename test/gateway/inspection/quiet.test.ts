import test from 'ava';
import fc from 'fast-check';
import { type Span } from '../../../src/domain/span.ts';
import { type CutOptions } from '../../../src/gateway/inspection/cuts.ts';
import { type Part, TextReading } from '../../../src/gateway/inspection/read-text.ts';
import { PLANTED, structuredDetector } from '../../support/output-reading.ts';

const detector = structuredDetector();
/** What the default policy handles in answers. */
const HANDLED = new Set(['CREDIT_CARD', 'IBAN_CODE', 'US_SSN', 'CN_RESIDENT_ID', 'PASSWORD', 'SECRET']);

function judge(part: Part): { start: number; end: number; text: string }[] {
  return part.spans
    .filter(({ entity }) => HANDLED.has(entity))
    .map(({ start, end, entity }: Span) => ({ start, end, text: `[${entity}]` }));
}

function read(text: string, escape: 'none' | 'json', reading: CutOptions['reading']): Promise<string> {
  return new TextReading(escape, {
    windowChars: 200,
    reading,
    detect: (texts) => detector.detect(texts.map((said) => ({ text: said, kind: 'structured' }))),
    matters: ({ entity }) => HANDLED.has(entity),
    judge,
  }).whole(text);
}

const fullWidth = (text: string): string =>
  text.replace(/[a-z]/g, (unit) => String.fromCharCode(unit.charCodeAt(0) + 0xfee0));

const word = fc.oneof(
  fc.constantFrom(
    'the',
    'card',
    'is',
    'Certainly,',
    'and',
    'which',
    'of',
    'course',
    'fine.',
    'So:',
    '\n',
    '中文。',
    'ok!',
  ),
  fc.constantFrom(
    'password',
    'Password:',
    'passwort ist',
    'contraseña:',
    'clave:',
    'mdp:',
    '密码是',
    'pwd=',
    'PIN',
  ),
  fc.constantFrom('swordfish', '"swordfish"', 'mariposa', 'hunter2', 'Tr0ub4dor&3', 'correct-horse', '4821'),
  fc.constantFrom(
    ...Object.values(PLANTED),
    fullWidth(PLANTED.spelled),
    PLANTED.spelled.replaceAll('o', 'о'),
  ),
);

test('what passes unread holds nothing that a reading of every word finds', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 12 }), async (words) => {
      const text = words.join(' ');
      t.is(await read(text, 'none', 'numbers'), await read(text, 'none', 'structure'), text);
    }),
    { numRuns: 400 },
  );
});

test('the same holds for the strings and names of arguments', async (t) => {
  const said = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
  const name = fc.constantFrom('password', 'note', 'user', 'clave', 'api_token', 'mdp', 'Passwort');
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, said, { minKeys: 1, maxKeys: 4 }), async (object) => {
      const source = JSON.stringify(object);
      t.is(await read(source, 'json', 'numbers'), await read(source, 'json', 'structure'), source);
    }),
    { numRuns: 200 },
  );
});
