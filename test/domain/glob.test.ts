import test from 'ava';
import fc from 'fast-check';
import { compileGlob } from '../../src/domain/glob.ts';

test('a star stands for any run of characters, also none', (t) => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['gpt-*', 'gpt-5', true],
    ['gpt-*', 'gpt-', true],
    ['gpt-*', 'xgpt-5', false],
    ['*-mini', 'gpt-5-mini', true],
    ['*-mini', 'gpt-5-mini-2', false],
    ['a*b*c', 'a--b--c', true],
    ['a*b*c', 'ac', false],
    ['ab*ba', 'aba', false],
    ['*', '', true],
    ['**', 'anything\nat all', true],
    ['', 'x', false],
    ['gpt-5', 'GPT-5', false],
    ['a.c', 'abc', false],
  ];
  for (const [pattern, text, expected] of cases)
    t.is(compileGlob(pattern)(text), expected, `${pattern} on ${text}`);
});

test('a glob answers as the regular expression it abbreviates', (t) => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 12 });
  fc.assert(
    fc.property(word, text, (pattern, subject) => {
      const regex = new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 's');
      t.is(compileGlob(pattern)(subject), regex.test(subject));
    }),
    { numRuns: 5000 },
  );
});

test('a pattern that makes backtracking matchers explode is answered', (t) => {
  t.false(compileGlob(`${'*a'.repeat(128)}b`)('a'.repeat(1024)));
  t.true(compileGlob(`${'*a'.repeat(128)}*`)('a'.repeat(1024)));
});
