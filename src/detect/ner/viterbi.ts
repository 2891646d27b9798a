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

/** Price, in log-probability, of an I- that begins an entity: a sure one (20 to 1) is believed. */
export const STRAY = -3;

/**
 * The best label for each unit among the sequences the label set allows: no entity left open, no inside without its
 * beginning, except at a price where the set may stray. Learned transitions know what an I- without its B- is worth,
 * so with them nothing strays.
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
  const mayStray = (to: number): boolean => transitions === undefined && set.mayStray[to] === true;
  for (let to = 0; to < count; to++) {
    const price = set.continues[to] === undefined ? 0 : mayStray(to) ? STRAY : -Infinity;
    before[to] = (scores[to] ?? 0) + price;
  }
  for (let unit = 1; unit < units; unit++) {
    const row = unit * count;
    const free = best(before, set.closing, undefined, 0, count);
    for (let to = 0; to < count; to++) {
      const allowed = set.continues[to];
      const isFree = allowed === undefined && transitions === undefined;
      let from = isFree ? free : best(before, allowed ?? set.closing, transitions, to, count);
      let price = transitions?.[from * count + to] ?? 0;
      if (mayStray(to) && (before[free] ?? 0) + STRAY > (before[from] ?? 0)) {
        from = free;
        price = STRAY;
      }
      back[row + to] = from;
      now[to] = (before[from] ?? 0) + price + (scores[row + to] ?? 0);
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
