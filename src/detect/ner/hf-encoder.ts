import { createAligner, isSpace } from './align.ts';
import { type Encoder, type Encoding } from './encoding.ts';
import { type Frame, type FrameUnit } from './frame.ts';
import { modelError } from './model-error.ts';
import { locateWords, type PreToken, type Script } from './pre-tokens.ts';
import { createHuggingFaceTokenizer, type HuggingFaceTokenizer } from './tokenizers.ts';
import { asRecord, type Fields } from './fields.ts';

export interface FramedEncoder {
  readonly encoder: Encoder;
  readonly frame: Frame;
}

interface Units {
  readonly starts: number[];
  readonly ends: number[];
  readonly ids: number[];
}

/** Stands for the text while the special tokens around it are looked up; no vocabulary has it. */
const SENTINEL = '\u0000text\u0000';
const BYTE_PIECE = /^<0x[0-9A-F]{2}>$/;

/**
 * Any Hugging Face tokenizer.json. A text is always text: a caller who writes `[SEP]` gets the subwords of those
 * characters, never the special token, so a prompt cannot pretend to be the end of itself.
 *
 * @param tokenizer tokenizer.json, parsed
 * @param padId id for units that do not exist
 * @throws CordonError `detector_unavailable` when the tokenizer uses something unknown
 */
export function createHfEncoder(tokenizer: unknown, tokenizerConfig: unknown, padId: number): FramedEncoder {
  const spec = asRecord(tokenizer, 'tokenizer.json');
  const script = scriptOf(spec['pre_tokenizer']);
  const library = openLibrary(spec, asRecord(tokenizerConfig, 'tokenizer_config.json'));
  const { normalizer, pre_tokenizer: preTokenizer, model } = library;
  const align = createAligner((text) => normalizer?.normalize(text) ?? text);
  const unknown = model.unk_token_id ?? padId;
  const special = specialIds(spec['added_tokens']);

  const encode = (text: string): Encoding => {
    const units: Units = { starts: [], ends: [], ids: [] };
    const aligned = align(text);
    if (text === '' || aligned.text === '') return toEncoding(units, padId);
    const words = preTokenizer?.pre_tokenize(aligned.text, { section_index: 0 }) ?? [aligned.text];
    for (const word of locateWords(words, aligned, script)) {
      for (const piece of cutWord(word, library)) {
        const id = model.tokens_to_ids.get(piece.text);
        push(units, text, word, piece, id === undefined || special.has(id) ? unknown : id, piece.isFusible);
      }
    }
    return toEncoding(units, padId);
  };
  return { encoder: { encode }, frame: frameOf(library) };
}

interface Piece {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** An unknown piece that follows an unknown piece of the same word is part of it. */
  readonly isFusible: boolean;
}

/** The pieces of one word; together they cover it, whatever the model left out. */
function cutWord(word: PreToken, { model }: HuggingFaceTokenizer): Piece[] {
  const pieces: Piece[] = [];
  const prefix = model.config.continuing_subword_prefix ?? '';
  const size = word.text.length;
  let cursor = 0;
  let wasUnknown = false;
  let bytesLeft = 0;
  for (const text of model.encode([word.text])) {
    const surface = cursor > 0 && prefix !== '' && text.startsWith(prefix) ? text.slice(prefix.length) : text;
    const from = cursor;
    const isByte = BYTE_PIECE.test(text) && !word.text.startsWith(text, cursor);
    const found = isByte || text === model.unk_token ? -1 : word.text.indexOf(surface, cursor);
    const width = (word.text.codePointAt(cursor) ?? 0) > 0xffff ? 2 : 1;
    if (isByte) {
      // All bytes of one character cover that character; the cursor moves on with the last.
      if (bytesLeft === 0) bytesLeft = utf8Length(word.text.codePointAt(cursor) ?? 0);
      bytesLeft--;
      pieces.push({ text, from, to: Math.min(from + width, size), isFusible: false });
      if (bytesLeft === 0) cursor = Math.min(from + width, size);
      continue;
    }
    if (found >= 0) cursor = found + surface.length;
    else cursor = model.config.type === 'WordPiece' ? size : Math.min(from + width, size);
    const isUnknown = !model.tokens_to_ids.has(text) || text === model.unk_token;
    pieces.push({ text, from, to: cursor, isFusible: model.fuse_unk && isUnknown && wasUnknown });
    wasUnknown = isUnknown;
  }
  if (cursor < size) pieces.push({ text: '', from: cursor, to: size, isFusible: wasUnknown });
  return pieces;
}

