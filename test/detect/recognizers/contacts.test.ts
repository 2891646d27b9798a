import test from 'ava';
import { defaultRecognizers } from '../../../src/detect/default-recognizers.ts';
import { found } from '../find.ts';

for (const number of [
  '+1 (212) 555-0123',
  '+1-212-555-0123',
  '(202) 555-0143',
  '202-555-0143',
  '202.555.0143',
  '1-800-555-0199',
  '+44 20 7946 0018',
  '+44 (0) 20 7946 0018',
  '+44 7700 900123',
  '020 7946 0018',
  '07700 900123',
  '+33 6 12 34 56 78',
  '06 12 34 56 78',
  '+86 10 6552 9988',
  '010-62345678',
  '+49 30 901820',
]) {
  test(`a phone number is found without a word beside it: ${number}`, (t) => {
    t.deepEqual(found(`It is ${number}, thanks`), [`PHONE_NUMBER:${number}`]);
  });
}

for (const [text, number] of [
  ['quedamos y me avisas, 612 345 678', '612 345 678'],
  ['Ana, 654 32 10 98, quiere una cita', '654 32 10 98'],
  ['(91) 123 45 67', '(91) 123 45 67'],
  ['mi número es 612345678', '612345678'],
  ['centralita 93.412.34.56', '93.412.34.56'],
  ['Rui, 926 111 222, pede resposta', '926 111 222'],
  ['o meu número é o 919 876 543', '919 876 543'],
  ['21 123 45 67', '21 123 45 67'],
  ['Falar com a Rita no 213 456 789.', '213 456 789'],
  ['contactar a Luis en el 91 4567890', '91 4567890'],
  ['351 912 345 678', '351 912 345 678'],
  ['914-567-890', '914-567-890'],
  ['il mio numero è 340 12 34 567', '340 12 34 567'],
  ['Giulia 347/1234567', '347/1234567'],
  ['celular (11) 91234-5678', '(11) 91234-5678'],
  ['(21) 3456-7890', '(21) 3456-7890'],
  ['bel 0612345678', '0612345678'],
] as const) {
  test(`a national number is found as it is printed at home: ${text}`, (t) => {
    t.deepEqual(found(text), [`PHONE_NUMBER:${number}`]);
  });
}

test('bare digits are a phone number only beside a word that says so', (t) => {
  t.deepEqual(found('call me at 2025550143'), ['PHONE_NUMBER:2025550143']);
  t.deepEqual(found('{"phone":"2025550143"}'), ['PHONE_NUMBER:2025550143']);
  t.deepEqual(found('the count was 2025550143'), []);
  t.deepEqual(found('order no. 2025550143, call us'), []);
});

test('an extension belongs to the number', (t) => {
  t.deepEqual(found('+1 212 555 0123 ext. 55'), ['PHONE_NUMBER:+1 212 555 0123 ext. 55']);
  t.deepEqual(found('212-555-0123x365'), ['PHONE_NUMBER:212-555-0123x365']);
});

test('brackets around a number do not hide it, and its own are part of it', (t) => {
  t.deepEqual(found('(202-555-0143)'), ['PHONE_NUMBER:202-555-0143']);
  t.deepEqual(found('((202) 555-0143)'), ['PHONE_NUMBER:(202) 555-0143']);
  t.deepEqual(found('(+44 20 7946 0018)'), ['PHONE_NUMBER:+44 20 7946 0018']);
});

test('two numbers in a row are two spans', (t) => {
  t.deepEqual(found('212-555-0123 212-555-0124'), ['PHONE_NUMBER:212-555-0123', 'PHONE_NUMBER:212-555-0124']);
});

for (const text of [
  'on 2024-01-15 and 15.01.2024',
  'tel: see 01/02/2024 10:30',
  'tel: between 1990-2000',
  'tel: 6.447 (2004) million',
  'tel: https://x.example/9477101-data',
  'version 10.12.14.16 of it',
  'ISBN 978-3-16-148410-0',
  'a range of 100-200 300-400',
  'pi is 3.14159265358979',
  'La población es de 633 445 566 habitantes',
  'un total de 633 445 566',
  'Produjeron 612 345 678 toneladas',
  'factura 612 345 678',
  'ref. 612 34 56 78',
  'pedido 347 1234567',
  'coste de 912 345 678 euros',
  'servidor 93.12.34.56 caído',
  'hay 914 567 890 filas',
  'total: 213 456 789',
  '2024-01-15T10:30:00.000Z',
]) {
  test(`no phone number is seen in: ${text}`, (t) => {
    t.deepEqual(
      found(text).filter((span) => span.startsWith('PHONE_NUMBER')),
      [],
    );
  });
}

test('an unknown phone region is refused when the recognisers are made', (t) => {
  t.throws(() => defaultRecognizers({ phoneRegions: ['XX'] }), { instanceOf: RangeError });
});

test('an email address is found without its punctuation', (t) => {
  t.deepEqual(found("Ask 'jane.doe+x@mail.example.co.uk'."), ['EMAIL_ADDRESS:jane.doe+x@mail.example.co.uk']);
  t.deepEqual(found('请发邮件到zhang@example.com谢谢'), ['EMAIL_ADDRESS:zhang@example.com']);
  t.deepEqual(found('mailto:a@example.org?x=1'), ['EMAIL_ADDRESS:a@example.org']);
  t.deepEqual(found('email=bob@example.com&x'), ['EMAIL_ADDRESS:bob@example.com']);
  t.deepEqual(found('jürgen@müller.example'), ['EMAIL_ADDRESS:jürgen@müller.example']);
});

