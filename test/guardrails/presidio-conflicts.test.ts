import test from 'ava';
import fc from 'fast-check';
import { type Finding, resolveConflicts } from '../../src/guardrails/presidio-conflicts.ts';

type Loose = { -readonly [K in keyof Finding]: Finding[K] };

/** Presidio's AnonymizerEngine, step by step and quadratic, to compare with. */
function asPresidio(findings: readonly Finding[]): Finding[] {
  const results: Loose[] = findings.map((finding) => ({ ...finding }));
  results.sort((a, b) => a.start - b.start || a.end - b.end);
  const others = [...results];
  const merged: Loose[] = [];
  for (const result of results) {
    others.splice(others.indexOf(result), 1);
    const mate = others.find(
      (other) =>
        other.entity === result.entity &&
        Math.min(result.end, other.end) - Math.max(result.start, other.start) > 0,
    );
    if (mate === undefined) {
      others.push(result);
      merged.push(result);
      continue;
    }
    mate.start = Math.min(result.start, mate.start);
    mate.end = Math.max(result.end, mate.end);
    mate.score = Math.max(result.score, mate.score);
  }
  const left = [...merged];
  const unique: Loose[] = [];
  for (const result of merged) {
    left.splice(left.indexOf(result), 1);
    const conflicted = left.some((other) =>
      other.start === result.start && other.end === result.end
        ? result.score <= other.score
        : other.start <= result.start && other.end >= result.end,
    );
    if (conflicted) continue;
    left.push(result);
    unique.push(result);
  }
  return unique.sort((a, b) => a.start - b.start || a.end - b.end);
}

const FINDING = fc
  .record({
    start: fc.nat(20),
    length: fc.nat(8),
    entity: fc.constantFrom('PERSON', 'LOCATION', 'URL'),
    score: fc.constantFrom(0.5, 0.85, 1),
  })
  .map(({ start, length, entity, score }): Finding => ({ start, end: start + length, entity, score }));

test('overlaps are resolved as Presidio resolves them', (t) => {
  fc.assert(
    fc.property(fc.array(FINDING, { maxLength: 8 }), (findings) => {
      t.deepEqual(
        resolveConflicts(findings, () => false),
        asPresidio(findings),
      );
    }),
    { numRuns: 5_000 },
  );
});

const at = (start: number, end: number, entity: string, score = 0.8): Finding => ({
  start,
  end,
  entity,
  score,
});

test('of one entity: overlapping ones become one; of two: the wider, or the surer, stays', (t) => {
  const never = (): boolean => false;
  t.deepEqual(resolveConflicts([at(0, 5, 'A'), at(3, 9, 'A', 0.9)], never), [at(0, 9, 'A', 0.9)]);
  t.deepEqual(resolveConflicts([at(0, 9, 'A'), at(3, 5, 'B', 1)], never), [at(0, 9, 'A')]);
  t.deepEqual(resolveConflicts([at(0, 9, 'A', 0.9), at(0, 9, 'B')], never), [at(0, 9, 'A', 0.9)]);
  t.deepEqual(resolveConflicts([at(0, 5, 'A'), at(3, 9, 'B')], never), [at(0, 5, 'A'), at(3, 9, 'B')]);
});

test('neighbours of one entity with blanks between them become one', (t) => {
  const text = 'Maria  Gonzalez, Maria';
  const blank = (from: number, to: number): boolean => /^ +$/.test(text.slice(from, to));
  t.deepEqual(resolveConflicts([at(0, 5, 'A'), at(7, 15, 'A', 0.6), at(17, 22, 'A')], blank), [
    at(0, 15, 'A', 0.6),
    at(17, 22, 'A'),
  ]);
});

test('twenty thousand findings that all overlap are no work', (t) => {
  const many = Array.from({ length: 20_000 }, (_, i) => at(i, i + 500, i % 2 === 0 ? 'A' : 'B'));
  t.is(resolveConflicts(many, () => false).length, 2);
});
