import test from 'ava';
import { found } from '../find.ts';

for (const [text, date] of [
  ['DOB: 1984-03-12', '1984-03-12'],
  ['born 12 March 1984 in Leeds', '12 March 1984'],
  ['She was born on March 12, 1984.', 'March 12, 1984'],
  ['{"dateOfBirth":"12/03/1984"}', '12/03/1984'],
  ['date_of_birth=19840312', '19840312'],
  ['1984年3月12日出生', '1984年3月12日'],
  ['出生日期：1984-03-12', '1984-03-12'],
  ['geboren am 12.03.1984', '12.03.1984'],
  ['née le 12 mars 1984', '12 mars 1984'],
  ['nacida el 12 de marzo de 1984', '12 de marzo de 1984'],
  ['nato il 12/03/1984', '12/03/1984'],
  ['geboortedatum: 12-03-1984', '12-03-1984'],
  ['DOB 14-Mar-1978', '14-Mar-1978'],
  ['d/o/b: 14/Mar/78', '14/Mar/78'],
  ['Birth: Mar-14-1978', 'Mar-14-1978'],
  ["she was born March 14, '78 in Leeds", "March 14, '78"],
  ['born in March 1978', 'March 1978'],
  ['Nascimento: 14 de março de 1978', '14 de março de 1978'],
  ['fecha nac.: 14/03/1978', '14/03/1978'],
] as const) {
  test(`a date of birth is found in: ${text}`, (t) => {
    t.deepEqual(found(text), [`DATE_OF_BIRTH:${date}`]);
  });
}

test('a date is a birthday only beside a word for birth, and only when the calendar has it', (t) => {
  t.deepEqual(found('The contract of 1984-03-12 ends.'), []);
  t.deepEqual(found('DOB: 1984-13-32'), []);
  t.deepEqual(found('stubborn 1984-03-12'), []);
});

test('what follows a birthday without a year is no year', (t) => {
  t.deepEqual(found('My birthday is May 14, 20 people are coming'), ['DATE_OF_BIRTH:May 14']);
});

test('two labelled birthdays are both found', (t) => {
  t.deepEqual(found('DOB: 1984-03-12, DOB: 1990-01-02'), [
    'DATE_OF_BIRTH:1984-03-12',
    'DATE_OF_BIRTH:1990-01-02',
  ]);
});

for (const [text, age] of [
  ['she is 34 years old', '34 years old'],
  ['a 34-year-old woman', '34-year-old'],
  ['my son, aged 7, sleeps', '7'],
  ['{"age": 34}', '34'],
  ['患者34岁', '34岁'],
  ['年龄：34', '34'],
  ['er ist 34 Jahre alt', '34 Jahre alt'],
  ['I am 34yo', '34yo'],
  ["j'ai 34 ans", '34 ans'],
  ['Maria is 34 years old', '34 years old'],
] as const) {
  test(`an age is found in: ${text}`, (t) => {
    t.deepEqual(found(text), [`AGE:${age}`]);
  });
}

test('a count, a percentage and an impossible age are not ages', (t) => {
  for (const text of [
    '34 people',
    'age 34%',
    'page 34',
    '22 años de ocupación',
    'average: 34',
    'the tower is 100 years old',
    'aged 400',
    '34.5 years',
  ]) {
    t.deepEqual(found(text), [], text);
  }
});

for (const [text, value] of [
  ['一九八四年三月十二日出生', '一九八四年三月十二日'],
  ['生于一九八四年三月十二日', '一九八四年三月十二日'],
  ['生日是3月12日', '3月12日'],
  ['my birthday is March 3rd, come by', 'March 3rd'],
  ['her birthday is on May 3', 'May 3'],
  ['Mein Geburtstag ist am 3. Mai', '3. Mai'],
] as const) {
  test(`a birthday is one without its year and in numerals: ${text}`, (t) => {
    t.deepEqual(found(text), [`DATE_OF_BIRTH:${value}`]);
  });
}

test('a date of manufacture in numerals is no birthday', (t) => {
  t.deepEqual(found('一九八四年三月十二日生产'), []);
});

