/** A finding as an anonymizer gets it. Offsets in whatever unit the text is counted in. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  readonly entity: string;
  readonly score: number;
}

/**
 * Overlaps resolved as Presidio's AnonymizerEngine does (MERGE_SIMILAR_OR_CONTAINED): findings of one entity that
 * overlap become one; of two entities at the same place the surer stays (the later, when equally sure); what lies
 * inside another goes; then neighbours of one entity with nothing but blanks between them become one. Those of
 * different entities may still overlap in part. Sorted by start. `blankBetween(end, start)` tells blanks.
 */
export function resolveConflicts(
  findings: readonly Finding[],
  blankBetween: (from: number, to: number) => boolean,
): readonly Finding[] {
  return joinNeighbours(withoutContained(mergeOverlaps(findings)), blankBetween);
}

function byPlace(a: Finding, b: Finding): number {
  return a.start - b.start || a.end - b.end;
}

function mergeOverlaps(findings: readonly Finding[]): Finding[] {
  const merged: { finding: Finding; order: number }[] = [];
  const open = new Map<string, { finding: Finding; order: number }>();
  for (const [order, finding] of [...findings].sort(byPlace).entries()) {
    const before = open.get(finding.entity);
    if (before === undefined || !overlap(before.finding, finding)) {
      const entry = { finding, order };
      merged.push(entry);
      // An empty finding overlaps nothing, and what it stands in goes on behind it.
      if (before === undefined || finding.end > before.finding.end) open.set(finding.entity, entry);
      continue;
    }
    before.order = order;
    before.finding = {
      ...finding,
      start: before.finding.start,
      end: Math.max(before.finding.end, finding.end),
      score: Math.max(before.finding.score, finding.score),
    };
  }
  // Among findings at one place the order decides: that of the last one that went in.
  return merged.sort((a, b) => a.order - b.order).map(({ finding }) => finding);
}

function overlap(a: Finding, b: Finding): boolean {
  return Math.min(a.end, b.end) - Math.max(a.start, b.start) > 0;
}

/** Widest first among those that begin together, so that whatever contains a finding stands before it. */
function withoutContained(findings: readonly Finding[]): Finding[] {
  const kept: Finding[] = [];
  let widest = -1;
  const sorted = [...findings].sort((a, b) => a.start - b.start || b.end - a.end || a.score - b.score);
  for (const finding of sorted) {
    const last = kept.at(-1);
    if (last?.start === finding.start && last.end === finding.end) kept[kept.length - 1] = finding;
    else if (finding.end > widest) kept.push(finding);
    widest = Math.max(widest, finding.end);
  }
  return kept.sort(byPlace);
}

function joinNeighbours(
  findings: readonly Finding[],
  blankBetween: (from: number, to: number) => boolean,
): Finding[] {
  const joined: Finding[] = [];
  for (const finding of findings) {
    const before = joined.at(-1);
    if (
      before?.entity === finding.entity &&
      before.end < finding.start &&
      blankBetween(before.end, finding.start)
    ) {
      joined[joined.length - 1] = { ...finding, start: before.start };
    } else joined.push(finding);
  }
  return joined;
}
