/** Small tokenizer.json files of the families that token classifiers use. */

/** The character that byte-level vocabularies write for a byte (GPT-2's table). */
export function byteChar(byte: number): string {
  const isPrintable = (b: number): boolean =>
    (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || (b >= 174 && b <= 255);
  if (isPrintable(byte)) return String.fromCharCode(byte);
  let moved = 0;
  for (let b = 0; b < byte; b++) if (!isPrintable(b)) moved++;
  return String.fromCharCode(256 + moved);
}

/** RoBERTa's kind: byte-level BPE between <s> and </s>. */
export function byteLevelTokenizer(addPrefixSpace: boolean): Record<string, unknown> {
  const merges = ['M a', 'r i', 'Ma ri', 'Mari a', 'Ġ l', 'i v', 'Ġl iv', 'å ĳ'];
  const tokens = [
    '<s>',
    '<pad>',
    '</s>',
    ...Array.from({ length: 256 }, (_, byte) => byteChar(byte)),
    ...merges.map((merge) => merge.replace(' ', '')),
  ];
  return {
    added_tokens: ['<s>', '<pad>', '</s>'].map((content, id) => ({ id, content, special: true })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: addPrefixSpace, trim_offsets: true },
    post_processor: { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0] },
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges },
  };
}

/** XLM-R's and DeBERTa's kind: Unigram over words that begin with a mark. */
export function unigramTokenizer(): Record<string, unknown> {
  const pieces = [
    '<s>',
    '<pad>',
    '</s>',
    '<unk>',
    '▁',
    '▁Mar',
    'ia',
    '▁li',
    've',
    's',
    'a',
    'i',
    'M',
    'r',
    '王',
    ',',
  ];
  return {
    added_tokens: pieces.slice(0, 4).map((content, id) => ({ id, content, special: true })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Strip', strip_left: true, strip_right: true },
        { type: 'Precompiled', precompiled_charsmap: '' },
        { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
      ],
    },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', add_prefix_space: true, prepend_scheme: 'always' },
    post_processor: { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0] },
    decoder: null,
    model: { type: 'Unigram', unk_id: 3, vocab: pieces.map((piece, i) => [piece, i < 4 ? 0 : -i / 3]) },
  };
}

/** Llama's kind: BPE over the whole text, marks and byte pieces by the normaliser and the model. */
export function joinedTokenizer(): Record<string, unknown> {
  const bytePieces = Array.from(
    { length: 256 },
    (_, b) => `<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
  const merges = ['M a', '▁ Ma', 'r i', '▁Ma ri', '▁ ▁', 'i v'];
  const pieces = [
    '<unk>',
    '<s>',
    '</s>',
    ...bytePieces,
    '▁',
    ...Array.from('Mariveslp,'),
    ...merges.map((m) => m.replace(' ', '')),
  ];
  return {
    added_tokens: pieces.slice(0, 3).map((content, id) => ({ id, content, special: true })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: '▁' },
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model: {
      type: 'BPE',
      unk_token: '<unk>',
      fuse_unk: true,
      byte_fallback: true,
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
      merges,
    },
  };
}
