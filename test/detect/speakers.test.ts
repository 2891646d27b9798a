import test from 'ava';
import fc from 'fast-check';
import { type Span } from '../../src/domain/span.ts';
import { findSpeakers } from '../../src/detect/speakers.ts';

function person(text: string, name: string): Span {
  const start = text.indexOf(name);
  return { start, end: start + name.length, entity: 'PERSON', score: 0.8, recognizer: 'x', validated: false };
}

function speakers(text: string, known: string): string[] {
  return findSpeakers(text, [person(text, known)]).map(({ start, end }) => text.slice(start, end));
}

test('who answers somebody known is a person too', (t) => {
  t.deepEqual(speakers('ana: hi\ngertrudes: sei lá', 'ana'), ['ana', 'gertrudes']);
  t.deepEqual(speakers('[10:02] Ana Ruiz: hi\n[10:03] Uwe: ja\n[10:04] Ana Ruiz: gut', 'Ana Ruiz'), [
    'Ana Ruiz',
    'Uwe',
    'Ana Ruiz',
  ]);
  t.deepEqual(speakers('10:02 - Ana: hi\n10:03 - Uwe: ja', 'Ana'), ['Ana', 'Uwe']);
  t.deepEqual(speakers('ana: ontem vi a vera\nzeca: e ela, ainda trabalha?\nrui: sei lá, pergunta', 'ana'), [
    'ana',
    'zeca',
    'rui',
  ]);
  t.deepEqual(speakers('陆倩：在吗\n于艺：在', '陆倩'), ['陆倩', '于艺']);
  t.deepEqual(speakers('laëtitia : coucou\nzoé : salut', 'laëtitia'), ['laëtitia', 'zoé']);
});

test('roles, fields and lone labels are nobody', (t) => {
  t.deepEqual(speakers('Ana: hi\nAgent: hello\nAna: bye', 'Ana'), ['Ana', 'Ana']);
  t.deepEqual(speakers('Ana: hi', 'Ana'), []);
  t.deepEqual(speakers('Ana: x\nBetrag: y\nZiel: z', 'Ana'), []);
  t.deepEqual(speakers('error: no\nretry: yes', 'no'), []);
});

test('every speaker lies within the text, whatever it is made of', (t) => {
  const piece = fc.constantFrom(
    'Ana',
    'uwe',
    ': ',
    '：',
    '\n',
    '[10:02] ',
    '10:03 - ',
    'hi',
    ' ',
    '- ',
    'é',
    '陆',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      for (const { start, end } of findSpeakers(text, [person(`${text}Ana`, 'Ana')])) {
        t.regex(text.slice(start, end), /^[\p{L}\p{M}][\p{L}\p{M} '’-]*$/u);
      }
    }),
  );
  t.pass();
});
