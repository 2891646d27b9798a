import { RE2JS, RE2Set } from 're2js';
import { type CustomPattern } from './definition.ts';

/** What a pattern found: offsets of the match, or of its group `value`. */
export interface Hit {
  readonly start: number;
  readonly end: number;
}

/** Instructions of one set: past it a pattern gets a set of its own, so that a costly one slows no others. */
const MAX_SET_PROGRAM = 2_000;
const MIN_WINDOW = 256;
const VALUE = 'value';

/** A pattern and the recogniser it belongs to. */
export interface Search<Owner> {
  readonly owner: Owner;
  readonly pattern: CustomPattern;
  /** UTF-16 units a match may have. */
  readonly maxLength: number;
}

interface Compiled<Owner> extends Search<Owner> {
  readonly expression: RE2JS;
  readonly hasValue: boolean;
}

interface Group<Owner> {
  readonly set: RE2Set;
  readonly members: readonly Compiled<Owner>[];
}

/**
 * All patterns over a text. One automaton a group of patterns tells in a single pass which of them occur at all, at some
 * ten nanoseconds a character; only those are then searched for, in windows, because RE2 is linear for one match and
 * quadratic for all matches of a pattern that looks far ahead (`a.*z|a`).
 */
export function createSearch<Owner>(
  searches: readonly Search<Owner>[],
): (text: string, report: (search: Search<Owner>, hit: Hit) => void) => void {
  const groups = groupsOf(searches);
  return (text, report) => {
    for (const { set, members } of groups) {
      for (const index of set.match(text)) {
        const found = members[index];
        if (found !== undefined) findAll(text, found, (hit) => { report(found, hit); }); // prettier-ignore
      }
    }
  };
}

function groupsOf<Owner>(searches: readonly Search<Owner>[]): Group<Owner>[] {
  const groups: { set: RE2Set; members: Compiled<Owner>[]; program: number }[] = [];
  for (const search of searches) {
    const expression = RE2JS.compile(search.pattern.regex);
    const program = expression.programSize();
    let group = groups.at(-1);
    if (group === undefined || group.program + program > MAX_SET_PROGRAM) {
      group = { set: new RE2Set(RE2Set.UNANCHORED), members: [], program: 0 };
      groups.push(group);
    }
    group.set.add(search.pattern.regex);
    group.program += program;
    group.members.push({ ...search, expression, hasValue: VALUE in expression.namedGroups() });
  }
  for (const { set } of groups) set.compile();
  return groups;
}

/** The parts a text is searched in: a match that begins before `step` is whole before `to` if it is no longer than allowed. */
export function* windows(
  length: number,
  maxLength: number,
): Generator<{ from: number; step: number; to: number }, void> {
  const stride = Math.max(MIN_WINDOW, maxLength);
  for (let from = 0; from < length; from += stride) {
    const to = Math.min(length, from + stride + maxLength);
    yield { from, step: to === length ? length : from + stride, to };
    if (to === length) return;
  }
}

function findAll<Owner>(
  text: string,
  { expression, hasValue, maxLength }: Compiled<Owner>,
  report: (hit: Hit) => void,
): void {
  let behind = 0;
  for (const { from, step, to } of windows(text.length, maxLength)) {
    if (behind >= step) continue;
    // Searching from an offset keeps what stands before it in view: \b and ^ see the text as it is.
    const matcher = expression.matcher(to === text.length ? text : text.slice(0, to));
    let found = matcher.find(Math.max(from, behind));
    for (; found; found = matcher.find()) {
      const start = matcher.start();
      const end = matcher.end();
      if (start >= step) break;
      behind = Math.max(behind, end);
      if (end - start > maxLength || end === start) continue;
      report(hasValue ? value(matcher.start(VALUE), matcher.end(VALUE), { start, end }) : { start, end });
    }
  }
}

/** A group that took no part in the match leaves all of it. */
function value(start: number, end: number, whole: Hit): Hit {
  return start >= 0 && start < end ? { start, end } : whole;
}
