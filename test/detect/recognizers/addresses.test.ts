import test from 'ava';
import fc from 'fast-check';
import { ADDRESSES } from '../../../src/detect/recognizers/address.ts';
import { foldText } from '../../../src/detect/view.ts';
import { detect, found } from '../find.ts';

for (const address of [
  '221 Pine Street, Apt 4, Springfield, IL 62704',
  '1600 N Maple Ave #12B, Dayton OH 45402',
  '12 Hollow Rd.',
  'Flat 3, 14b Chapel Lane, Leeds, LS1 4AB',
  'P.O. Box 403, Bakersfield, CA 93301',
  '17 WALNUT ROAD, NORWICH NR2 1AB',
  'Lindenstraße 12, 10115 Berlin',
  'Hohe Straße 7a, 99084 Erfurt',
  'Im Winkel 4, 29221 Celle',
  'Am Alten Markt 5',
  '12 rue de la Paix, 75002 Paris',
  '8 bis, avenue du Général Leclerc, 59000 Lille',
  'Calle Mayor 12, 3º B, 28013 Madrid',
  'Calle de los Olmos, nº 4, 41001 Sevilla',
  'Via Garibaldi 5/B, 20121 Milano (MI)',
  'Kerkstraat 14-2, 1012 AB Amsterdam',
  'Rua das Flores, 10, 3.º Esq., 1100-148 Lisboa',
]) {
  test(`an address is found whole: ${address}`, (t) => {
    t.deepEqual(found(address), [`ADDRESS:${address}`]);
    const sentence = found(`(${address})\n`);
    t.deepEqual(sentence, [`ADDRESS:${address}`]);
  });
}

for (const address of [
  '上海市浦东新区世纪大道100号3号楼502室',
  '临沂市秀峰区秀沿东路792号',
  '安阳市青龙路20弄5号301室',
  '四川省绵阳市红星街18号阳光苑3栋2单元1204',
]) {
  test(`a Chinese address is found without what leads to it: ${address}`, (t) => {
    t.deepEqual(found(`快递今天送到${address}，谢谢`), [`ADDRESS:${address}`]);
  });
}

for (const text of [
  'We walked 2 steps down the street and 3 more along the avenue.',
  'Chapter 12 Road safety is on page 4 of the drive.',
  'I have 5 Google Drive folders and 2 parking places.',
  'It is a 3 way merge at 10 square metres.',
  'Der Parkplatz 12 ist frei, der Arbeitsplatz 3 nicht.',
  'Der Aktienmarkt 2020 brach ein; siehe Dateipfad 3.',
  'Il y a 12 places libres et 3 cours de danse.',
  'La via 9 y la calle estaban cortadas.',
  'Strada facendo ho perso 3 ore in piazza.',
  '地铁2号线和12号文件，第3号店在路口。',
  '道路千万条，安全第1条。',
  'Set the address to 0x10 and jump to line 12, 34567 bytes were read.',
]) {
  test(`no address: ${text}`, (t) => {
    t.deepEqual(
      detect(text).filter(({ entity }) => entity === 'ADDRESS'),
      [],
    );
  });
}

test('a lower-cased address counts when a postcode proves it', (t) => {
  t.deepEqual(found('send it to 221 pine street, springfield, il 62704 please'), [
    'ADDRESS:221 pine street, springfield, il 62704',
  ]);
  t.deepEqual(found('i have 3 busy street'), []);
});

test('spans lie within the text whatever it is made of', (t) => {
  const piece = fc.constantFrom(
    ...['12', ' ', ', ', 'Pine', 'Street', 'rue', 'de la', 'Calle', 'Via', 'straße', 'Am', '10115', 'Berlin'],
    ...['路', '市', '号', '3', '室', 'Apt', '#', 'IL', '62704', '\n', '\ud800', 'P.O. Box', '-', '.'],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      for (const { start, end } of ADDRESSES.find(foldText(text))) {
        t.true(start >= 0 && start < end && end <= text.length);
      }
    }),
  );
  t.pass();
});