function push(
  units: Units,
  source: string,
  word: PreToken,
  piece: Piece,
  id: number,
  isFusible: boolean,
): void {
  let first = piece.from;
  let last = piece.to - 1;
  const isBlank = (i: number): boolean =>
    word.starts[i] === word.ends[i] || isSpace(source.charCodeAt(word.starts[i] ?? 0));
  while (first < last && isBlank(first)) first++;
  while (last > first && isBlank(last)) last--;
  const end = word.ends[last] ?? 0;
  if (isFusible && units.ends.length > 0) {
    units.ends[units.ends.length - 1] = end;
    return;
  }
  units.starts.push(word.starts[first] ?? 0);
  units.ends.push(end);
  units.ids.push(id);
}

function toEncoding({ starts, ends, ids }: Units, padId: number): Encoding {
  const one = new Int32Array(ids.length).fill(1);
  return {
    starts: Int32Array.from(starts),
    ends: Int32Array.from(ends),
    features: [
      { name: 'input_ids', width: 1, data: Int32Array.from(ids), pad: padId },
      { name: 'attention_mask', width: 1, data: one, pad: 0 },
      { name: 'token_type_ids', width: 1, data: new Int32Array(ids.length), pad: 0 },
    ],
  };
}

/** The special tokens around a text, as the tokenizer's post-processor places them. */
function frameOf(library: HuggingFaceTokenizer): Frame {
  const processed = library.post_processor?.post_process([SENTINEL], null, true);
  if (processed === undefined) return { before: [], after: [] };
  const units = processed.tokens.map((token, i): FrameUnit => {
    const id = library.model.tokens_to_ids.get(token);
    if (id === undefined && token !== SENTINEL) {
      throw modelError('tokenizer.json puts a special token around texts that its vocabulary does not have');
    }
    return { input_ids: id ?? 0, attention_mask: 1, token_type_ids: processed.token_type_ids?.[i] ?? 0 };
  });
  const place = processed.tokens.indexOf(SENTINEL);
  if (place < 0) throw modelError('the post-processor in tokenizer.json drops the text');
  return { before: units.slice(0, place), after: units.slice(place + 1) };
}

function openLibrary(spec: Fields, config: Fields): HuggingFaceTokenizer {
  const parts = {
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    added_tokens: [],
  };
  try {
    // The decoder is not needed, and an unknown one should not keep a model from loading.
    return createHuggingFaceTokenizer({ ...parts, ...spec, decoder: null }, config);
  } catch (cause) {
    throw modelError('tokenizer.json is malformed or uses a component that is not supported', cause);
  }
}

function scriptOf(preTokenizer: unknown): Script {
  if (preTokenizer === null || preTokenizer === undefined) return 'joined';
  const types = new Set<string>();
  const visit = (node: unknown, depth: number): void => {
    if (typeof node !== 'object' || node === null || depth > 8) return;
    if ('type' in node && typeof node.type === 'string') types.add(node.type);
    if ('pretokenizers' in node && Array.isArray(node.pretokenizers)) {
      for (const child of node.pretokenizers) visit(child, depth + 1);
    }
  };
  visit(preTokenizer, 0);
  if (types.has('Replace'))
    throw modelError('tokenizer.json has a Replace pre-tokenizer, which loses offsets');
  if (types.has('ByteLevel')) return 'bytes';
  return types.has('Metaspace') ? 'metaspace' : 'plain';
}

function specialIds(addedTokens: unknown): ReadonlySet<number> {
  const ids = new Set<number>();
  for (const token of Array.isArray(addedTokens) ? addedTokens : []) {
    const fields = asRecord(token, 'added_tokens of tokenizer.json');
    if (fields['special'] === true && typeof fields['id'] === 'number') ids.add(fields['id']);
  }
  return ids;
}

function utf8Length(point: number): number {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}
