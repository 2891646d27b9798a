import test from 'ava';
import fc from 'fast-check';
import { JsonReader, JsonSourceError, type JsonReaderOptions } from '../../src/dialects/json-source.ts';

const REFUSE: JsonReaderOptions = { maxDepth: 64, maxValues: 10_000_000, loneSurrogates: 'refuse' };
const KEEP: JsonReaderOptions = { ...REFUSE, loneSurrogates: 'keep' };

function readWhole(source: string, options = REFUSE): void {
  const reader = new JsonReader(source, options);
  reader.skip();
  reader.end();
}

/** The value as the reader sees it, built only from what the reader says. */
function valueOf(reader: JsonReader): unknown {
  switch (reader.kind()) {
    case 'string':
      return reader.string().value;
    case 'number': {
      const { start, end } = reader.number();
      return Number(reader.source.slice(start, end));
    }
    case 'boolean':
      return reader.boolean();
    case 'null':
      reader.null();
      return null;
    case 'array': {
      const items: unknown[] = [];
      reader.array(() => items.push(valueOf(reader)));
      return items;
    }
    case 'object': {
      const members: [string, unknown][] = [];
      reader.object((key) => members.push([key.value, valueOf(reader)]));
      return Object.fromEntries(members);
    }
  }
}

function reasonOf(read: () => void): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof JsonSourceError) return error.reason;
    throw error;
  }
}

test('every JSON value is read as JSON.parse reads it, however it is laid out', (t) => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), fc.constantFrom(undefined, 2, '\t'), (json, indent) => {
      const value: unknown = JSON.parse(json);
      const reader = new JsonReader(JSON.stringify(value, null, indent), KEEP);
      t.deepEqual(valueOf(reader), value);
      reader.end();
    }),
    { numRuns: 500 },
  );
});

test('a damaged text is refused exactly when JSON.parse refuses it', (t) => {
  const noise = fc.constantFrom(
    ...Array.from('{}[]",:\\u0e+-.tfn 1\n\t\u0001'),
    'null',
    'true',
    '\\"',
    '1e5',
    '00',
    '-',
  );
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), fc.nat(), fc.nat(4), noise, (json, where, cut, extra) => {
      const at = where % (json.length + 1);
      const source = json.slice(0, at) + extra + json.slice(at + cut);
      let valid = true;
      try {
        JSON.parse(source);
      } catch {
        valid = false;
      }
      const reason = reasonOf(() => {
        readWhole(source, KEEP);
      });
      // JSON.parse takes duplicate keys; the reader does not.
      if (reason !== 'duplicate_key') t.is(reason === undefined, valid, source);
    }),
    { numRuns: 3000 },
  );
});

for (const [title, source] of [
  ['nothing', ''],
  ['white space', ' \n'],
  ['a second value', '{} {}'],
  ['a trailing comma', '[1,]'],
  ['a leading zero', '[01]'],
  ['a plus sign', '[+1]'],
  ['a bare fraction', '[.5]'],
  ['NaN', '[NaN]'],
  ['a comment', '[1/**/]'],
  ['single quotes', "{'a':1}"],
  ['a key without quotes', '{a:1}'],
  ['a newline in a string', '["a\nb"]'],
  ['a NUL in a string', '["a\u0000b"]'],
  ['a NUL behind an escape', '["\\n\u0000"]'],
  ['an unknown escape', '["\\x41"]'],
  ['a short unicode escape', '["\\u12"]'],
  ['an open string', '["abc'],
  ['a string that ends in a backslash', '["abc\\"'],
  ['a byte order mark', '\ufeff{}'],
  ['a no-break space', '[1,\u00a01]'],
] as const) {
  test(`${title} is no JSON`, (t) => {
    t.is(
      reasonOf(() => {
        readWhole(source);
      }),
      'syntax',
    );
  });
}

test('nesting is read to the limit and refused beyond it, without exhausting the stack', (t) => {
  t.is(
    reasonOf(() => {
      readWhole('['.repeat(64) + ']'.repeat(64));
    }),
    undefined,
  );
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    for (const depth of [65, 1000, 1_000_000]) {
      t.is(
        reasonOf(() => {
          readWhole(`${open.repeat(depth)}1${close.repeat(depth)}`);
        }),
        'too_deep',
      );
    }
  }
});

test('values are counted over all levels, and too many are refused', (t) => {
  for (const [source, values] of [
    ['[[1,2],[3],{"a":4}]', 7],
    ['{"a":{"b":{}}}', 2],
    ['1', 0],
  ] as const) {
    for (const maxValues of [values, values - 1]) {
      const reason = reasonOf(() => {
        readWhole(source, { ...REFUSE, maxValues });
      });
      t.is(reason, maxValues < values && values > 0 ? 'too_many_values' : undefined);
    }
  }
});

test('a key given twice is refused, also when it is spelled in two ways', (t) => {
  for (const source of ['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '[{"b":{"x":1,"y":2,"x":3}}]']) {
    t.is(
      reasonOf(() => {
        readWhole(source);
      }),
      'duplicate_key',
    );
  }
});

test('__proto__ is a key like any other', (t) => {
  const keys: string[] = [];
  const reader = new JsonReader('{"__proto__":{"polluted":true},"constructor":1}', REFUSE);
  reader.object((key) => {
    keys.push(key.value);
    reader.skip();
  });
  t.deepEqual(keys, ['__proto__', 'constructor']);
  t.false('polluted' in {});
});

test('half a character is refused in requests, raw or escaped, and kept in answers', (t) => {
  for (const source of ['["\ud83d"]', '["\\ud83d"]', '["\\ude00\\ud83d"]', '{"\\ud83d":1}']) {
    t.is(
      reasonOf(() => valueOf(new JsonReader(source, REFUSE))),
      'lone_surrogate',
      JSON.stringify(source),
    );
    t.notThrows(() => valueOf(new JsonReader(source, KEEP)));
  }
  t.deepEqual(valueOf(new JsonReader('["\\ud83d\\ude00"]', REFUSE)), ['😀']);
});

test('ten megabytes of one string, of escapes, of quotes or of short strings are read in one pass', (t) => {
  const size = 10 * 1024 * 1024;
  // A reader that searches from the start again at each escape or string would need 10^13 steps here.
  for (const source of [
    `"${'a'.repeat(size)}"`,
    `"${'\\n'.repeat(size / 2)}"`,
    `"${'\\"'.repeat(size / 2)}"`,
    `["${'a","'.repeat(size / 4)}"]`,
    `["\\n${'","'.repeat(size / 4)}"]`,
    `[${'"",\n'.repeat(size / 4)}1]`,
    `"${'\\u0061'.repeat(size / 6)}"`,
    '9'.repeat(size),
    ' '.repeat(size) + '1',
  ]) {
    t.notThrows(() => {
      readWhole(source);
    });
  }
});
