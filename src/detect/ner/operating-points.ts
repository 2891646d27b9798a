import { asRecord } from './fields.ts';
import { looksEnglish } from './language.ts';
import { modelError } from './model-error.ts';

/**
 * Where a model's reading of a person begins to count, by what was measured on development texts: a false name costs
 * more where every noun has a capital, and a missed one where names are rare words.
 */
export interface OperatingPoints {
  /** Taken from the log-probability of "no name" before the best labels are chosen. */
  readonly outside: number;
  /** Least probabilities, 0 … 1, of names in English; */
  readonly english: number;
  /** in Chinese characters; */
  readonly chinese: number;
  /** in other languages, of two words or more, each with a capital; */
  readonly whole: number;
  /** and of other names. */
  readonly other: number;
}

const SHARES = ['english', 'chinese', 'whole', 'other'] as const;
const MAX_OUTSIDE = 5;

/** @throws CordonError when config.json's `person_points` is there and no such table */
export function parseOperatingPoints(value: unknown): OperatingPoints | undefined {
  if (value === undefined || value === null) return undefined;
  const fields = asRecord(value, 'config.json: person_points');
  const number = (name: string, most: number): number => {
    const own = fields[name];
    if (typeof own === 'number' && own >= 0 && own <= most) return own;
    throw modelError(`config.json: person_points.${name} must be a number from 0 to ${most}`);
  };
  const [english = 0, chinese = 0, whole = 0, other = 0] = SHARES.map((name) => number(name, 0.99));
  return { outside: number('outside', MAX_OUTSIDE), english, chinese, whole, other };
}

/** The point for each reading in a text; its language is looked at once. */
export function pointsFor(text: string, points: OperatingPoints): (read: string) => number {
  let english: boolean | undefined;
  return (read) => {
    if (/\p{Script=Han}/u.test(read)) return points.chinese;
    if ((english ??= looksEnglish(text))) return points.english;
    return /^\p{Lu}\S*(?:\s+\S+)*?\s+\p{Lu}\S*$/u.test(read) ? points.whole : points.other;
  };
}

/** A probability as a score in which 0.5 is where it begins to count, 1 stays 1 and 0 stays 0. */
export function scoreAgainst(point: number, probability: number): number {
  if (probability < point) return (0.5 * probability) / point;
  return 0.5 + (0.5 * (probability - point)) / (1 - point);
}