for (const marked of [
  'Sehr geehrter Herr Dr. ⟦Pfannkuch⟧,',
  'Frau ⟦Kessler-Braun⟧ ruft an',
  'Herrn ⟦von der Heide⟧ bitte informieren',
  'Bonjour Madame ⟦Guézennec⟧, votre dossier',
  'M. ⟦Le Floch⟧ part',
  'Estimada Sra. ⟦Bohórquez⟧:',
  'doña ⟦Carmen Ruiz⟧ llamó',
  'Gentile Sig.ra ⟦Colleoni⟧,',
  'Egregio Dott. ⟦De Angelis⟧',
  'mevrouw ⟦Van den Broek⟧ belt',
  'dhr. ⟦Wiersma⟧ komt',
  'Prezada Sra. ⟦Figueiredo⟧,',
  'dona ⟦Conceição⟧ ligou',
  'Mr. ⟦Hathaway⟧ left',
  'Dr ⟦A. Menon⟧ is in',
  'Patient: ⟦Kim Doe⟧\nAge',
  '{"first_name": "⟦Solveig⟧"}',
  'Nachname: ⟦Übelacker⟧\n',
  'Ansprechpartner: ⟦Jutta Ohlsen⟧, Tel',
  'Apellidos y nombre: ⟦Ruiz Peña, Carmen⟧',
  'Nom : ⟦Guézennec⟧',
  '麻烦⟦陈⟧女士回电',
  '⟦上官⟧医生建议',
  '，⟦上官⟧医生建议六周后复查',
  'From: ⟦Solveig Kjær⟧ <s@example.com>',
  'To: "⟦Ruiz, Carmen⟧" <c@example.com>',
  'Reviewed-by: ⟦J. R. Okafor⟧ <j@example.com>',
  'Best regards,\n⟦Imogen Thwaite⟧',
  'Viele Grüße\n⟦Ansgar⟧\nBüro',
  'Mit freundlichen Grüßen\n\n⟦Wiebke Pfannenschmidt⟧\nLeitung',
  'Cordialement,\n⟦Maëlle Guézennec⟧',
  'Un saludo,\n⟦Begoña⟧',
  'Cordiali saluti\n⟦Ornella Bo⟧',
  'Met vriendelijke groet,\n⟦Fenna de Wit⟧',
  'Atenciosamente,\n⟦Jandira⟧',
  '姓名：⟦邓竹君⟧　身份证',
  '户名⟦陆子涵⟧。',
  '我叫⟦史茂林⟧，住',
  '免贵姓⟦卢⟧',
  '"收款人": "⟦史茂林⟧"',
  '⟦周晓雯⟧女士您好',
  '联系⟦王⟧总',
  '// 抛异常时联系⟦陆倩⟧，手机',
] as const) {
  test(`a form of address or a label tells a person: ${marked}`, (t) => {
    const name = /⟦(.*)⟧/.exec(marked)?.[1] ?? '';
    t.deepEqual(
      found(marked.replace(/[⟦⟧]/g, '')).filter((one) => one.startsWith('PERSON')),
      [`PERSON:${name}`],
    );
  });
}

for (const text of [
  'Die Frau Mutter ist da',
  'Sehr geehrte Frau Doktor,',
  'Frau Bürgermeisterin, Herr Präsident',
  'Madame, Monsieur, bonjour',
  'Monsieur le Maire',
  'customer: Required',
  'Kunde: Rechnung fehlt',
  '"client": "v2.1"',
  '高级经理和项目经理开会，高中老师',
  '产品经理说文件已发，语文老师请假',
  '联系人：无',
  '请留下联系方式，谢谢',
  '有问题联系房东，或联系管理员。',
  '甲方：华为技术有限公司',
  '姓名：必填',
  '我叫高中生帮忙',
  '时间总是不够',
  '安全主任与和总部',
  '表格里姓名 电话 地址',
  'M. Sc. and D. Phil.',
  'Don Quijote',
  'We hire a Sr. Software Engineer and a Sr. Data Analyst.',
  'Mo. Di. Mi. Do. Fr. Sa. So. geöffnet',
  'Rag. Soc. Beta Spa',
  'Best regards,\nThe Support Team',
  'Mit freundlichen Grüßen\nIhr Team',
  'Regards\nCustomer Service',
  'Support <help@example.com>',
  'Viele Grüße aus dem Urlaub',
  'Dr. Martens and Dr Pepper',
]) {
  test(`nobody is named in: ${text}`, (t) => {
    t.deepEqual(
      found(text).filter((one) => one.startsWith('PERSON')),
      [],
    );
  });
}
