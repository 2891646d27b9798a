import test from 'ava';
import { indexNames } from '../../src/detect/names.ts';
import { type Span } from '../../src/domain/span.ts';

function person(text: string, name: string, score = 0.9): Span[] {
  const start = text.indexOf(name);
  return [{ start, end: start + name.length, entity: 'PERSON', score, recognizer: 'ner', validated: false }];
}

function again(name: string, text: string): string[] {
  const source = `… ${name} …`;
  const spans = indexNames([source], [person(source, name)])?.find(text) ?? [];
  return spans.map((span) => text.slice(span.start, span.end));
}

test('a full name found once is found again verbatim', (t) => {
  t.deepEqual(again('Grace Hill', 'Did Grace Hill call? grace hill, Grace Hills'), ['Grace Hill']);
});

test('its parts are found alone when they are capitalised and no ordinary words', (t) => {
  t.deepEqual(again('Katarzyna Will', "Katarzyna's mail; Will she? katarzyna"), ['Katarzyna']);
  t.deepEqual(again('Li Na Okonkwo', 'Li and Na saw Okonkwo'), ['Okonkwo']);
});

test('a single name is not looked for again', (t) => {
  t.deepEqual(again('Katarzyna', 'Katarzyna'), []);
});

test('a Chinese given name of two characters is found alone, unless it is a word', (t) => {
  t.deepEqual(again('蒋国栋', '国栋说可以，蒋总不在'), ['国栋']);
  t.deepEqual(again('王建国', '建国以来'), []);
});

test('a Chinese name is found verbatim within the text', (t) => {
  t.deepEqual(again('欧阳明', '请转告欧阳明先生，欧阳不在'), ['欧阳明']);
});

test('names with particles, hyphens and initials are matched whole', (t) => {
  t.deepEqual(again("Mary-Jane O'Neil", "for Mary-Jane O'Neil."), [
    "Mary-Jane O'Neil",
    'Mary',
    'Jane',
    'Neil',
  ]);
  t.true(again('J. R. Hartigan', 'by J. R. Hartigan').includes('J. R. Hartigan'));
});

test('a name inside a word is not the name', (t) => {
  t.deepEqual(again('Anna Zelinski', 'Annabel Zelinskis'), []);
});

test('the identity does not depend on the order of the texts', (t) => {
  const texts = ['Anna Zelinski', 'Omar Haddad'];
  const spans = texts.map((text) => person(text, text));
  t.is(indexNames(texts, spans)?.identity, indexNames([...texts].reverse(), [...spans].reverse())?.identity);
});

test('without a person there is nothing to look for', (t) => {
  t.is(indexNames(['x'], [[]]), undefined);
});

test('what the model doubts is not carried on', (t) => {
  const text = 'Katarzyna Wells';
  t.is(indexNames([text], [person(text, text, 0.65)]), undefined);
});

test('words that are not written as a name have no parts that are', (t) => {
  t.deepEqual(again('Ficha de funcionário', 'Ficha nova, Ficha de funcionário'), ['Ficha de funcionário']);
  t.deepEqual(again('Richiamare al', 'Richiamare'), []);
  t.deepEqual(again('Das Bauteil', 'Das neue Bauteil, Das Bauteil'), []);
  t.deepEqual(again('出院小结与医嘱', '出院小结与医嘱'), []);
  t.deepEqual(again('Ludwig van Beethoven', 'Beethoven'), ['Beethoven']);
});
