import { HASH_DIGITS, type Naming } from './placeholder.ts';

/** What stands for values in calls that the runner remembers. */
export interface KnownMarks {
  /** How those placeholders are named; undefined where there are none. */
  readonly naming: Naming | undefined;
  readonly placeholders: readonly KnownPlaceholder[];
  /** Surrogate → original. */
  readonly surrogates: ReadonlyMap<string, string>;
}

export interface KnownPlaceholder {
  readonly entity: string;
  /** Canonical: `PERSON_1`. */
  readonly name: string;
  /** As it was sent: `<PERSON_1>`. */
  readonly made: string;
  readonly value: string;
}

const PLACEHOLDER = /^<(([A-Z][A-Z0-9_]{0,63})_[0-9a-f]{1,12})>$/;

/** Tells the placeholders of `Protected.originals` from the surrogates, which look like any text. */
export function readKnownMarks(known: Readonly<Record<string, string>>): KnownMarks {
  const placeholders: KnownPlaceholder[] = [];
  const surrogates = new Map<string, string>();
  for (const [made, value] of Object.entries(known)) {
    const [, name, entity] = PLACEHOLDER.exec(made) ?? [];
    if (name === undefined || entity === undefined) surrogates.set(made, value);
    else placeholders.push({ entity, name, made, value });
  }
  const [first] = placeholders;
  // Numbers of placeholders are shorter than any hash.
  const isHash = first !== undefined && first.name.length - first.entity.length - 1 === HASH_DIGITS;
  const naming = first === undefined ? undefined : isHash ? 'hash' : 'number';
  return { naming, placeholders, surrogates };
}
