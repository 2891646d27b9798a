import { hash } from './random.ts';

export const PARTS = ['train', 'dev', 'test'] as const;
export type Part = (typeof PARTS)[number];

export function isPart(text: string | undefined): text is Part {
  return PARTS.some((part) => part === text);
}

/** What a tenth of the entries goes to: 40 % train, 30 % dev, 30 % test. */
const DEAL: readonly Part[] = [
  'train',
  'dev',
  'test',
  'train',
  'dev',
  'test',
  'train',
  'dev',
  'test',
  'train',
];

/**
 * The entries of one part. Every entry is in exactly one: all are put in the order of their hashes and dealt out, so
 * that a part is a fair sample and even a short list has something for each.
 */
export function ofPart(kind: string, items: readonly string[], part: Part): readonly string[] {
  const order = (item: string): number => hash(`${kind}\n${item}`);
  const dealt = [...new Set(items)].sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1));
  const own = dealt.filter((_, i) => DEAL[i % DEAL.length] === part);
  if (own.length === 0) throw new RangeError(`The ${part} part has no ${kind}.`);
  return own;
}

/** Print formats are few, so they are dealt in turn: every list has at least one for each part. */
export function formatsOf<T>(formats: readonly T[], part: Part): readonly T[] {
  const own = formats.filter((_, i) => PARTS[i % PARTS.length] === part);
  if (own.length === 0) throw new RangeError(`There are too few formats for the ${part} part.`);
  return own;
}
