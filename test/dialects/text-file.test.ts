import test from 'ava';
import fc from 'fast-check';
import { readTextFile } from '../../src/dialects/text-file.ts';

const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString('base64');
const url = (type: string, content: string | Uint8Array): string => `data:${type};base64,${base64(content)}`;
const utf16 = (text: string, big: boolean): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return big ? bytes.swap16() : bytes;
};

for (const [title, file] of [
  ['plain text', url('text/plain', 'Ada')],
  ['upper-case types', url('TEXT/Plain', 'Ada')],
  ['a charset', url('text/plain;charset=utf-8', 'Ada')],
  ['a charset in quotes', url('text/plain;charset="UTF-8"', 'Ada')],
  ['other parameters', url('text/markdown;variant=GFM', 'Ada')],
  ['CSV', url('text/csv', 'Ada')],
  ['HTML', url('text/html', 'Ada')],
  ['JSON', url('application/json', 'Ada')],
  ['a kind of JSON', url('application/ld+json', 'Ada')],
  ['XML', url('application/xml', 'Ada')],
  ['YAML', url('application/yaml', 'Ada')],
  ['an SVG', url('text/svg+xml', 'Ada')],
  ['a byte order mark', url('text/plain', '\ufeffAda')],
  ['UTF-16, little end first', url('text/plain', utf16('Ada', false))],
  ['UTF-16, big end first', url('text/plain;charset=utf-16', utf16('Ada', true))],
  ['bare base64', base64('Ada')],
  ['base64 without its padding', url('text/plain', 'Ada ').replace(/=+$/, '')],
] as const) {
  test(`${title} is read, and written back in the same form`, (t) => {
    const read = readTextFile(file);
    t.is(read?.text.trim(), 'Ada');
    const again = readTextFile(read?.encode('Grüße 王') ?? '');
    t.is(again?.text, 'Grüße 王');
    const head = file.slice(0, file.indexOf(',') + 1);
    t.true(read?.encode('x').startsWith(head));
  });
}

for (const [title, file] of [
  ['a PDF', url('application/pdf', '%PDF-1.7')],
  ['a PDF that calls itself text', url('text/plain', '%PDF-1.7\n1 0 obj')],
  ['a PDF behind a line of text', url('text/plain', 'Hello\n%PDF-1.7')],
  ['bare base64 of a PDF', base64('%PDF-1.7')],
  ['RTF that calls itself text', url('text/plain', "{\\rtf1 \\'41da}")],
  ['RTF', url('text/rtf', 'Ada')],
  ['PostScript', url('text/plain', '%!PS-Adobe')],
  ['an image', url('image/png', '\x89PNG')],
  ['text that calls itself an image', url('image/png', 'Ada')],
  ['text with a NUL', url('text/plain', 'Ada\0')],
  ['text with an escape sequence', url('text/plain', '\x1b[31mAda')],
  ['bytes that are no UTF-8', url('text/plain', Buffer.from([0x41, 0xff, 0x42]))],
  ['overlong UTF-8', url('text/plain', Buffer.from([0xc0, 0x80]))],
  ['half a character', url('text/plain', Buffer.from([0xe4, 0xbd]))],
  ['UTF-16 that breaks off', url('text/plain', Buffer.from([0xff, 0xfe, 0x41]))],
  ['half a pair', url('text/plain', Buffer.from([0xff, 0xfe, 0x00, 0xd8]))],
  ['UTF-16 without a mark', url('text/plain;charset=utf-16', Buffer.from('Ada', 'utf16le'))],
  ['UTF-16 that calls itself UTF-8', url('text/plain;charset=utf-8', utf16('Ada', false))],
  ['an encoding that hides letters', url('text/plain;charset=utf-7', 'Ada')],
  ['another encoding', url('text/plain;charset=iso-8859-1', 'Ada')],
  ['letters beyond ASCII that call themselves ASCII', url('text/plain;charset=us-ascii', 'Grüße')],
  ['a file in a file', url('text/html', `<img src="${url('image/png', 'x')}">`)],
  ['base64 with other signs', 'data:text/plain;base64,QWRh!'],
  ['base64 with blanks', 'data:text/plain;base64,QW Rh'],
  ['base64 with bits left over', 'data:text/plain;base64,QWR='],
  ['base64 with padding inside', 'data:text/plain;base64,QQ==QWRh'],
  ['a data URL without base64', 'data:text/plain,Ada'],
  ['two types', 'data:text/plain;base64,data:text/plain;base64,QWRh'],
  ['a type with a line break', 'data:text/plain\n;base64,QWRh'],
  ['an address', 'https://example.com/ada.txt'],
] as const) {
  test(`${title} is not read`, (t) => {
    t.is(readTextFile(file), undefined);
  });
}

test('whatever is read is what the bytes say, and unread bytes are never called text', (t) => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        const read = readTextFile(url('text/plain', bytes));
        if (read === undefined) return;
        t.is(read.encode(read.text), url('text/plain', bytes));
      },
    ),
    { numRuns: 500 },
  );
});

test('ten megabytes are read once, text or not', (t) => {
  const text = 'Ada Lovelace, '.repeat(700_000);
  t.is(readTextFile(url('text/plain', text))?.text.length, text.length);
  t.is(readTextFile(`data:${';a=b'.repeat(2_000_000)}`), undefined);
  t.is(readTextFile(url('text/plain', 'data:'.repeat(2_000_000)))?.text.length, 10_000_000);
  t.is(readTextFile(url('text/plain', `${' '.repeat(5_000_000)}x`))?.text.length, 5_000_001);
});
