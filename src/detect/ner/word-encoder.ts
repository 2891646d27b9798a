import { type Encoder, type Encoding, type Feature } from './encoding.ts';
import { Letters } from './letters.ts';
import { type Alphabet, Case, createAlphabet, isHan, Kind, splitUnits, type Units } from './word-units.ts';

interface Settings {
  /** Code points of the longest unit that is looked up. */
  readonly maxWord: number;
  /** Characters fed of one unit; a longer one gives its first `charHead` and the rest from its end. */
  readonly charWidth: number;
  readonly charHead: number;
  readonly chars: string;
}

interface Tables {
  readonly words: ReadonlyMap<string, number>;
  readonly chars: ReadonlyMap<number, number>;
}

const PAD = 0;
const UNKNOWN = 1;
const CHAR_CJK = 2;
const CHAR_BASE = 3;
const LONGEST = 256;

const Shape = {
  lower: 1,
  title: 2,
  upper: 3,
  initial: 4,
  camel: 5,
  mixed: 6,
  uncased: 7,
  digits: 8,
  manyDigits: 12,
  han: 13,
  kana: 14,
  ascii: 15,
  symbol: 16,
} as const;

/**
 * The featuriser of `model_type: cordon-words`; models/training/features.py is its twin, to the last integer.
 * `vocab` has one entry a line, the line number is the id; lines 0 and 1 stand for padding and the unknown word.
 * Throws a TypeError when the configuration does not describe such a model.
 */
export function createWordEncoder(config: unknown, tables: { readonly vocab: string }): Encoder {
  const settings = parseSettings(config);
  const alphabet = createAlphabet();
  const known: Tables = { words: parseVocab(tables.vocab), chars: charIds(settings.chars) };
  return { encode: (text) => encode(text, settings, alphabet, known) };
}

function encode(text: string, settings: Settings, alphabet: Alphabet, tables: Tables): Encoding {
  const units = splitUnits(text, alphabet);
  const width = settings.charWidth;
  const words = new Int32Array(units.count);
  const shapes = new Int32Array(units.count);
  const chars = new Int32Array(units.count * width);
  const letters = new Letters(settings.maxWord, width - settings.charHead);
  for (let i = 0; i < units.count; i++) {
    const start = units.starts[i] ?? 0;
    const end = units.ends[i] ?? 0;
    const kind = units.kinds[i] ?? Kind.other;
    letters.read(text, start, end);
    const tooLong = letters.count > settings.maxWord;
    words[i] = tooLong ? UNKNOWN : (tables.words.get(normalise(text.slice(start, end))) ?? UNKNOWN);
    shapes[i] = shapeOf(letters, kind, alphabet, settings.maxWord);
    if (kind === Kind.cjk) chars[i * width] = CHAR_CJK;
    else spell(letters, settings, tables.chars, chars, i * width);
  }
  const features: readonly Feature[] = [
    { name: 'words', width: 1, data: words, pad: PAD },
    { name: 'bigrams', width: 2, data: bigrams(text, units, tables.words), pad: PAD },
    { name: 'chars', width, data: chars, pad: PAD },
    { name: 'shapes', width: 1, data: shapes, pad: PAD },
    { name: 'gaps', width: 1, data: Int32Array.from(units.gaps), pad: PAD },
  ];
  return { starts: units.starts, ends: units.ends, features };
}

/** For each ideograph the pair it closes and the pair it opens; nothing for other units. */
function bigrams(text: string, units: Units, words: ReadonlyMap<string, number>): Int32Array {
  const data = new Int32Array(units.count * 2);
  for (let i = 1; i < units.count; i++) {
    if (units.kinds[i] !== Kind.cjk || units.kinds[i - 1] !== Kind.cjk) continue;
    if (units.starts[i] !== units.ends[i - 1]) continue;
    const middle = units.starts[i] ?? 0;
    const pair =
      normalise(text.slice(units.starts[i - 1], middle)) + normalise(text.slice(middle, units.ends[i]));
    const id = words.get(pair) ?? UNKNOWN;
    data[2 * i] = id;
    data[2 * i - 1] = id;
  }
  return data;
}

function shapeOf(letters: Letters, kind: number, alphabet: Alphabet, limit: number): number {
  if (kind === Kind.cjk) return isHan(letters.first(0)) ? Shape.han : Shape.kana;
  if (kind === Kind.digits) return Math.min(Shape.digits + letters.count - 1, Shape.manyDigits);
  if (kind !== Kind.word) return letters.first(0) < 0x80 ? Shape.ascii : Shape.symbol;
  let upper = 0;
  let lower = 0;
  for (let i = 0; i < letters.count && i < limit; i++) {
    const letterCase = alphabet.caseOf(letters.first(i));
    if (letterCase === Case.upper) upper++;
    else if (letterCase === Case.lower) lower++;
  }
  if (upper === 0) return lower === 0 ? Shape.uncased : Shape.lower;
  if (lower === 0) return upper === 1 ? Shape.initial : Shape.upper;
  if (alphabet.caseOf(letters.first(0)) !== Case.upper) return Shape.camel;
  return upper === 1 ? Shape.title : Shape.mixed;
}

function spell(
  letters: Letters,
  settings: Settings,
  ids: ReadonlyMap<number, number>,
  out: Int32Array,
  at: number,
): void {
  const fits = letters.count <= settings.charWidth;
  const head = fits ? letters.count : settings.charHead;
  for (let i = 0; i < head; i++) out[at + i] = ids.get(letters.first(i)) ?? UNKNOWN;
  if (fits) return;
  for (let i = head; i < settings.charWidth; i++) {
    out[at + i] = ids.get(letters.last(settings.charWidth - i)) ?? UNKNOWN;
  }
}

/** The vocabulary's key: NFKC, lower case, every decimal digit 0. Unified ideographs are their own key. */
function normalise(unit: string): string {
  const code = unit.charCodeAt(0);
  if (unit.length === 1 && code >= 0x4e00 && code <= 0x9fff) return unit;
  return unit
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Nd}/gu, '0');
}

function parseVocab(text: string): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  let id = 0;
  for (const word of text.split('\n')) {
    if (id > UNKNOWN && word !== '') words.set(word, id);
    id++;
  }
  return words;
}

function charIds(chars: string): ReadonlyMap<number, number> {
  const ids = new Map<number, number>();
  let id = CHAR_BASE;
  for (const char of chars) ids.set(char.codePointAt(0) ?? 0, id++);
  return ids;
}

function parseSettings(config: unknown): Settings {
  if (typeof config !== 'object' || config === null) throw new TypeError('config.json must be a JSON object');
  const fields = new Map<string, unknown>(Object.entries(config));
  const chars = fields.get('chars');
  if (fields.get('model_type') !== 'cordon-words' || typeof chars !== 'string') {
    throw new TypeError('config.json does not describe a cordon-words model');
  }
  const maxWord = count(fields, 'max_word');
  const charWidth = count(fields, 'char_width');
  const charHead = count(fields, 'char_head');
  if (charHead >= charWidth || charWidth > maxWord) {
    throw new TypeError('config.json: char_head < char_width <= max_word must hold');
  }
  return { maxWord, charWidth, charHead, chars };
}

function count(fields: ReadonlyMap<string, unknown>, name: string): number {
  const value = fields.get(name);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > LONGEST) {
    throw new TypeError(`config.json: ${name} must be a whole number from 1 to ${LONGEST}`);
  }
  return value;
}
