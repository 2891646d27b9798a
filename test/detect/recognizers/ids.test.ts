import test from 'ava';
import { detect, found } from '../find.ts';

/** Published examples (standards, agencies, python-stdnum's documentation); `⟦ ⟧` marks the span. */
const FOUND: readonly (readonly [entity: string, text: string])[] = [
  ['CREDIT_CARD', 'card ⟦4111 1111 1111 1111⟧ exp 12/27'],
  ['CREDIT_CARD', 'pay with ⟦4111-1111-1111-1111⟧.'],
  ['CREDIT_CARD', '⟦378282246310005⟧'],
  ['CREDIT_CARD', 'Amex ⟦3782 822463 10005⟧ 1234'],
  ['CREDIT_CARD', 'a,⟦5555555555554444⟧,b'],
  ['CREDIT_CARD', 'it is ⟦4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1⟧ ok'],
  ['CREDIT_CARD', '⟦4111111111111111⟧/12/27/123'],
  ['CREDIT_CARD', '⟦4111_1111_1111_1111⟧'],
  ['CREDIT_CARD', 'visa ⟦4222222222222⟧'],
  ['US_SSN', 'his number is ⟦219-09-9999⟧.'],
  ['US_SSN', '{"socialSecurityNumber":"⟦219099999⟧"}'],
  ['US_SSN', 'social security ⟦2 1 9 0 9 9 9 9 9⟧'],
  ['US_SSN', '⟦219 - 09 - 9999⟧'],
  ['US_SSN', 'SSN-⟦219-09-9999⟧'],
  ['US_ITIN', 'ITIN ⟦912-90-3456⟧'],
  ['US_PASSPORT', 'passport no. ⟦340020013⟧'],
  ['US_DRIVER_LICENSE', "driver's license ⟦D1234567⟧"],
  ['US_BANK_NUMBER', 'routing ⟦021000021⟧'],
  ['US_BANK_NUMBER', 'Account number: ⟦12345678901⟧'],
  ['MEDICAL_LICENSE', 'DEA ⟦AP5836727⟧'],
  ['US_NPI', 'NPI: ⟦1234567893⟧'],
  ['US_MBI', 'member ⟦1EG4-TE5-MK73⟧'],
  ['US_MBI', 'member ⟦1EG4TE5MK73⟧'],
  ['UK_NHS', 'NHS number ⟦9434765919⟧'],
  ['UK_NHS', 'NHS number ⟦943 476 5919⟧'],
  ['UK_NINO', '⟦AB 12 34 56 C⟧'],
  ['UK_NINO', 'ni:⟦AB123456C⟧;'],
  ['EU_VAT', '⟦DE136695976⟧'],
  ['EU_VAT', '⟦FR40303265045⟧'],
  ['EU_VAT', '⟦IT00743110157⟧'],
  ['EU_VAT', '⟦PL8567346215⟧'],
  ['EU_VAT', '⟦BE0428759497⟧'],
  ['EU_VAT', '⟦PT501964843⟧'],
  ['EU_VAT', '⟦LU15027442⟧'],
  ['EU_VAT', '⟦DK13585628⟧'],
  ['EU_VAT', 'VAT no ⟦ATU13585627⟧'],
  ['EU_VAT', 'USt-IdNr. ⟦DE 136695976⟧'],
  ['DE_TAX_ID', 'Steuer-ID ⟦36574261809⟧'],
  ['FR_NIR', '⟦1 84 12 76 451 089 46⟧'],
  ['FR_NIR', '⟦184127645108946⟧'],
  ['FR_NIR', 'NIR : ⟦1841276451089 46⟧'],
  ['FR_NIR', '⟦1841276451089-46⟧'],
  ['ES_NIF', 'DNI ⟦12345678Z⟧'],
  ['ES_NIE', '⟦X1234567L⟧'],
  ['IT_FISCAL_CODE', 'CF ⟦RSSMRA85T10A562S⟧'],
  ['IT_FISCAL_CODE', 'il codice ⟦RSS MRA 85T10 A562S⟧'],
  ['IT_FISCAL_CODE', '⟦RSS MRA 85 T10 A562S⟧'],
  ['IT_FISCAL_CODE', '⟦RSS-MRA-85T10-A562S⟧'],
  ['IT_FISCAL_CODE', 'cf: ⟦rssmra 85t10 a562s⟧'],
  ['ES_NIF', 'DNI núm. ⟦12.345.678 Z⟧'],
  ['ES_NIF', 'dni ⟦12 345 678 Z⟧'],
  ['US_SSN', 'Social: ⟦219099999⟧'],
  ['NL_BSN', 'BSN ⟦111222333⟧'],
  ['PL_PESEL', 'PESEL: ⟦44051401359⟧'],
  ['SE_PERSONNUMMER', '⟦811218-9876⟧'],
  ['SE_PERSONNUMMER', 'personnummer ⟦198112189876⟧'],
  ['CH_AHV', '⟦756.9217.0769.85⟧'],
  ['CH_AHV', '⟦7569217076985⟧'],
  ['IN_AADHAAR', '⟦2341 2341 2346⟧'],
  ['IN_AADHAAR', 'aadhaar ⟦234123412346⟧'],
  ['IN_PAN', 'PAN ⟦ABCPE1234F⟧'],
  ['AU_TFN', 'TFN ⟦123 456 782⟧'],
  ['AU_ABN', '⟦51 824 753 556⟧'],
  ['AU_MEDICARE', '⟦2123 45670 1⟧'],
  ['SG_NRIC', '⟦S1234567D⟧'],
  ['SG_NRIC', '⟦M1234567K⟧'],
  ['JP_MY_NUMBER', 'マイナンバーは⟦123456789018⟧です'],
  ['KR_RRN', '⟦900101-1234568⟧'],
  ['KR_RRN', '주민등록번호 ⟦900101-1234567⟧'],
  ['BR_CPF', '⟦111.444.777-35⟧'],
  ['BR_CPF', 'cpf=⟦11144477735⟧'],
  ['BR_CNPJ', '⟦11.222.333/0001-81⟧'],
  ['AU_ACN', 'ACN ⟦004 085 616⟧'],
  ['CN_RESIDENT_ID', '我的身份证号是⟦11010519491231002X⟧。'],
  ['CN_RESIDENT_ID', '身份证⟦110105 19491231 002X⟧'],
  ['CN_MOBILE', '打⟦13800138000⟧找我'],
  ['CN_MOBILE', '手机：⟦138-0013-8000⟧'],
  ['CN_BANK_CARD', '卡号⟦6200 0000 0000 0005⟧'],
  ['CN_BANK_CARD', '⟦6200000000000005⟧'],
  ['CN_PASSPORT', '护照号码：⟦E12345678⟧'],
  ['CN_USCC', '⟦91350100M000100Y43⟧'],
  ['CN_PLATE', '车牌⟦京A12345⟧已登记'],
  ['CN_PLATE', '⟦粤B·D12345⟧'],
  ['VIN', '⟦1M8GDM9AXKP042788⟧'],
  ['IMEI', 'IMEI ⟦490154203237518⟧'],
];

