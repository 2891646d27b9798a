import test from 'ava';
import { found } from '../find.ts';

for (const [text, number] of [
  ['Retornar no 11 98765 4321', '11 98765 4321'],
  ['WhatsApp 11912345678', '11912345678'],
  ['celular do pai (31)987654321', '(31)987654321'],
  ["telefone = '11987654321'", '11987654321'],
  ['chamada perdida de 21 312 4567', '21 312 4567'],
  ['avisa o 912.345.678', '912.345.678'],
  ['reach him at 4155550132', '4155550132'],
  [
    'cliente;telefone\num nome que é bem mais comprido do que o costume por aqui e noutros sítios;912345678',
    '912345678',
  ],
] as const) {
  test(`a number given to be called is found: ${text.slice(0, 40)}`, (t) => {
    t.true(found(text).includes(`PHONE_NUMBER:${number}`), found(text).join());
  });
}

for (const text of [
  'protocolo 11987654321',
  'Le numéro de commande 0123456789 reste bloqué.',
  'Numéro de suivi 01 23 45 67 89',
  'Facture numéro 0987654321',
  'Bestellnummer 0301234567',
  'Artikelnummer 030 1234567',
  "Numero d'ordine 0612345678",
  'Ordernummer 0201234567',
  'Pedido número 912345678',
]) {
  test(`the number of a thing is nobody's phone: ${text}`, (t) => {
    t.deepEqual(
      found(text).filter((one) => one.startsWith('PHONE_NUMBER')),
      [],
    );
  });
}
