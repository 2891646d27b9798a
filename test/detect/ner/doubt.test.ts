import test from 'ava';
import fc from 'fast-check';
import { isTerm } from '../../../src/detect/ner/terms.ts';
import { isThing } from '../../../src/detect/ner/doubt.ts';

/** The reading of what stands between ⟦ and ⟧. */
function reading(marked: string, score: number, entity = 'PERSON'): boolean {
  const start = marked.indexOf('⟦');
  const text = marked.replace(/[⟦⟧]/g, '');
  return isThing(text, { start, end: marked.indexOf('⟧') - 1, entity, score });
}

for (const text of [
  'wartet auf ein ⟦Etikett⟧.',
  '⟦Das Bauteil⟧ wird angezogen',
  'Jede ⟦Sitzung⟧ dauert',
  'una ⟦negativa⟧ cortés',
  'ogni ⟦Sintesi⟧',
  'elke ⟦Vacature⟧',
  'nenhuma ⟦Horta⟧',
]) {
  test(`an article shows a thing, not a person: ${text}`, (t) => {
    t.true(reading(text, 0.7));
    t.false(reading(text, 0.95));
    t.false(reading(text, 0.7, 'LOCATION'));
  });
}

for (const text of [
  'dile a ⟦María⟧',
  'an ⟦Klaus⟧',
  'der ⟦Klaus⟧ kommt',
  'ask ⟦Ada⟧',
  '⟦Una Stubbs⟧',
  'Bruna ⟦Reis⟧',
]) {
  test(`a person stays one: ${text}`, (t) => {
    t.false(reading(text, 0.6));
  });
}

for (const text of [
  '⟦IBAN⟧,CITY',
  '⟦NOTA⟧: reinicio',
  'en ⟦mayo⟧ o junio',
  '⟦Docker⟧ startet nicht',
  'am ⟦Dienstag⟧',
]) {
  test(`a label, a product or a month is no name: ${text}`, (t) => {
    t.true(reading(text, 0.99, 'LOCATION'));
    t.true(reading(text, 0.99));
  });
}

for (const text of [
  '⟦April⟧ called',
  '⟦Jenkins⟧ called',
  '⟦August⟧ wohnt hier',
  '⟦Julia⟧',
  '⟦docker⟧',
  '⟦Iban Mayo⟧',
]) {
  test(`people are called so: ${text}`, (t) => {
    t.false(reading(text, 0.6));
  });
}

test('a sure reading is believed whatever stands around it', (t) => {
  fc.assert(
    fc.property(fc.string(), fc.nat(20), fc.nat(20), (text, a, b) => {
      const start = Math.min(a, text.length);
      const read = text.slice(start, Math.min(text.length, start + b)).trim();
      fc.pre(/\p{L}/u.test(read) && !isTerm(read));
      t.false(isThing(text, { start, end: Math.min(text.length, start + b), entity: 'PERSON', score: 0.9 }));
    }),
  );
});