for (const [entity, marked] of FOUND) {
  test(`${entity} is found in: ${marked}`, (t) => {
    const text = marked.replace(/[⟦⟧]/g, '');
    const value = marked.slice(marked.indexOf('⟦') + 1, marked.indexOf('⟧'));
    t.deepEqual(found(text), [`${entity}:${value}`]);
  });
}

/** Each would be found but for the one thing its title names. */
const REFUSED: readonly (readonly [why: string, text: string])[] = [
  ['the Luhn digit is wrong', 'card 4111 1111 1111 1112'],
  ['no issuer has the range', 'card 9111111111111112'],
  ['the textbook number is nobody', 'SSN 123-45-6789'],
  ['the area is never given out', 'SSN 666-12-3456'],
  ['nine digits without a word are an order number', 'we shipped 219099999 on Friday'],
  ['ten digits are a time in seconds', 'it expired at 1700000000'],
  ['thirteen digits are a time in milliseconds', '{"createdAt":1700000000000}'],
  ['the routing checksum fails', 'routing 021000022'],
  ['the NPI check digit is wrong', 'NPI: 1234567890'],
  ['the NHS check digit is wrong', 'NHS number 9434765918'],
  ['QQ is never allocated', 'QQ 12 34 56 C'],
  ['the German VAT check digit is wrong', 'DE136695977'],
  ['the NIR key is wrong', '184127645108947'],
  ['the NIF letter is wrong', 'DNI 12345678A'],
  ['the control letter is wrong', 'CF RSSMRA85T10A562T'],
  ['the BSN fails the eleven test', 'BSN 111222334'],
  ['the PESEL check digit is wrong', 'PESEL: 44051401358'],
  ['a personnummer has a birthday', '811318-9876'],
  ['the AHV check digit is wrong', '756.9217.0769.84'],
  ['the Verhoeff digit is wrong', '2341 2341 2347'],
  ['the NRIC letter is wrong', 'S1234567A'],
  ['the My Number check digit is wrong', 'マイナンバー 123456789019'],
  ['the CPF check digits are wrong', '111.444.777-36'],
  ['the CNPJ check digits are wrong', '11.222.333/0001-82'],
  ['the ACN check digit is wrong', 'ACN 004 085 617'],
  ['the resident id has no such day', '身份证110105194902310021'],
  ['an order number is labelled as one', '订单号：13800138000'],
  ['a VIN without its check digit is a part number', '1M8GDM9A1KP042788'],
  ['a longer number holds it', '98411111111111111119'],
  ['a decimal holds it', 'ratio 0.4111111111111111'],
  ['a UUID holds it', '550e8400-e29b-41d4-a716-411111111111'],
  ['letters run on', 'X4111111111111111Y'],
  ['it is a sum of money', 'tax id: worth $912903456'],
  ['thousands are grouped like this', 'about 123 456 789 people'],
  ['no plate has a province letter I', '京I12345'],
];

for (const [why, text] of REFUSED) {
  test(`not found, for ${why}: ${text}`, (t) => {
    t.deepEqual(found(text), []);
  });
}

test('the nearest label decides between ids of the same shape', (t) => {
  t.deepEqual(found('passport 340020013, routing 021000021'), [
    'US_PASSPORT:340020013',
    'US_BANK_NUMBER:021000021',
  ]);
});

test('a number without a label is at most one entity', (t) => {
  for (const text of ['13912345678', '4111111111111111', '11010519491231002X', '900101-1234568']) {
    t.is(detect(`id ${text} end`).length, 1, text);
  }
});
