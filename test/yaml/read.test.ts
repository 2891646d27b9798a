import test from 'ava';
import fc from 'fast-check';
import { readYaml, type YamlReading } from '../../src/yaml/read.ts';

const read = (text: string): YamlReading =>
  readYaml(text, { what: 'file', maxChars: 100_000, maxProblems: 10 });
const valueOf = (text: string): unknown => {
  const reading = read(text);
  return 'value' in reading ? reading.value : reading.problems;
};

test('JSON reads as the YAML that it is, written tightly or not', (t) => {
  const key = fc.stringMatching(/^[a-z0-9_. -]{0,8}$/);
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false, 0, -3, 1.5, 1e21, '', 'a: b', '"', '\u00e9\n', '__proto__'),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4 }), (value) => {
      // A comment at the end is no JSON, so this goes the other way.
      const asYaml = valueOf(`${JSON.stringify(value)}\n# yaml`);
      for (const space of [0, 2, 3]) t.deepEqual(valueOf(JSON.stringify(value, null, space)), asYaml);
    }),
    { numRuns: 200 },
  );
});

test('a key that is written twice is refused in JSON too, wherever it stands', (t) => {
  for (const text of [
    '{"a":1,"a":2}',
    '{"a":{"b":1,"b":1}}',
    '{"a":[{"b":1,"c":2,"b":3}]}',
    '{"a":1,"\\u0061":2}',
    '{\n  "a": 1,\n  "a": 1\n}',
  ]) {
    const reading = read(text);
    t.true('problems' in reading, text);
    if ('problems' in reading) t.regex(reading.problems[0]?.message ?? '', /twice/);
  }
  for (const text of ['{"__proto__":{"a":1}}', '{"a":{"\\u005f_proto__":1}}'])
    t.true('problems' in read(text), text);
});

test('a place in JSON has its line and column', (t) => {
  const reading = read(JSON.stringify({ a: 1, b: [{ c: 'x' }] }, null, 2));
  if (!('place' in reading)) return t.fail();
  t.deepEqual(reading.place(['b', 0, 'c']), { line: 5, column: 12 });
  t.deepEqual(reading.place(['b', 0, 'c'], 'key'), { line: 5, column: 7 });
});

test('what is nested without end is refused, and breaks nothing', (t) => {
  for (const deep of ['{"a":'.repeat(30_000), `${'{"a":['.repeat(9_000)}${']}'.repeat(9_000)}`]) {
    t.true('problems' in read(deep));
  }
});
