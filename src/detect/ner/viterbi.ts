import { type LabelSet } from './labels.ts';

/** log-softmax over each row, in place. @param logits [units × labels], row-major */
export function logSoftmax(logits: Float32Array, labels: number): void {
  for (let row = 0; row < logits.length; row += labels) {
    let max = -Infinity;
    for (let i = row; i < row + labels; i++) max = Math.max(max, logits[i] ?? 0);
    let sum = 0;
    for (let i = row; i < row + labels; i++) sum += Math.exp((logits[i] ?? 0) - max);
    const norm = max + Math.log(sum);
    for (let i = row; i < row + labels; i++) logits[i] = (logits[i] ?? 0) - norm;
  }
}

/**
 * The best label for each unit among the sequences the label set allows: no I- without its B-, no entity left open.
 *
 * @param scores [units × labels], row-major, log-probabilities
 * @param transitions [labels × labels], from × to, added to each step; undefined when none were learned
 */
export function viterbi(
  scores: Float32Array,
  set: LabelSet,
  transitions: Float32Array | undefined,
): Int32Array {
  const count = set.labels.length;
  const units = scores.length / count;
  const path = new Int32Array(units);
  if (units === 0) return path;
  const back = new Int16Array(units * count);
  let before = new Float64Array(count);
  let now = new Float64Array(count);
  for (let to = 0; to < count; to++) {
    before[to] = set.continues[to] === undefined ? (scores[to] ?? 0) : -Infinity;
  }
  for (let unit = 1; unit < units; unit++) {
    const row = unit * count;
    const free = transitions === undefined ? best(before, set.closing, undefined, 0, count) : -1;
    for (let to = 0; to < count; to++) {
      const allowed = set.continues[to];
      const from =
        allowed === undefined && free >= 0
          ? free
          : best(before, allowed ?? set.closing, transitions, to, count);
      back[row + to] = from;
      now[to] = (before[from] ?? 0) + (transitions?.[from * count + to] ?? 0) + (scores[row + to] ?? 0);
    }
    [before, now] = [now, before];
  }
  let label = best(before, set.closing, undefined, 0, count);
  for (let unit = units - 1; unit >= 0; unit--) {
    path[unit] = label;
    label = back[unit * count + label] ?? set.outside;
  }
  return path;
}

function best(
  before: Float64Array,
  from: readonly number[],
  transitions: Float32Array | undefined,
  to: number,
  count: number,
): number {
  let at = from[0] ?? 0;
  let max = -Infinity;
  for (const label of from) {
    const score = (before[label] ?? 0) + (transitions?.[label * count + to] ?? 0);
    if (score <= max) continue;
    max = score;
    at = label;
  }
  return at;
}
