import { readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import test from 'ava';
import { CordonError } from '../../../src/domain/errors.ts';
import { createHfEncoder } from '../../../src/detect/ner/hf-encoder.ts';
import { loadNerEngine, type LoadOptions } from '../../../src/detect/ner/load.ts';
import { pinModel } from '../../../src/detect/ner/pin.ts';
import { BIO, type Files, hfFiles, wordPieceTokenizer, writeFolder } from '../../support/ner-folder.ts';
import { byteLevelTokenizer, joinedTokenizer, unigramTokenizer } from '../../support/tokenizer-json.ts';

async function load(files: Files, options: Partial<LoadOptions> = {}) {
  return loadNerEngine({ directory: await writeFolder(files), provider: 'cpu', threads: 1, ...options });
}

async function detailOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof CordonError ? (error.detail ?? '') : `not refused: ${String(error)}`;
}

/** A folder whose model takes the pieces of `Maria` for a person, whatever its tokenizer makes of her. */
function folderFor(tokenizer: Record<string, unknown>): Files {
  const { encoder } = createHfEncoder(tokenizer, {}, 0);
  const idsOf = (text: string): readonly number[] => Array.from(encoder.encode(text).features[0]?.data ?? []);
  const known = new Set([...idsOf('Maria'), ...idsOf(' Maria')]);
  const blank = new Set([...idsOf(' '), ...idsOf('x 王'), ...idsOf('lives in')]);
  const score = (id: number, label: number): number => {
    const isName = known.has(id) && !blank.has(id);
    return label === (isName ? 1 : 0) ? 6 : 0;
  };
  const files = hfFiles(['O', 'I-PER'], { vocab: 2_000, score });
  return { ...files, 'tokenizer.json': JSON.stringify(tokenizer) };
}

const FAMILIES: Readonly<Record<string, Record<string, unknown>>> = {
  WordPiece: wordPieceTokenizer(),
  'byte-level BPE': byteLevelTokenizer(false),
  'byte-level BPE with a prefix space': byteLevelTokenizer(true),
  Unigram: unigramTokenizer(),
  'BPE with byte fallback': joinedTokenizer(),
};

for (const [family, tokenizer] of Object.entries(FAMILIES)) {
  test(`a folder with a ${family} tokenizer finds names where they stand, past accents and emoji`, async (t) => {
    const engine = await load(folderFor(tokenizer));
    for (const before of ['', '👩‍👩‍👧 ', 'é Mu\u0308 ', '王小明 ', '  \n', '\ud83d ']) {
      const text = `${before}Maria lives in x`;
      const [spans = []] = await engine.find([text]);
      const names = spans.map(({ start, end }) => text.slice(start, end));
      t.true(names.includes('Maria'), JSON.stringify([before, names]));
    }
    await engine.close();
  });
}

/** maria, mul, lives, in and and, as the vocabulary numbers them, and their labels below. */
const LABEL_OF: Readonly<Record<number, number>> = { 4: 1, 5: 2, 7: 3, 8: 4, 13: 5 };

test('labels are named by our table, by the folder, and last by the operator; a new one keeps its name', async (t) => {
  const labels = ['O', 'B-private_person', 'B-GIVENNAME', 'B-account_number', 'B-favourite_dish', 'B-MISC'];
  const score = (id: number, label: number): number => (label === (LABEL_OF[id] ?? 0) ? 6 : 0);
  const entities = async (options: Partial<LoadOptions> = {}, config = {}): Promise<string[]> => {
    const engine = await load(hfFiles(labels, { score }, config), options);
    const [spans = []] = await engine.find(['maria. mul. lives. in. and.']);
    await engine.close();
    return spans.map(({ entity }) => entity);
  };
  t.deepEqual(await entities(), ['PERSON', 'PERSON', 'ACCOUNT_NUMBER', 'FAVOURITE_DISH']);
  t.deepEqual(
    await entities(
      { entityMap: { 'favourite-dish': 'PREFERENCE', GIVENNAME: null } },
      {
        entity_map: { GIVENNAME: 'CUSTOMER', account_number: 'CUSTOMER_NUMBER' },
      },
    ),
    ['PERSON', 'CUSTOMER_NUMBER', 'PREFERENCE'],
  );
});

