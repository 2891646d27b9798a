import test from 'ava';
import { found } from '../find.ts';

// Joined at run time: scanners of repositories must not take a fixture for a leak.
const body = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8';
const KEYS = [
  ['AKIA', 'IOSFODNN7EXAMPLE'].join(''),
  ['ghp', body].join('_'),
  ['sk_live', body.slice(0, 24)].join('_'),
  ['sk-proj', body].join('-'),
  ['sk-ant', 'api03', body].join('-'),
  ['AIza', body.slice(0, 35)].join(''),
  ['xoxb', '123456789012', body.slice(0, 24)].join('-'),
  ['glpat', body.slice(0, 20)].join('-'),
  ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'].join(
    '.',
  ),
];

for (const key of KEYS) {
  test(`an issued key is found by its shape: ${key.slice(0, 8)}…`, (t) => {
    t.deepEqual(found(`use "${key}" now`), [`SECRET:${key}`]);
  });
}

const armour = (edge: string, kind: string): string => `-----${edge} ${kind}PRIVATE KEY-----`;

test('a private key is one span from its first to its last line', (t) => {
  const lines = Array.from({ length: 20 }, () => body + body).join('\n');
  for (const kind of ['', 'RSA ', 'OPENSSH ', 'ENCRYPTED ']) {
    const pem = `${armour('BEGIN', kind)}\n${lines}\n${armour('END', kind)}`;
    t.deepEqual(found(`key:\n${pem}\nthanks`), [`SECRET:${pem}`]);
  }
});

test('a private key cut short is covered as far as it goes', (t) => {
  const text = `${armour('BEGIN', '')}\n${body}\n${body}`;
  t.deepEqual(found(text), [`SECRET:${text}`]);
});

test('a connection string with a password is a secret', (t) => {
  const url = 'postgres://app:s3cr3t@db.example.com:5432/main';
  t.deepEqual(found(`DATABASE_URL=${url}`), [`SECRET:${url}`]);
  t.deepEqual(found('postgres://db.example.com:5432/main'), []);
});

test('a value called a secret is one when it looks random', (t) => {
  t.deepEqual(found(`api_key = "${body}"`), [`SECRET:${body}`]);
  t.deepEqual(found(`Authorization: Bearer ${body}`), [`SECRET:${body}`]);
  t.deepEqual(found('api_key = "YOUR_API_KEY_GOES_HERE"'), []);
  t.deepEqual(found('token = document.querySelector.bind'), []);
  t.deepEqual(found('the secret of a good relationship'), []);
});

for (const [text, password] of [
  ['password: hunter2', 'hunter2'],
  ['my password is Tr0ub4dor&3.', 'Tr0ub4dor&3'],
  ['"pwd":"correct horse1"', 'correct horse1'],
  ['"passwd":"xK9#mQ2"', 'xK9#mQ2'],
  ['PGPASSWORD=p4ssw0rd psql', 'p4ssw0rd'],
  ['密码：abc123，谢谢', 'abc123'],
  ['密码是Abcdef9。', 'Abcdef9'],
  ['Passwort: Gehe1m!', 'Gehe1m!'],
  ['PIN: 4821', '4821'],
  ['password: $ecret%1', '$ecret%1'],
  ['password=yourMom123', 'yourMom123'],
] as const) {
  test(`a password in context: ${text}`, (t) => {
    t.deepEqual(found(text), [`PASSWORD:${password}`]);
  });
}

test('talk about passwords and code that handles them hold none', (t) => {
  for (const text of [
    'the password is required',
    'password: string',
    'password = “your_password”',
    'password = get_password()',
    'password: ********',
    'password=${DB_PASSWORD}',
    'your password is incorrect',
    'opinion: strong12',
    'self.password = self.user',
  ]) {
    t.deepEqual(found(text), [], text);
  }
});

for (const [text, value] of [
  ['Password Tr0ub4dor&3', 'Tr0ub4dor&3'],
  ['pwd Xy7!kk92 works', 'Xy7!kk92'],
  ['passwort geheim123!', 'geheim123!'],
  ['密码 abc12345', 'abc12345'],
  ['use password "Summer2024" there', 'Summer2024'],
  ['PIN 4821', '4821'],
] as const) {
  test(`a password needs no punctuation before it: ${text}`, (t) => {
    t.deepEqual(found(text), [`PASSWORD:${value}`]);
  });
}

for (const text of [
  'password md5 hash, password sha256, password Base64 encoded',
  'the password reset link 12345, password policy v2.1',
  'password must be 8-16 characters, password 2nd attempt',
  'PIN codes 12345, pin 1234, opinion 4821',
]) {
  test(`what follows the word is no password: ${text}`, (t) => {
    t.deepEqual(found(text), []);
  });
}

for (const marked of [
  'la contraseña es ⟦Tr0ub4dor!⟧',
  'contraseña temporal: ⟦Verano2024!⟧',
  'la contraseña temporal es ⟦Verano2024!⟧ y caduca',
  'clave: ⟦kf83-Llm2⟧',
  'mi clave de acceso es ⟦kf83Llm2⟧',
  'mot de passe : ⟦Soleil#42⟧',
  'le mot de passe provisoire est ⟦Soleil#42⟧',
  'mdp : ⟦Soleil#42⟧',
  "son mdp c'est ⟦Soleil42x⟧",
  'la password è ⟦Girasole!7⟧',
  'password provvisoria: ⟦Girasole!7⟧',
  'la password del wifi è ⟦Girasole77⟧',
  'het wachtwoord is ⟦Zonnebloem!7⟧',
  'tijdelijk wachtwoord: ⟦Zonnebloem!7⟧',
  'wachtwoord voor de wifi: ⟦Zonnebloem77⟧',
  'a senha é ⟦Girassol!7⟧',
  'senha provisória: ⟦Girassol!7⟧',
  'palavra-passe: ⟦Girassol!7⟧',
  'das Passwort lautet ⟦Sonne!77x⟧',
  'Passwort für das WLAN: ⟦Sonne!77x⟧',
  '密码：⟦abc12345⟧',
  '初始密码为⟦Xk9#mm21⟧',
  '登录密码是 ⟦Xk9#mm21⟧，请修改',
  '密码 ⟦Xk9mm21⟧',
  '口令⟦Xk9mm21⟧',
  'the temporary password is ⟦Xk9mm21⟧',
  'password for the vpn is ⟦Xk9mm21⟧',
  'pw ⟦Xk9mm21⟧',
  'DB_PASSWORD=⟦hunter2hunter⟧',
  'contraseña del wifi: ⟦Girasol_77⟧',
]) {
  test(`a password is found beside its word in any language: ${marked}`, (t) => {
    const value = /⟦(.*)⟧/.exec(marked)?.[1] ?? '';
    t.deepEqual(found(marked.replace(/[⟦⟧]/g, '')), [`PASSWORD:${value}`]);
  });
}

for (const text of [
  'La contraseña debe tener doce caracteres',
  'Le mot de passe doit contenir 12 caractères',
  'La password deve avere 12 caratteri',
  'Het wachtwoord moet 12 tekens hebben',
  'A senha deve ter 12 caracteres',
  'olvidé la contraseña de gmail',
  'la clave del éxito es trabajar',
  'la clave es la paciencia',
  'a palavra-passe é obrigatória',
  'la password è troppo corta',
  'le mot de passe est trop court',
  'das Passwort ist falsch',
  '密码是什么',
  '密码错误，请重试',
]) {
  test(`talk of passwords is none: ${text}`, (t) => {
    t.deepEqual(found(text), []);
  });
}
