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
