import { basename, join, resolve } from 'node:path';
import { createDecoder, type Decode } from './decode.ts';
import { type Encoder } from './encoding.ts';
import { createEntityNames } from './entities.ts';
import { asRecord, type Fields, optionalCount, optionalString } from './fields.ts';
import { createHfEncoder, type FramedEncoder } from './hf-encoder.ts';
import { parseLabels, parseThresholds, parseTransitions } from './labels.ts';
import { type ModelFolder, openModelFolder, readChecked, sha256 } from './manifest.ts';
import { modelError } from './model-error.ts';
import { parseOperatingPoints } from './operating-points.ts';
import { type WindowSize, windowSize } from './window.ts';
import { createWordEncoder } from './word-encoder.ts';

export interface ModelFolderOptions {
  /** A model's folder: ours, or a Hugging Face token-classification export as it was downloaded. */
  readonly directory: string;
  /** Our own models must have a MANIFEST.json unless true; with false, all models must. */
  readonly allowUnmanifested?: boolean;
  /** SHA-256 of MANIFEST.json, hex: whoever changes files and manifest together is refused too. */
  readonly manifestSha256?: string;
  /** The operator's word for a model's types, above the folder's `entity_map` and our table. */
  readonly entityMap?: Readonly<Record<string, string | null>>;
  /** Read the folder as if it had no MANIFEST.json, to write a new one. */
  readonly ignoreManifest?: boolean;
}

/** Everything about a model but the sessions that run it. */
export interface ModelParts extends FramedEncoder {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the graph, hex. */
  readonly digest: string;
  readonly labels: number;
  /** What its labels stand for. */
  readonly entities: readonly string[];
  readonly decode: Decode;
  readonly window: WindowSize;
  /** The graph, checked again with each reading. */
  readonly graph: () => Promise<Uint8Array | string>;
}

const OWN_MODEL = 'cordon-words';
const DEFAULT_MAX_UNITS = 512;
/** Where exports put the graph, best first: full precision, then what runs on a cpu, then the rest. */
const MODEL_FILES = [
  'model',
  'model_quantized',
  'model_int8',
  'model_uint8',
  'model_fp16',
  'model_q4',
].flatMap((name) => [`onnx/${name}.onnx`, `${name}.onnx`]);

/** @throws CordonError `detector_unavailable`; `detail` says which file is wrong and what to do */
export async function readModelParts(options: ModelFolderOptions): Promise<ModelParts> {
  const folder = await openModelFolder(options.directory, options);
  const config = await folder.readJson('config.json');
  const isOwn = config['model_type'] === OWN_MODEL;
  if (folder.manifest === undefined && !(options.allowUnmanifested ?? !isOwn)) {
    throw modelError(
      'the model has no MANIFEST.json, so nobody can tell whether it was changed; write one with: cordon model pin',
    );
  }
  const set = parseLabels(config['id2label']);
  const labels = set.labels.length;
  const transitions = parseTransitions(config['transitions'], labels);
  const thresholds = parseThresholds(config['thresholds']);
  const entityOf = createEntityNames(config['entity_map'], options.entityMap);
  const framed = isOwn ? await openWordEncoder(folder, config) : await openHfEncoder(folder, config);
  const window = await windowOf(folder, config, framed);
  const { graph, digest } = await openGraph(folder);
  const { name, version } = identify(folder, config, digest);
  const recognizer = `ner:${name}`;
  const personPoints = parseOperatingPoints(config['person_points']);
  const wholeWords = !isOwn;
  const decode = createDecoder({
    set,
    transitions,
    thresholds,
    personPoints,
    entityOf,
    recognizer,
    wholeWords,
  });
  const types = set.labels.filter(({ position }) => position !== 'O').map(({ type }) => entityOf(type));
  const entities = [...new Set(types.filter((entity) => entity !== undefined))];
  return { ...framed, name, version, digest, labels, entities, decode, window, graph };
}

