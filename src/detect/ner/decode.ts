import { type Span } from '../../domain/span.ts';
import { type Encoding } from './encoding.ts';
import { type LabelSet } from './labels.ts';
import { type Draft, tidySpans } from './tidy.ts';
import { createDoubt } from './doubt.ts';
import { type OperatingPoints, pointsFor, scoreAgainst } from './operating-points.ts';
import { logSoftmax, viterbi } from './viterbi.ts';

export interface DecoderOptions {
  readonly set: LabelSet;
  readonly transitions: Float32Array | undefined;
  /** Least score by entity; entities not named have none. */
  readonly thresholds: ReadonlyMap<string, number>;
  /** Where a person begins to count; scores are then given against it. */
  readonly personPoints?: OperatingPoints | undefined;
  /** Our name for a label's type; undefined is ignored. */
  readonly entityOf: (type: string) => string | undefined;
  /** True for subword models: a span never ends inside a word. */
  readonly wholeWords: boolean;
  /** `ner:<model>`. */
  readonly recognizer: string;
}

/**
 * Logits to spans. A span's score is the mean over its units of the probability that the unit is of the entity's
 * type, whatever its position in it: the boundary tags compete with each other, and that is no doubt about the type.
 *
 * `logits` is [units × labels], row-major, and is overwritten.
 */
export type Decode = (text: string, encoding: Encoding, logits: Float32Array) => Span[];

interface Run {
  readonly type: string;
  readonly first: number;
  last: number;
}

export function createDecoder(options: DecoderOptions): Decode {
  const { set, transitions, thresholds, personPoints, entityOf, recognizer } = options;
  const count = set.labels.length;
  const tagsOf = new Map<string, number[]>();
  set.labels.forEach((label, i) => tagsOf.set(label.type, [...(tagsOf.get(label.type) ?? []), i]));

  return (text, encoding, logits) => {
    logSoftmax(logits, count);
    const drafts: Draft[] = [];
    const path = viterbi(withBias(logits, set, personPoints?.outside ?? 0), set, transitions);
    for (const run of runsOf(path, set)) {
      const entity = entityOf(run.type);
      if (entity === undefined) continue;
      const tags = tagsOf.get(run.type) ?? [];
      let start = Infinity;
      let end = 0;
      let sum = 0;
      for (let unit = run.first; unit <= run.last; unit++) {
        start = Math.min(start, encoding.starts[unit] ?? Infinity);
        end = Math.max(end, encoding.ends[unit] ?? 0);
        for (const tag of tags) sum += Math.exp(logits[unit * count + tag] ?? -Infinity);
      }
      const units = run.last - run.first + 1;
      drafts.push({ start, end, entity, type: run.type, score: Math.min(1, sum / units), units });
    }
    const spans: Span[] = [];
    const isThing = createDoubt(text);
    const pointOf = personPoints === undefined ? undefined : pointsFor(text, personPoints);
    for (const { start, end, entity, score } of tidySpans(text, drafts, options.wholeWords)) {
      const point = entity === 'PERSON' ? pointOf?.(text.slice(start, end)) : undefined;
      if (score < (point ?? thresholds.get(entity) ?? 0)) continue;
      if (isThing({ start, end, entity, score })) continue;
      const own = point === undefined ? score : scoreAgainst(point, score);
      spans.push({ start, end, entity, score: own, recognizer, validated: false });
    }
    return spans;
  };
}

/** The scores with less said for "no name" in each row; the given ones stay as they are. */
function withBias(scores: Float32Array, set: LabelSet, outside: number): Float32Array {
  if (outside === 0) return scores;
  const biased = Float32Array.from(scores);
  const count = set.labels.length;
  set.labels.forEach(({ position }, label) => {
    if (position !== 'O') return;
    for (let i = label; i < biased.length; i += count) biased[i] = (biased[i] ?? 0) - outside;
  });
  return biased;
}

/** Consecutive units of one entity. */
function runsOf(path: Int32Array, set: LabelSet): Run[] {
  const runs: Run[] = [];
  let open: Run | undefined;
  path.forEach((index, unit) => {
    const label = set.labels[index];
    if (label === undefined || label.position === 'O') {
      open = undefined;
      return;
    }
    const isNew = label.position === 'B' || label.position === 'S' || open?.type !== label.type;
    if (isNew) {
      open = { type: label.type, first: unit, last: unit };
      runs.push(open);
    } else if (open !== undefined) open.last = unit;
    if (label.position === 'S' || label.position === 'E') open = undefined;
  });
  return runs;
}
