import test from 'ava';
import fc from 'fast-check';
import { createDoubt } from '../../../src/detect/ner/doubt.ts';
import { isOrdinary } from '../../../src/detect/ner/ordinary.ts';
import { isTerm } from '../../../src/detect/ner/terms.ts';
import { isSaidToBeAThing } from '../../../src/detect/ner/things.ts';

/** The reading of what stands between ⟦ and ⟧. */
function reading(marked: string, score: number, entity = 'PERSON'): boolean {
  const start = marked.indexOf('⟦');
  const text = marked.replace(/[⟦⟧]/g, '');
  return createDoubt(text)({ start, end: marked.indexOf('⟧') - 1, entity, score });
}

for (const text of [
  'wartet auf ein ⟦Etui⟧.',
  '⟦Das Quarzwerk⟧ wird angezogen',
  'Jede ⟦Kohorte⟧ dauert',
  'una ⟦negativa⟧ cortés',
  'ogni ⟦Sintesi⟧',
  'elke ⟦Zonnebril⟧',
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
  'Patient: ⟦Ada Winter⟧',
  'Kind: ⟦Carsten⟧',
  'ask ⟦henning⟧ if it works',
  '⟦Lucía Da Silva⟧',
  'Kaffee, Zucker und ⟦Ada⟧',
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
  'in ⟦Französisch⟧',
]) {
  test(`a label, a product or a month is no name: ${text}`, (t) => {
    t.true(reading(text, 0.99, 'LOCATION'));
    t.true(reading(text, 0.99));
  });
}

for (const text of [
  '{"produkt": "⟦Ottilie⟧"}',
  'la legge di ⟦Boyle⟧',
  "⟦Hooke⟧'s law",
  '⟦欧姆⟧定律',
  'Projekt ⟦Phönix⟧',
]) {
  test(`what a field or a law says is no name, unless the model is sure of it: ${text}`, (t) => {
    t.true(reading(text, 0.95, 'LOCATION'));
    t.true(reading(text, 0.95));
    t.false(reading(text, 0.99));
  });
}

for (const text of [
  "⟦Maria Gonzalez⟧'s number is on file",
  "⟦Maria⟧'s test came back",
  'the number of ⟦Maria⟧',
  'el nombre de ⟦Maria⟧',
  'Nombre ⟦Maria⟧',
  'le nombre de ⟦Maria⟧',
  "⟦Adam Smith⟧'s law firm",
  '⟦Maria⟧ test',
]) {
  test(`a person may have a number, a name, a test and a lawyer: ${text}`, (t) => {
    t.false(reading(text, 0.92));
  });
}

for (const text of [
  '⟦Raumplanung⟧, Schlüssel',
  '⟦Schönheitsreparaturen⟧ zahlt',
  'kosten van ⟦bestandsnamen⟧',
  '⟦chiusure mensili⟧',
  '⟦Rutina⟧: lunes',
  '⟦Stellenanzeige⟧',
]) {
  test(`words of the dictionary, and what is put together from them, name nobody: ${text}`, (t) => {
    t.true(reading(text, 0.95));
    t.false(reading(text, 0.99));
  });
}

test('small letters are doubted where a text has its capitals, and nowhere else', (t) => {
  t.true(reading('Call them. It is ⟦kerst⟧ now.', 0.75));
  t.false(reading('call them. it is ⟦kerst⟧ now.', 0.75));
  t.false(reading('Call them. It is ⟦Kerst⟧ now.', 0.75));
});

test('what stands among things is one', (t) => {
  t.true(reading('Salat: Tomaten, ⟦Rucola Selvatica⟧, Gurken, Zwiebeln', 0.95));
  t.false(reading('Gäste: Nadja, ⟦Rucola Selvatica⟧, Heiner, Wiebke', 0.95));
});

test('Chinese characters that begin with no surname must be surer', (t) => {
  t.true(reading('议程：⟦致辞⟧、回顾', 0.7));
  t.false(reading('议程：⟦蒋国栋⟧、回顾', 0.3));
  t.false(reading('我女儿⟦晓燕⟧', 0.5));
  t.false(reading('⟦佐藤健一⟧来电', 0.3));
});

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

test('a sure reading is believed unless its own words or those beside it say that it is a thing', (t) => {
  fc.assert(
    fc.property(fc.string(), fc.nat(20), fc.nat(20), (text, a, b) => {
      const start = Math.min(a, text.length);
      const end = Math.min(text.length, start + b);
      const read = text.slice(start, end).trim();
      fc.pre(/\p{L}/u.test(read) && !isTerm(read) && !isOrdinary(read));
      fc.pre(!isSaidToBeAThing(text, start, end));
      t.false(createDoubt(text)({ start, end, entity: 'PERSON', score: 0.99 }));
    }),
  );
});
