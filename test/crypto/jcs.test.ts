import test from 'ava';
import fc from 'fast-check';
import { canonicalize } from '../../src/crypto/jcs.ts';
import { type Json } from '../../src/domain/json.ts';

test('the example of RFC 8785 §3.2.2 comes out as §3.2.3 prints it', (t) => {
  const input = {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '€$\u000f\nA\'B"\\\\"/',
    literals: [null, true, false],
  };
  t.is(
    canonicalize(input),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('members are sorted by UTF-16 code units, as RFC 8785 §3.2.3 sorts them', (t) => {
  const input = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  };
  const values = [...canonicalize(input).matchAll(/:"([^"]*)"/g)].map((match) => match[1]);
  t.deepEqual(values, [
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ]);
});

test('numbers are printed as RFC 8785 appendix B prints them', (t) => {
  const samples: readonly (readonly [string, string])[] = [
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ];
  for (const [bits, text] of samples) t.is(canonicalize(Buffer.from(bits, 'hex').readDoubleBE()), text);
});

test('what has no canonical form is refused', (t) => {
  let deep: Json = 1;
  for (let depth = 0; depth < 200; depth++) deep = [deep];
  for (const value of [NaN, Infinity, '\ud800', { '\udc00': 1 }, deep]) {
    t.throws(() => canonicalize(value), { instanceOf: RangeError });
  }
  const untyped: unknown[] = [undefined, () => 1, { a: undefined }, [1n]];
  for (const value of untyped) t.throws(() => canonicalize(value as Json), { instanceOf: TypeError });
  t.is(canonicalize('\\ud800 is only text'), '"\\\\ud800 is only text"');
});

test('a key named __proto__ is a key like any other', (t) => {
  t.is(canonicalize(JSON.parse('{"b":1,"__proto__":{"x":2}}') as Json), '{"__proto__":{"x":2},"b":1}');
});

test('the canonical form parses to the same value, and is its own canonical form', (t) => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
      const text = canonicalize(value as Json);
      t.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      t.is(canonicalize(JSON.parse(text) as Json), text);
    }),
  );
});