test('an export with nothing but quantised weights, and with token_type_ids, works', async (t) => {
  const rest = Object.fromEntries(
    Object.entries(hfFiles(BIO)).filter(([file]) => file !== 'onnx/model.onnx'),
  );
  const ignored = [{ name: 'token_type_ids', type: 'int64' }] as const;
  const weights = hfFiles(BIO, { ignored })['onnx/model.onnx'] ?? '';
  const engine = await load({ ...rest, 'onnx/model_quantized.onnx': weights });
  t.is((await engine.find(['Maria lives in Paris']))[0]?.length, 2);
  await engine.close();
});

test('unknown words are read as unknown, and hide no name beside them', async (t) => {
  const engine = await load(hfFiles(BIO));
  const text = 'Zażółć 🜁 Maria qwertz';
  const [spans = []] = await engine.find([text]);
  t.deepEqual(
    spans.map(({ start, end }) => text.slice(start, end)),
    ['Maria'],
  );
  await engine.close();
});

test('a name is found wherever it stands in a text of many windows', async (t) => {
  const engine = await load(hfFiles(BIO, {}, { max_position_embeddings: 64 }));
  for (const place of [0, 1, 30, 31, 32, 61, 62, 63, 500, 2_999]) {
    const words = Array.from({ length: 3_000 }, (_, i) => (i === place ? 'Maria' : 'lives'));
    const text = words.join(' ');
    const [spans = []] = await engine.find([text]);
    t.deepEqual(
      spans.map(({ start, end }) => [start, text.slice(start, end)]),
      [[place * 6, 'Maria']],
    );
  }
  await engine.close();
});

test('a pinned folder loads, and refuses to once any file is changed, added or taken away', async (t) => {
  const directory = await writeFolder(hfFiles(BIO));
  const pinned = await pinModel(directory, {
    name: 'stranger',
    version: '3',
    source: 'a hub',
    licence: 'MIT',
  });
  const manifest = await readFile(join(directory, 'MANIFEST.json'));
  t.is(pinned.manifestSha256, createHash('sha256').update(manifest).digest('hex'));
  t.is(pinned.files, 4);
  const open = (options: Partial<LoadOptions> = {}) =>
    loadNerEngine({ directory, provider: 'cpu', threads: 1, allowUnmanifested: false, ...options });
  const engine = await open({ manifestSha256: pinned.manifestSha256 });
  t.is(engine.version, 'ner:stranger@3');
  await engine.close();
  t.regex(await detailOf(open({ manifestSha256: '0'.repeat(64) })), /MANIFEST\.json is not the one/);
  t.regex(await detailOf(pinModel(directory)), /has a MANIFEST\.json already/);
  const config = await readFile(join(directory, 'config.json'), 'utf8');
  await writeFile(join(directory, 'config.json'), config.replace('B-PER', 'B-LOC'));
  t.regex(await detailOf(open()), /config\.json is not the file/);
  // Who changes the manifest too is caught by the digest in the configuration.
  const again = await pinModel(directory, { name: 'stranger', version: '3', force: true });
  t.not(again.manifestSha256, pinned.manifestSha256);
  t.regex(await detailOf(open({ manifestSha256: pinned.manifestSha256 })), /MANIFEST\.json is not the one/);
  // A better graph that is not named is not taken instead of the one that is.
  await writeFile(join(directory, 'model.onnx'), 'another');
  const unnamed = await open();
  await unnamed.close();
  await writeFile(join(directory, 'onnx/model.onnx'), 'another');
  t.regex(await detailOf(open()), /onnx\/model\.onnx is not the file/);
});

test('only a model is pinned', async (t) => {
  t.regex(await detailOf(pinModel('/nowhere/to/be/found')), /no folder found that can be read/);
  const directory = await writeFolder({ 'notes.txt': 'nothing' });
  t.regex(await detailOf(pinModel(directory)), /config\.json is missing/);
  t.regex(await detailOf(loadNerEngine({ directory, provider: 'cpu' })), /config\.json is missing/);
  t.regex(
    await detailOf(loadNerEngine({ directory, provider: 'cpu', manifestSha256: '0'.repeat(64) })),
    /MANIFEST\.json is missing/,
  );
});
