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
  'Am Weiher 3, 73033 Göppingen',
  'Am Weiher 3\n73033 Göppingen',
  'An der Alten Mühle 17, 21335 Lüneburg',
  'Karl-Marx-Allee 90, 10243 Berlin',
  'Dr.-Kurt-Schumacher-Straße 22\n90402 Nürnberg',
  'Straße des 17. Juni 135, 10623 Berlin',
  'Bahnhofstraße 12, D-79098 Freiburg im Breisgau',
  'Gartenweg 4, 3. OG links, 70173 Stuttgart',
  'Ringstraße 8/2, A-1010 Wien',
  'Mariahilfer Straße 45/3/12, 1060 Wien',
  'Bahnhofstrasse 21, 8001 Zürich',
  'Postfach 10 20 30, 50667 Köln',
  'Schulgasse 9 - 55116 Mainz',
  'Unter den Linden 77, 10117 Berlin',
  'Hinter der Kirche 2, 99084 Erfurt',
  'Mühlenkamp 34a, 22303 Hamburg',
  'Auf der Höhe 11 in 58095 Hagen',
  'Tannenweg 3, Hinterhaus, 04109 Leipzig',
  'Sonnenblumenweg 18 b, 30159 Hannover',
  'Breite Straße 66, 13187 Berlin-Pankow',
  'Brüderstraße 9\nD-04103 Leipzig',
  'Münsterplatz 1, 89073 Ulm',
  'Schillerstr.14, 10625 Berlin',
  'Im Tal 8, 80331 München',
  '12, rue de la Paix, 75002 Paris',
  '12 bis, rue Pasteur\n69007 Lyon',
  '8 ter avenue Jean Jaurès, 31000 Toulouse',
  '3 impasse des Lilas - 44000 Nantes',
  '45 bd Victor Hugo, 06000 Nice',
  '45 Bd. Victor-Hugo 06000 NICE',
  '5 place du 8 Mai 1945, 38000 Grenoble',
  '17 chemin du Moulin à Vent, 13100 Aix-en-Provence',
  '2 square des Érables, bât. C, 35000 Rennes',
  '14 rue Gambetta, appt 12, 59000 Lille',
  '14 rue Gambetta, 3e étage, 59000 Lille',
  'BP 1234, 67000 Strasbourg',
  '9 quai de la Loire 75019 Paris',
  "22, rue d'Alsace, 68100 Mulhouse",
  "10 cours de l'Intendance, 33000 Bordeaux",
  '6 rue aux Ours, 75003 Paris Cedex 03',
  '1 route de Brest, 29200 Brest',
  '33 avenue du Général-de-Gaulle, 94160 Saint-Mandé',
  '4 ruelle des Chats, 10000 Troyes',
  '18 B rue Nationale, 37000 Tours',
  'Rue Neuve 12, 1000 Bruxelles',
  'rue de Lausanne 15, 1201 Genève',
  'Kerkstraat 14, 1012 AB Amsterdam',
  'Kerkstraat 14\n1012AB Amsterdam',
  'Prinsengracht 263-II, 1016 GV Amsterdam',
  'Van Woustraat 12 hs, 1073 LL Amsterdam',
  'Burgemeester de Vlugtlaan 125, 1063 BJ Amsterdam',
  'Laan van Meerdervoort 45 bis, 2517 AC Den Haag',
  'Nieuwe Binnenweg 100a, 3015 BA Rotterdam',
  'Oude Gracht 88, 3511 AV Utrecht',
  'Postbus 1234, 2300 BC Leiden',
  'De Ruijterkade 5',
  'Graaf Florisstraat 9b, 3021 CA Rotterdam',
  'Veldstraat 12, B-9000 Gent',
  'Aan de Dijk 7, 1601 AA Enkhuizen',
  'Het Rond 4, 3701 HS Zeist',
  'Dorpsstraat 4, 9712 CA Groningen',
  '2e Jan Steenstraat 15-3, 1073 VL Amsterdam',
  'Stationsplein 9-11, 3818 LE Amersfoort',
  'Molenweg 3 te 7311 AC Apeldoorn',
  'Zeedijk 60 - 1012 BA Amsterdam',
  'Eikenlaan 12 A, 1406 PK Bussum',
  'Rua das Flores 10 3.º Esq 1100-148 Lisboa',
  'Rua das Flores, n.º 10, 3.º Dto, 4050-262 Porto',
  'Rua Augusta, nº 45, 2º andar, 1100-053 Lisboa',
  'Av. da Liberdade, 180, 1250-146 Lisboa',
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
  'Die Straße 12 ist gesperrt, der Weg 5 auch.',
  'Treffen im Raum 12, Bad Homburg',
  'Am Montag 12 Uhr, 2019 war besser',
  'Der Ring 5 kostet 1000 Euro',
  'Platz der Gruppe 3 ist frei',
  'In der Klasse 5 lernen 20 Kinder',
  'Kapitel 3, 2020 Ausgabe',
  'Zum Kurs 12 kommen 1000 Leute',
  'Le cours 3 est annulé, la villa 12 aussi',
  'Place aux jeunes 2024',
  'le passage de 3 à 5 personnes',
  'Cours de français niveau 2, 12 élèves',
  'La casa 3 está libre, plaza 45',
  'Camino de Santiago, 30 días',
  'Plaza de garaje 12',
  'Avenida de 4 carriles',
  'Via mail 3 messaggi, via Teams 2',
  'via Zoom, 15 minuti',
  'Via PEC, 3 allegati',
  'Largo 3 metri, alto 2',
  'Quinta 3 e sexta 4',
  'Quinta-feira, 12 de maio',
  'Na Quinta da Boa Vista, 12 pessoas',
  'Calçada Portuguesa, 20 m2',
  'Av. Silva, 45 anos',
  'R. Silva, 45 anos',
  'Het Park 5 is dicht, De Hof 3 ook',
  'Het plein 3 keer rond',
  'Weg van huis 3 dagen',
  'De Berg 3 uur lang',
  'Markt 2020 stijgt, Wal 5',
  'Op de Dag 3, 2020 Editie',
  'Promenade 5 Kilometer',
  'Rond-point 3, sortie 2',
  'Villa 3 pièces',
  'Route 66 and Route 5',
  'Square 3 of the board',
  'Place 2, Course 3',
  'BP 120/80, puls 72',
  'Bloodpressure BP 120 normal',
  'Esplanade Hotel 3 stars',
  'Faubourg 3',
  'Teil 4, 12345 Zeichen',
  'Version 12, 10115 Downloads',
  'Windows 11, 2023 Update',
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
