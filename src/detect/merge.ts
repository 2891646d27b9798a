import { type Span } from '../domain/span.ts';
import { DENY_LIST } from './deny-list.ts';

/** Named before anything else when all other things are equal; what is not listed comes after. */
const PRIORITY: readonly string[] = [
  'SECRET',
  'PASSWORD',
  'CREDIT_CARD',
  'CN_RESIDENT_ID',
  'US_SSN',
  'IBAN_CODE',
  'EMAIL_ADDRESS',
  'PHONE_NUMBER',
  'DATE_OF_BIRTH',
  'PERSON',
];

/**
 * Sorted, disjoint spans that cover exactly what the input covers. Where spans overlap, what the operator denies wins,
 * then the validated one, then what is no mere LOCATION (a policy that lets places pass must not let the model's reading of a street address as a
 * place pass with them), then the longer, then the higher score, then the entity's priority. The winner keeps its whole extent; of the loser
 * whatever the winner leaves uncovered stays as its own span, so a weak address around a proven phone number still
 * protects the street on both sides. Trimming was chosen over widening the winner because a widened span would carry
 * a proof it does not have. O(n log n).
 */
export function merge(spans: readonly Span[]): Span[] {
  if (spans.length === 0) return [];
  if (spans.length === 1) return [...spans];
  const ranked = [...spans].sort(compare);
  const points = Int32Array.from(new Set(spans.flatMap((span) => [span.start, span.end]))).sort();
  const index = new Map<number, number>();
  points.forEach((point, i) => index.set(point, i));
  const owners = paint(ranked, index, points.length);
  const merged: Span[] = [];
  for (let i = 0; i < points.length - 1; i++) {
    const owner = owners[i] ?? -1;
    const span = ranked[owner];
    if (span === undefined) continue;
    const start = points[i] ?? 0;
    while (i + 1 < points.length - 1 && owners[i + 1] === owner) i++;
    merged.push({ ...span, start, end: points[i + 1] ?? start });
  }
  return merged;
}

/** Gives each segment between two points to the first ranked span over it; `next` skips what is already given. */
function paint(ranked: readonly Span[], index: ReadonlyMap<number, number>, points: number): Int32Array {
  const owners = new Int32Array(points).fill(-1);
  const next = Int32Array.from({ length: points + 1 }, (_, i) => i);
  const free = (from: number): number => {
    let root = from;
    while ((next[root] ?? root) !== root) root = next[root] ?? root;
    for (let i = from; i !== root;) {
      const after = next[i] ?? root;
      next[i] = root;
      i = after;
    }
    return root;
  };
  ranked.forEach((span, rank) => {
    const end = index.get(span.end) ?? 0;
    for (let i = free(index.get(span.start) ?? 0); i < end; i = free(i)) {
      owners[i] = rank;
      next[i] = i + 1;
    }
  });
  return owners;
}

function compare(a: Span, b: Span): number {
  return (
    Number(b.recognizer === DENY_LIST) - Number(a.recognizer === DENY_LIST) ||
    Number(b.validated) - Number(a.validated) ||
    Number(a.entity === 'LOCATION') - Number(b.entity === 'LOCATION') ||
    b.end - b.start - (a.end - a.start) ||
    b.score - a.score ||
    priority(a.entity) - priority(b.entity) ||
    a.start - b.start ||
    (a.entity < b.entity ? -1 : a.entity > b.entity ? 1 : 0)
  );
}

function priority(entity: string): number {
  const index = PRIORITY.indexOf(entity);
  return index < 0 ? PRIORITY.length : index;
}