async function openWordEncoder(folder: ModelFolder, config: Fields): Promise<FramedEncoder> {
  const vocab = new TextDecoder().decode(await folder.read('vocab.txt'));
  let encoder: Encoder;
  try {
    encoder = createWordEncoder(config, { vocab });
  } catch (cause) {
    throw modelError(
      cause instanceof TypeError ? cause.message : 'config.json or vocab.txt is malformed',
      cause,
    );
  }
  return { encoder, frame: { before: [], after: [] } };
}

async function openHfEncoder(folder: ModelFolder, config: Fields): Promise<FramedEncoder> {
  if (!(await folder.has('tokenizer.json'))) {
    throw modelError('the folder has no tokenizer.json; export the model with its fast tokenizer');
  }
  const tokenizer = await folder.readJson('tokenizer.json');
  const settings = await tokenizerConfig(folder);
  const padding = tokenizer['padding'];
  const padIds = [
    config['pad_token_id'],
    isObject(padding) ? asRecord(padding, 'padding')['pad_id'] : undefined,
  ];
  const padId = padIds.find((id): id is number => Number.isSafeInteger(id)) ?? 0;
  return createHfEncoder(tokenizer, settings, padId);
}

async function tokenizerConfig(folder: ModelFolder): Promise<Fields> {
  const file = 'tokenizer_config.json';
  return (await folder.has(file)) ? folder.readJson(file) : {};
}

/** `max_units` is ours; the others say how many units a transformer has places for, special tokens included. */
async function windowOf(folder: ModelFolder, config: Fields, { frame }: FramedEncoder): Promise<WindowSize> {
  const settings = await tokenizerConfig(folder);
  const specials = frame.before.length + frame.after.length;
  const limits = [config['max_position_embeddings'], settings['model_max_length']]
    .filter((limit): limit is number => typeof limit === 'number' && limit > specials)
    .map((limit) => limit - specials);
  const maxUnits = optionalCount(config, 'max_units') ?? DEFAULT_MAX_UNITS;
  return windowSize(Math.min(maxUnits, ...limits), optionalCount(config, 'receptive_field'));
}

/**
 * The graph as bytes, so that what was checked is what runs. Only a graph that keeps its weights in further files is
 * opened by path, as onnxruntime must find them.
 */
async function openGraph(folder: ModelFolder): Promise<Pick<ModelParts, 'graph' | 'digest'>> {
  for (const file of MODEL_FILES) {
    if (!(await folder.has(file))) continue;
    const digest = sha256(await folder.read(file));
    const further = [`${file}_data`, `${file}.data`];
    const isSplit = (await Promise.all(further.map((name) => folder.has(name)))).includes(true);
    if (
      isSplit &&
      folder.manifest !== undefined &&
      !further.some((name) => folder.manifest?.files.has(name))
    ) {
      throw modelError(`the further weights of ${file} are not named in MANIFEST.json; add them`);
    }
    return { digest, graph: graphReader(folder.directory, file, digest, isSplit) };
  }
  throw modelError('the folder has no model.onnx (nor onnx/model.onnx); export the model to ONNX');
}

/** Apart from openGraph, so that the reader does not keep the folder's bytes alive. */
function graphReader(directory: string, file: string, digest: string, isSplit: boolean): ModelParts['graph'] {
  return async () => {
    const bytes = await readChecked(directory, file, digest);
    return isSplit ? join(directory, file) : bytes;
  };
}

/** Names the model in records: MANIFEST.json's word, else config.json's, else the folder's and the graph's digest. */
function identify(folder: ModelFolder, config: Fields, digest: string): { name: string; version: string } {
  const plain = (text: string): string => text.replace(/[^\w.-]/g, '_').slice(0, 100);
  const name = folder.manifest?.name ?? optionalString(config, 'name') ?? basename(resolve(folder.directory));
  const version = folder.manifest?.version ?? optionalString(config, 'version') ?? digest.slice(0, 12);
  return { name: plain(name), version: plain(version) };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
