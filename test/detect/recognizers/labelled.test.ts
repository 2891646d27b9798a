import test from 'ava';
import fc from 'fast-check';
import { found } from '../find.ts';

for (const marked of [
  'Employee ID: ⟦E-20391⟧',
  '{"employeeId":"⟦004711⟧"}',
  'patient_id=⟦PT/88213⟧;',
  'MRN ⟦00482913⟧, admitted',
  'the customer number is ⟦K-55120-9⟧.',
  'policy no. ⟦HX-99-10452⟧ lapsed',
  'Member #: ⟦77120A⟧',
  'Passport number ⟦C01X00T47⟧',
  'Personalnummer ⟦88213⟧',
  'Kunden-Nr.: ⟦4711-0815⟧',
  'Ihre Versichertennummer lautet ⟦A123456780⟧',
  'Klantnummer: ⟦8821334⟧',
  'numéro de client : ⟦88 213⟧'.replace('88 213', '88213X'),
  'n° d’assuré ⟦FR88213⟧'.replace('’', "'"),
  'Matricule ⟦A88213⟧',
  'número de empleado: ⟦88213⟧',
  'n.º de póliza ⟦P-88213⟧'.replace('n.º', 'nº'),
  'numero di polizza ⟦IT/88213⟧',
  'matricola ⟦88213⟧',
  'número de utente: ⟦882134456⟧',
  '工号：⟦A08821⟧',
  '病历号⟦20881234⟧，',
  '客户编号是⟦KH-88213⟧',
]) {
  test(`a number somebody was given is found by its label: ${marked}`, (t) => {
    const value = marked.slice(marked.indexOf('⟦') + 1, marked.indexOf('⟧'));
    t.deepEqual(found(marked.replace(/[⟦⟧]/g, '')), [`ID_NUMBER:${value}`]);
  });
}

for (const text of [
  'order number 88213, invoice no. 88213-A, ticket ID 88213',
  'the number of employees is 88213',
  'customer id int primary key, patient_id INTEGER',
  'each customer number has 8 digits',
  'Version number 10.4.2231',
  'The policy numbers were up in 2023',
  'account numbers of 12 digits',
  '编号：88213，型号A08821',
]) {
  test(`without its holder a number is nobody's: ${text}`, (t) => {
    t.deepEqual(found(text), []);
  });
}

for (const [text, value] of [
  ['username: jdoe84', 'jdoe84'],
  ['{"login": "m.keller", "active": true}', 'm.keller'],
  ['Benutzername ist mkeller', 'mkeller'],
  ['gebruikersnaam: p.devries', 'p.devries'],
  ['用户名：wang_li88', 'wang_li88'],
  ['微信号是wang_li88', 'wang_li88'],
  ['follow me on Instagram: @katya.w', '@katya.w'],
  ['GET /x?user=jdoe84&a=1', 'jdoe84'],
] as const) {
  test(`a user name is found by its label: ${text}`, (t) => {
    t.deepEqual(found(text), [`USERNAME:${value}`]);
  });
}

for (const text of [
  'User: hello there\nAssistant: hi',
  'username: admin, login: root, user=postgres',
  'username = request.form["username"]',
  'username: str, user_id: int = 3',
  'from @types/node import @Override and @media',
  'login: required',
  'the username is your_username',
]) {
  test(`roles, types and code are nobody: ${text}`, (t) => {
    t.deepEqual(found(text), []);
  });
}

test('whatever is between the label and a number decides, never what is far away', (t) => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z ]{3,60}$/), (filler) => {
      const labelled = found(`Employee ID: 20391 ${filler}`);
      t.deepEqual(labelled, ['ID_NUMBER:20391']);
      t.false(found(`Employee ID of them all ${filler}; so 20391`).includes('ID_NUMBER:20391'));
    }),
  );
});
