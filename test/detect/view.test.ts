import test from 'ava';
import fc from 'fast-check';
import { foldText } from '../../src/detect/view.ts';
import { found } from './find.ts';

for (const [what, text] of [
  ['full-width digits', '４１１１ １１１１ １１１１ １１１１'],
  ['zero-width spaces', '4111\u200b1111\u200b1111\u200b1111'],
  ['bidi controls', '4111\u202e1111\u202c1111\u20661111'],
  ['soft hyphens', '4111\u00ad1111\u00ad1111\u00ad1111'],
  ['variation selectors and tags', '4\ufe0f111\u{e0031}111111111111'],
  ['no-break and ideographic spaces', '4111\u00a01111\u30001111\u202f1111'],
  ['en dashes and minus signs', '4111–1111−1111‐1111'],
  ['Arabic-Indic digits', '٤١١١١١١١١١١١١١١١'],
  ['Devanagari digits', '४१११ ११११ ११११ ११११'],
  ['mathematical bold digits', '𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏'],
  ['combining marks', '4\u0301111111111111111'],
] as const) {
  test(`a card number hidden with ${what} is covered whole`, (t) => {
    t.deepEqual(found(`pay ${text} now 你好`), [`CREDIT_CARD:${text}`]);
  });
}

test('look-alike letters do not hide an address or an id', (t) => {
  t.deepEqual(found('jоhn@exаmple.com'), ['EMAIL_ADDRESS:jоhn@exаmple.com']);
  t.deepEqual(found('АВ123456С'), ['UK_NINO:АВ123456С']);
});

test('words wholly in their own script are left as they are', (t) => {
  for (const text of ['Москва и Сочи', 'Αθήνα', '我的名字是张三。', 'Grüße aus Köln']) {
    t.is(foldText(text).text, text);
  }
});

test('an ASCII text is returned as it is', (t) => {
  const text = 'plain \t\n text 123';
  t.is(foldText(text).text, text);
});

test('one character that stands for a sentence is not expanded', (t) => {
  t.is(foldText('\ufdfa'.repeat(1000)).text.length, 1000);
});

test('every folded unit maps to an extent within the original, in order', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const view = foldText(text);
      let previous = 0;
      for (let i = 0; i < view.text.length; i++) {
        const start = view.originalStart(i);
        const end = view.originalEnd(i + 1);
        if (start < previous || end <= start || end > text.length) return false;
        previous = start;
      }
      return view.originalStart(view.text.length) <= text.length;
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

test('lone surrogates survive', (t) => {
  t.is(foldText('a\ud800b\udc00').text, 'a\ud800b\udc00');
});
