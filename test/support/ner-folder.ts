import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRandom, taggerModel, type TaggerSpec } from './onnx-model.ts';

export const BIO = ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC', 'B-MISC', 'I-MISC'];
export const BIOES = [
  'O',
  ...['PER', 'ORG'].flatMap((type) => ['B', 'I', 'E', 'S'].map((p) => `${p}-${type}`)),
];

const SPECIALS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];
/** Pieces and the label of each; `##` goes on with a word. */
const PIECES: readonly (readonly [string, string])[] = [
  ['maria', 'B-PER'],
  ['mul', 'I-PER'],
  ['##ler', 'I-PER'],
  ['lives', 'O'],
  ['in', 'O'],
  ['par', 'B-LOC'],
  ['##is', 'O'],
  [',', 'O'],
  ['.', 'O'],
  ['and', 'O'],
  ['王', 'B-PER'],
  ['小', 'I-PER'],
  ['明', 'I-PER'],
  ['在', 'O'],
  ['住', 'O'],
  ['opera', 'B-MISC'],
];

export function wordPieceTokenizer(): Record<string, unknown> {
  const tokens = [...SPECIALS, ...PIECES.map(([piece]) => piece)];
  const special = (token: string): unknown => ({ SpecialToken: { id: token, type_id: 0 } });
  return {
    version: '1.0',
    added_tokens: SPECIALS.map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
      pair: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((id) => [id, { id, ids: [SPECIALS.indexOf(id)], tokens: [id] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    },
  };
}

export const WORDPIECE_VOCAB = SPECIALS.length + PIECES.length;

/** Prefers the label its table has for the piece. */
export function lexicalScore(labels: readonly string[]): TaggerSpec['score'] {
  return (id, label) => {
    const wanted = PIECES[id - SPECIALS.length]?.[1] ?? 'O';
    return labels[label] === wanted ? 6 : labels[label] === 'O' ? 1 : 0;
  };
}

/** The same numbers for the same seed, however often it is asked. */
export function randomScore(seed: number): TaggerSpec['score'] {
  return (id, label) => (createRandom(seed + id * 1000 + label)() - 0.5) * 6;
}

export const HF_INPUTS = {
  ids: { name: 'input_ids', type: 'int64' },
  mask: { name: 'attention_mask', type: 'int64' },
} as const;

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** What a stranger's export holds. */
export function hfFiles(
  labels: readonly string[],
  model: Partial<TaggerSpec> = {},
  config: Readonly<Record<string, unknown>> = {},
): Record<string, string | Uint8Array> {
  const spec: TaggerSpec = {
    vocab: WORDPIECE_VOCAB,
    labels: labels.length,
    ...HF_INPUTS,
    dilations: [],
    score: lexicalScore(labels),
    ...model,
  };
  const id2label = Object.fromEntries(labels.map((label, i) => [String(i), label]));
  return {
    'config.json': JSON.stringify({ model_type: 'bert', id2label, pad_token_id: 0, ...config }),
    'tokenizer.json': JSON.stringify(wordPieceTokenizer()),
    'tokenizer_config.json': JSON.stringify({ model_max_length: 512 }),
    'onnx/model.onnx': taggerModel(spec),
  };
}

export async function writeFolder(files: Files): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cordon-ner-'));
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), content);
  }
  return directory;
}

/** MANIFEST.json for the files. */
export function manifestFor(files: Files, name = 'test-model', version = '1.2'): string {
  const entries = Object.entries(files).map(([file, content]): [string, unknown] => {
    const sha256 = createHash('sha256').update(content).digest('hex');
    return [file, { sha256, bytes: Buffer.byteLength(content) }];
  });
  return JSON.stringify({
    name,
    version,
    licence: 'Apache-2.0',
    files: Object.fromEntries(entries),
    sources: [],
  });
}
