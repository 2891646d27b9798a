import test from 'ava';
import fc from 'fast-check';
import { type Span } from '../../src/domain/span.ts';
import { findStreets } from '../../src/detect/streets.ts';
import { found } from './find.ts';

/** The addresses in a text in which the model has found what stands between ⟦ and ⟧ as a place. */
function streets(marked: string, entity = 'LOCATION'): string[] {
  const start = marked.indexOf('⟦');
  const text = marked.replace(/[⟦⟧]/g, '');
  const place: Span = {
    start,
    end: marked.indexOf('⟧') - 1,
    entity,
    score: 0.9,
    recognizer: 'ner',
    validated: false,
  };
  return findStreets(text, [place]).map((span) => text.slice(span.start, span.end));
}

for (const [text, expected] of [
  ['Zij woont op Boomberg 19, ⟦Hilversum⟧ nu', 'Boomberg 19, Hilversum'],
  ['aan de Vliet 5 in ⟦Rijswijk⟧', 'Vliet 5 in Rijswijk'],
  ['Achter de ⟦Hoven 114b, Leeuwarden⟧', 'Achter de Hoven 114b, Leeuwarden'],
] as const) {
  test(`a place makes names and a house number an address: ${text}`, (t) => {
    t.deepEqual(streets(text), [expected]);
  });
}

for (const text of [
  'Version 3, ⟦Berlin⟧',
  'Zimmer 12, ⟦Köln⟧',
  'we moved 19, ⟦Leeds⟧',
  'in ⟦Hilversum⟧ 19',
]) {
  test(`what has a number for another reason is none: ${text}`, (t) => {
    t.deepEqual(streets(text), []);
  });
}

test('only a place does', (t) => {
  t.deepEqual(streets('Boomberg 19, ⟦Hilversum⟧', 'PERSON'), []);
});

test('a Dutch postcode and town before the street are an address', (t) => {
  t.deepEqual(found('Adres: 1011 BX Amsterdam, Oude Waal 14'), ['ADDRESS:1011 BX Amsterdam, Oude Waal 14']);
});

test('an address ends where its place does, whatever goes before', (t) => {
  const words = fc.array(fc.constantFrom('Boom', 'Vliet', 'aan', 'de', 'op', '3', ','), { maxLength: 8 });
  fc.assert(
    fc.property(words, (lead) => {
      const before = `${lead.join(' ')} Boomberg 19, `;
      const text = `${before}Delft`;
      const place = {
        start: before.length,
        end: text.length,
        entity: 'LOCATION',
        score: 1,
        recognizer: 'ner',
      };
      const found = findStreets(text, [{ ...place, validated: false }]);
      t.is(found.length, 1);
      for (const { start, end } of found) t.true(start <= text.indexOf('Boomberg') && end === text.length);
    }),
  );
});
