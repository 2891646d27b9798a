export const PARTS = ['train', 'dev', 'test'] as const;
export type Part = (typeof PARTS)[number];

export function isPart(text: string | undefined): text is Part {
  return PARTS.some((part) => part === text);
}

/**
 * Print formats are few, so they are dealt in turn: every list has at least one for each part. `unseen` are further
 * ones of the test part alone.
 */
export function formatsOf<T>(formats: readonly T[], part: Part, unseen: readonly T[] = []): readonly T[] {
  const dealt = formats.filter((_, i) => PARTS[i % PARTS.length] === part);
  const own = part === 'test' ? [...dealt, ...unseen] : dealt;
  if (own.length === 0) throw new RangeError(`There are too few formats for the ${part} part.`);
  return own;
}
