import { modelError } from './model-error.ts';

/** Units [from, to) are read together; of them [keepFrom, keepTo) are answered for. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly keepFrom: number;
  readonly keepTo: number;
}

export interface WindowSize {
  /** Units of text in one run, special tokens aside. */
  readonly maxUnits: number;
  /** Units two neighbours share. */
  readonly overlap: number;
}

/** What neighbours share when a model does not say how far it looks. */
const DEFAULT_OVERLAP = 64;

/**
 * @param receptiveField how many units to either side a logit depends on. Neighbours then share twice as many, so that
 *   each kept unit sees all it can see, and the windows say exactly what one window over the whole text would say.
 */
export function windowSize(maxUnits: number, receptiveField: number | undefined): WindowSize {
  const overlap =
    receptiveField === undefined ? Math.min(DEFAULT_OVERLAP, Math.floor(maxUnits / 4)) : receptiveField * 2;
  if (overlap * 2 > maxUnits) {
    throw modelError('config.json: max_units must be at least four times receptive_field');
  }
  return { maxUnits, overlap };
}

/** Windows over `units`: together they keep every unit once, each from the window in which it is most central. */
export function planWindows(units: number, { maxUnits, overlap }: WindowSize): Window[] {
  const windows: Window[] = [];
  let keepFrom = 0;
  for (let from = 0; keepFrom < units; from += maxUnits - overlap) {
    // The last window is moved back rather than cut short: its units have more to go by.
    const isLast = from + maxUnits >= units;
    const start = isLast ? Math.max(0, units - maxUnits) : from;
    const next = Math.min(from + maxUnits - overlap, units - maxUnits);
    const keepTo = isLast ? units : next + Math.ceil((start + maxUnits - next) / 2);
    windows.push({ from: start, to: Math.min(start + maxUnits, units), keepFrom, keepTo });
    keepFrom = keepTo;
  }
  return windows;
}

/** Puts the kept rows of each window's logits ([to − from × labels]) together: [units × labels], row-major. */
export function stitch(
  windows: readonly Window[],
  logits: readonly Float32Array[],
  units: number,
  labels: number,
): Float32Array {
  const only = logits[0];
  if (windows.length === 1 && only !== undefined) return only;
  const all = new Float32Array(units * labels);
  windows.forEach((window, i) => {
    const rows = logits[i]?.subarray(
      (window.keepFrom - window.from) * labels,
      (window.keepTo - window.from) * labels,
    );
    if (rows?.length !== (window.keepTo - window.keepFrom) * labels)
      throw modelError('a window has no answer');
    all.set(rows, window.keepFrom * labels);
  });
  return all;
}
