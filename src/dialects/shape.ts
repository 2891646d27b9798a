/**
 * What may stand at a place of a request, by JSON kind. A kind that is not named is refused there, so a table of
 * shapes accounts for every string of a request.
 */
export interface Shape {
  readonly string?: StringRule;
  /**
   * Numbers are never altered; one of seven or more digits is looked at. `text`: it may become a string. `opaque`: it
   * stands for something that cannot be scanned.
   */
  readonly number?: 'fixed' | 'text' | 'opaque';
  readonly boolean?: true;
  readonly null?: true;
  readonly array?: Shape;
  readonly object?: ObjectShape | TaggedShape;
}

/** Objects of several kinds that say by the member `tag` which one they are. An unknown kind is refused. */
export interface TaggedShape {
  readonly tag: string;
  readonly kinds: ReadonlyMap<string, ObjectShape | TaggedShape>;
  /** Where the member is not given, or is null. */
  readonly untagged?: ObjectShape;
}

export interface ObjectShape {
  readonly keys: ReadonlyMap<string, Shape>;
  /** Where names are the caller's own. Without it an unknown key is refused. */
  readonly rest?: { readonly key: 'fixed' | 'text' | Structure; readonly value: Shape };
  readonly required?: readonly string[];
}

/**
 * `text`: scanned and rewritten. `prose`: the same, and read as JSON where it is JSON whose escapes hide letters.
 * `json`: JSON inside a string, read as such. `identifier`, `fixed`: see TextSlot. `opaque`: cannot be scanned, and no
 * policy can let it pass. `attachment`: the same, unless a policy grants it. `file`: a file as a data URL or base64;
 * read as `prose` where it is text, an `attachment` otherwise.
 */
export type StringRule =
  'text' | 'prose' | 'json' | 'identifier' | 'fixed' | 'opaque' | 'attachment' | 'file' | Structure;

/**
 * A string that is part of the format and not of the content. What it does not allow is refused as unknown, or as
 * `opaque` where it says that what stands beside it cannot be scanned, or looked at (`fixed`).
 * `chosen`: the caller (or the model) picks the name, so what it allows is looked at too: an address fits the pattern
 * of a model's name.
 */
export interface Structure {
  readonly allows: (value: string) => boolean;
  readonly otherwise: 'refuse' | 'opaque' | 'fixed';
  readonly chosen: boolean;
  /** The id of something that a runner holds and nobody here can read, and that may be somebody else's. */
  readonly borrowed?: true;
  /** What it allows, for those who write the format down. */
  readonly values?: readonly string[];
  readonly pattern?: string;
}

export function oneOf(...values: readonly string[]): Structure {
  const known = new Set(values);
  return { allows: (value) => known.has(value), otherwise: 'refuse', chosen: false, values };
}

export function matching(pattern: RegExp): Structure {
  return {
    allows: (value) => pattern.test(value),
    otherwise: 'refuse',
    chosen: true,
    pattern: pattern.source,
  };
}

/**
 * The same for an id of what a runner holds: files, vector stores, containers. It counts as opaque, so it leaves only by a
 * policy's grant, or where the runner gave it to this caller.
 */
export function borrowed(pattern: RegExp): Structure {
  return { ...matching(pattern), borrowed: true };
}

/** An object with exactly these keys. */
export function record(keys: Readonly<Record<string, Shape>>, required: readonly string[] = []): Shape {
  return { object: { keys: new Map(Object.entries(keys)), required } };
}

/** An object of one of these kinds, as its member `type` says. The keys of each are those beside `type`. */
export function byType(
  kinds: Readonly<Record<string, Readonly<Record<string, Shape>>>>,
  untagged?: Readonly<Record<string, Shape>>,
): Shape {
  const named = Object.entries(kinds).map(([type, keys]) => {
    const shape = { keys: new Map(Object.entries({ type: { string: oneOf(type) }, ...keys })) };
    return [type, shape] as const;
  });
  const rest = untagged && { keys: new Map(Object.entries({ type: { null: true as const }, ...untagged })) };
  return {
    object: { tag: 'type', kinds: new Map(named), ...(rest === undefined ? {} : { untagged: rest }) },
  };
}

/** The same, or null. */
export function orNull(shape: Shape): Shape {
  return { ...shape, null: true };
}

const NO_KEYS: ReadonlyMap<string, Shape> = new Map();

/** An object whose keys are names the caller chose. */
export function mapOf(value: Shape, key: 'fixed' | Structure = 'fixed'): Shape {
  return { object: { keys: NO_KEYS, rest: { key, value } } };
}

function anyJson(rule: 'fixed' | 'text'): Shape {
  const shape: Shape = {
    string: 'text',
    number: rule,
    boolean: true,
    null: true,
    get array() {
      return shape;
    },
    object: {
      keys: NO_KEYS,
      rest: {
        key: rule,
        get value() {
          return shape;
        },
      },
    },
  };
  return shape;
}

/** Any JSON of the caller's: strings are text, names and long numbers are looked at and cannot change. */
export const FREE: Shape = anyJson('fixed');

/** JSON somebody pasted into prose: nothing but the model reads it, so names and numbers may change too. */
export const PASTED: Shape = anyJson('text');
