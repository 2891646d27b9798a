import { modelError } from './model-error.ts';
import { asRecord } from './fields.ts';

/** What a label says about its unit: outside, beginning, inside, ending, or a whole entity by itself. */
export type Position = 'O' | 'B' | 'I' | 'E' | 'S';

export interface Label {
  readonly position: Position;
  /** The model's own name for the entity; empty for O. */
  readonly type: string;
}

/** Which label may follow which, as Viterbi needs it. */
export interface LabelSet {
  readonly labels: readonly Label[];
  /** Index of O. */
  readonly outside: number;
  /** Labels after which an entity may be over (or there was none). */
  readonly closing: readonly number[];
  /** For labels that go on with an entity: the labels they may follow. Undefined: any of `closing`, or the start. */
  readonly continues: readonly (readonly number[] | undefined)[];
  /** For I- labels of BIO sets: public models often begin an entity with I-, and dropping it would be a leak. */
  readonly mayStray: readonly boolean[];
}

/** BILOU and BMES are BIOES in other letters. */
const POSITIONS: Readonly<Record<string, Position>> = {
  B: 'B',
  I: 'I',
  M: 'I',
  E: 'E',
  L: 'E',
  S: 'S',
  U: 'S',
};
const PREFIXED = /^([BIMELSU])[-_](.+)$/su;

/**
 * Reads id2label of config.json: BIO, BIOES (and BILOU, BMES), labels with I- only, or bare types.
 * @throws CordonError when the labels are not a whole set with an O
 */
export function parseLabels(id2label: unknown): LabelSet {
  const fields = asRecord(id2label, 'config.json: id2label');
  const names = Object.keys(fields).map((_, i) => fields[String(i)]);
  const isWhole = names.every((name): name is string => typeof name === 'string' && name !== '');
  if (!isWhole || names.length < 2) {
    throw modelError('config.json: id2label must name every label, numbered from 0');
  }
  const outside = names.findIndex((name) => name.toUpperCase() === 'O');
  if (outside < 0) throw modelError('config.json: id2label has no O label, so this is no token classifier');
  const inner = names.filter((_, i) => i !== outside);
  // E-MAIL is a type of its own unless every label carries a position.
  const isPrefixed = inner.every((name) => PREFIXED.test(name));
  const labels = names.map((name, i): Label => {
    if (i === outside) return { position: 'O', type: '' };
    const match = isPrefixed ? PREFIXED.exec(name) : null;
    return { position: POSITIONS[match?.[1] ?? 'I'] ?? 'I', type: match?.[2] ?? name };
  });
  return { labels, outside, ...grammar(labels) };
}

function grammar(labels: readonly Label[]): Pick<LabelSet, 'closing' | 'continues' | 'mayStray'> {
  const begins = new Set(labels.filter((label) => label.position === 'B').map((label) => label.type));
  const ends = new Set(labels.filter((label) => label.position === 'E').map((label) => label.type));
  const isOpen = (label: Label): boolean =>
    (label.position === 'B' || label.position === 'I') && ends.has(label.type);
  const closing: number[] = [];
  labels.forEach((label, i) => {
    if (!isOpen(label)) closing.push(i);
  });
  const continues = labels.map((label) => {
    // A type without B- begins with I-, as in sets that only know inside and outside.
    if ((label.position !== 'I' && label.position !== 'E') || !begins.has(label.type)) return undefined;
    const from: number[] = [];
    labels.forEach((other, i) => {
      if (other.type === label.type && (other.position === 'B' || other.position === 'I')) from.push(i);
    });
    return from;
  });
  const mayStray = labels.map((label, i) => continues[i] !== undefined && !ends.has(label.type));
  return { closing, continues, mayStray };
}

/** The learned score of each label after each (`transitions[from][to]`), row-major [L × L], or undefined. */
export function parseTransitions(value: unknown, count: number): Float32Array | undefined {
  if (value === undefined || value === null) return undefined;
  const rows: unknown[] = Array.isArray(value) ? value : [];
  const flat = rows.flatMap((row): unknown[] => (Array.isArray(row) && row.length === count ? row : []));
  const numbers = flat.filter((x): x is number => typeof x === 'number' && Number.isFinite(x));
  if (rows.length !== count || numbers.length !== count * count) {
    throw modelError('config.json: transitions must be one row of numbers a label, from × to');
  }
  return Float32Array.from(numbers);
}

/** Least score a span must have to count, by entity. */
export function parseThresholds(value: unknown): ReadonlyMap<string, number> {
  const thresholds = new Map<string, number>();
  if (value === undefined || value === null) return thresholds;
  for (const [entity, least] of Object.entries(asRecord(value, 'config.json: thresholds'))) {
    if (typeof least !== 'number' || !(least >= 0 && least <= 1)) {
      throw modelError('config.json: thresholds must be probabilities from 0 to 1, by entity');
    }
    thresholds.set(entity, least);
  }
  return thresholds;
}