test('an address spelled out is found', (t) => {
  t.deepEqual(found('john [at] example [dot] com'), ['EMAIL_ADDRESS:john [at] example [dot] com']);
  t.deepEqual(found('john(at)example.com'), ['EMAIL_ADDRESS:john(at)example.com']);
});

test('a handle, a package, a file and a remote are not email addresses', (t) => {
  for (const text of [
    '@jane',
    '@types/node',
    'lodash@4.17.21',
    'logo@2x.png',
    'git@github.com:a/b.git',
    'a@b',
  ]) {
    t.deepEqual(found(text), [], text);
  }
});

test('an IBAN is found in one piece, in groups and in lower case', (t) => {
  t.deepEqual(found('GB82 WEST 1234 5698 7654 32'), ['IBAN_CODE:GB82 WEST 1234 5698 7654 32']);
  t.deepEqual(found('IBAN:DE89370400440532013000;'), ['IBAN_CODE:DE89370400440532013000']);
  t.deepEqual(found('de89 3704 0044 0532 0130 00 bitte'), ['IBAN_CODE:de89 3704 0044 0532 0130 00']);
});

test('an IBAN with a wrong check digit or length is not one', (t) => {
  t.deepEqual(found('DE88370400440532013000'), []);
  t.deepEqual(found('DE8937040044053201300012'), []);
});

test('network addresses of nobody are left alone', (t) => {
  t.deepEqual(found('from 203.0.113.7 to 127.0.0.1, mask 255.255.255.0'), ['IP_ADDRESS:203.0.113.7']);
  t.deepEqual(found('2001:db8::8a2e:370:7334 and ::1'), ['IP_ADDRESS:2001:db8::8a2e:370:7334']);
  t.deepEqual(found('at 12:30:45 std::vector a::b dead::beef 1.2.3 v2.0.1.4 version 4.3.2.1 1.2.3.4.5'), []);
  t.deepEqual(found('999.1.1.1'), []);
});

test('a hardware address is found in its three notations', (t) => {
  t.deepEqual(found('00:1B:44:11:3A:B7 00-1b-44-11-3a-b7 001b.4411.3ab7 ff:ff:ff:ff:ff:ff'), [
    'MAC_ADDRESS:00:1B:44:11:3A:B7',
    'MAC_ADDRESS:00-1b-44-11-3a-b7',
    'MAC_ADDRESS:001b.4411.3ab7',
  ]);
});

test('a URL is personal only with a login, a token or a person in it', (t) => {
  t.deepEqual(found('see https://example.com/a?page=2#top'), []);
  t.deepEqual(found('(https://example.com/?access_token=abc123).'), [
    'URL:https://example.com/?access_token=abc123',
  ]);
  t.deepEqual(found('https://joe:pw12@example.com/'), ['URL:https://joe:pw12@example.com/']);
  t.deepEqual(found('https://example.com/?user_id=4711'), ['URL:https://example.com/?user_id=4711']);
  t.deepEqual(found('https://www.linkedin.com/in/jane-doe'), ['URL:https://www.linkedin.com/in/jane-doe']);
});

test('coordinates are found, vectors are not', (t) => {
  t.deepEqual(found('at 40.7128, -74.0060 now'), ['GPS_COORDINATE:40.7128, -74.0060']);
  t.deepEqual(found('{"lat": 52.5200, "lng": 13.4050}'), ['GPS_COORDINATE:"lat": 52.5200, "lng": 13.4050']);
  t.deepEqual(found('40°26′46″N 79°58′56″W'), ['GPS_COORDINATE:40°26′46″N 79°58′56″W']);
  t.deepEqual(found('[12.1234, 45.5678, 78.9012]'), []);
  t.deepEqual(found('0.1234, 0.5678'), []);
  t.deepEqual(found('location 95.1234, 10.5678'), []);
});

test('wallet addresses are proven by their checksum', (t) => {
  t.deepEqual(found('1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'), ['CRYPTO:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa']);
  t.deepEqual(found('bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq'), [
    'CRYPTO:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq',
  ]);
  t.deepEqual(found('0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe'), [
    'CRYPTO:0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe',
  ]);
  t.deepEqual(found('1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb'), []);
  t.deepEqual(found('bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp'), []);
});

for (const text of ['+86 13800138000', '+86-138-0013-8000', '(+86)13800138000', '0086 13800138000']) {
  test(`a Chinese mobile number is one with its country code too: ${text}`, (t) => {
    t.deepEqual(found(`call ${text} now`), [`CN_MOBILE:${text}`]);
  });
}

for (const text of ['京a12345', '车牌粤bd12a45', '粤b·d12345', '沪A·12345']) {
  test(`a number plate is found: ${text}`, (t) => {
    t.deepEqual(found(text), [`CN_PLATE:${text.replace('车牌', '')}`]);
  });
}

test('a version behind an ideograph is no number plate', (t) => {
  t.deepEqual(found('更新v20a51，最新b1234x'), []);
});

test('a release, a network and a ZIP code are nobody', (t) => {
  for (const text of [
    'first merged to 1.6.2.3.',
    'Git 1.8.1.5 Release Notes',
    'blocks 2001:db8::/32 and 2001:20::/28',
    'Boston, MA 02110-1301 USA',
    'Rowan Avenue Elementary School, 600 pupils',
  ]) {
    t.deepEqual(found(text), [], text);
  }
  t.deepEqual(found('ping 5.6.7.8'), ['IP_ADDRESS:5.6.7.8']);
  t.deepEqual(found('from 51.6.7.8 to 2001:db8::7'), ['IP_ADDRESS:51.6.7.8', 'IP_ADDRESS:2001:db8::7']);
  t.deepEqual(found('fax 02110-1301'), ['PHONE_NUMBER:02110-1301']);
});
