import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { LIMITS } from './definition.ts';

/** Why a regular expression cannot be used, or its size in RE2 instructions. */
export type RegexCheck = { readonly problem: string } | { readonly program: number };

/** What RE2 leaves out on purpose, and what to write instead. Tested in order at the place that RE2 names. */
const UNSUPPORTED: readonly (readonly [syntax: RegExp, advice: string])[] = [
  [
    /^\(\?<?[=!]/,
    'lookaround is not part of RE2; write the surrounding text in the pattern and what is to be found as (?P<value>…), or put the words into context',
  ],
  [/^\\[1-9k]/, 'backreferences are not part of RE2; write the alternatives out, or check with a validator'],
  [/^\(\?>/, 'atomic groups are not part of RE2, and need not be: it never backtracks; write (?:…)'],
  [/^[*+?}]\+$/, 'possessive repeats are not part of RE2, and need not be: it never backtracks; drop the +'],
  [/^\\Z/, 'write \\z for the end of the text'],
  [/^\(\?\(/, 'conditionals are not part of RE2; write two patterns'],
  [/^\{/, 'a repeat counts up to 1000, also where repeats are nested; write a smaller one'],
];
const TOO_LARGE = 'repeat less, or split it into two patterns';

/**
 * Whether re2js takes `regex` under `flags` (any of `i`, `m`, `s`), and fits the limits. A pattern that RE2 takes is
 * matched in linear time, whatever the text.
 */
export function checkRegex(regex: string, flags: string): RegexCheck {
  if (regex.length > LIMITS.regexChars)
    return { problem: `a regex has at most ${LIMITS.regexChars} characters` };
  try {
    const compiled = RE2JS.compile(withFlags(regex, flags));
    if (compiled.test('')) {
      return { problem: 'this regex matches the empty text; write a part that must be there' };
    }
    const program = compiled.programSize();
    if (program > LIMITS.program) {
      return {
        problem: `this regex unrolls to ${program} steps and may have ${LIMITS.program}; repeat less, or split it`,
      };
    }
    return { program };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { problem: explain(error, regex) };
  }
}

/** Flags inline, so that patterns of different flags can be searched for together. */
export function withFlags(regex: string, flags: string): string {
  return flags === '' ? regex : `(?${flags})${regex}`;
}

function explain(error: RE2JSException, regex: string): string {
  if (!(error instanceof RE2JSSyntaxException)) return 'this regex is not usable';
  const part = error.getPattern() ?? '';
  const index = part === '' ? -1 : regex.indexOf(part);
  const place = index < 0 ? '' : ` at character ${index + 1}`;
  const advice =
    UNSUPPORTED.find(([syntax]) => syntax.test(part))?.[1] ?? (part === '' ? TOO_LARGE : undefined);
  return `${error.getDescription()}${place}${advice === undefined ? '' : `: ${advice}`}`;
}
