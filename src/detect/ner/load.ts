import { basename, join, resolve } from 'node:path';
import { createEntityNames } from './entities.ts';
import { type NerEngine } from './contract.ts';
import { createDecoder } from './decode.ts';
import { type Encoder } from './encoding.ts';
import { createNerEngine } from './engine.ts';
import { asRecord, type Fields, optionalCount, optionalString } from './fields.ts';
import { createHfEncoder, type FramedEncoder } from './hf-encoder.ts';
import { parseLabels, parseThresholds, parseTransitions } from './labels.ts';
import { type ModelFolder, openModelFolder, sha256 } from './manifest.ts';
import { modelError } from './model-error.ts';
import { openOnProvider, type Provider, type ProviderReport } from './provider.ts';
import { type WindowSize, windowSize } from './window.ts';
import { createWordEncoder } from './word-encoder.ts';

export interface LoadOptions {
  /** A model's folder: ours, or a Hugging Face token-classification export as it was downloaded. */
  readonly directory: string;
  readonly provider: Provider;
  /** Refuse to start on the cpu. */
  readonly requireGpu?: boolean;
  /** Threads of one run; onnxruntime's own choice when not given. */
  readonly threads?: number;
  /** Runs at the same time on the cpu, each on a thread of its own; an accelerator has one. 1 when not given. */
  readonly lanes?: number;
  /** Units of one batch, padding included. */
  readonly maxBatchUnits?: number;
  /** Texts of all callers that may be at work; beyond, calls are refused. */
  readonly maxQueuedTexts?: number;
  /** Our own models must have a MANIFEST.json unless true; with false, all models must. */
  readonly allowUnmanifested?: boolean;
}

export interface LoadedNerEngine extends NerEngine {
  readonly report: ProviderReport;
  /** What its labels stand for. */
  readonly entities: readonly string[];
}

const OWN_MODEL = 'cordon-words';
const DEFAULT_MAX_UNITS = 512;
/** A cpu gains little from large batches and a caller waits for the whole of one; an accelerator gains much. */
const CPU_BATCH_UNITS = 1024;
const ACCELERATOR_BATCH_UNITS = 16_384;
const DEFAULT_QUEUED_TEXTS = 1024;
/** Where exports put the graph, best first: full precision, then what runs on a cpu, then the rest. */
const MODEL_FILES = [
  'model',
  'model_quantized',
  'model_int8',
  'model_uint8',
  'model_fp16',
  'model_q4',
].flatMap((name) => [`onnx/${name}.onnx`, `${name}.onnx`]);

/**
 * Loads a named-entity model.
 * @throws CordonError `detector_unavailable`; `detail` says which file is wrong and what to do
 */
export async function loadNerEngine(options: LoadOptions): Promise<LoadedNerEngine> {
  const folder = await openModelFolder(options.directory);
  const config = await folder.readJson('config.json');
  const isOwn = config['model_type'] === OWN_MODEL;
  if (folder.manifest === undefined && !(options.allowUnmanifested ?? !isOwn)) {
    throw modelError('the model has no MANIFEST.json, so nobody can tell whether it was changed');
  }
  const set = parseLabels(config['id2label']);
  const labels = set.labels.length;
  const transitions = parseTransitions(config['transitions'], labels);
  const thresholds = parseThresholds(config['thresholds']);
  const entityOf = createEntityNames(config['entity_map']);
  const framed = isOwn ? await openWordEncoder(folder, config) : await openHfEncoder(folder, config);
  const window = await windowOf(folder, config, framed);
  const graph = await openGraph(folder);
  const { name, version } = identify(folder, config, graph.digest);

  const source = {
    model: graph.model,
    encoder: framed.encoder,
    frame: framed.frame,
    labels,
    threads: options.threads,
  };
  const { model, report } = await openOnProvider(
    source,
    options.provider,
    options.requireGpu ?? false,
    options.lanes ?? 1,
  );
  const recognizer = `ner:${name}`;
  const decode = createDecoder({ set, transitions, thresholds, entityOf, recognizer, wholeWords: !isOwn });
  const engine = createNerEngine({
    version: `${recognizer}@${version}`,
    encoder: framed.encoder,
    decode,
    model,
    window,
    labels,
    maxBatchUnits:
      options.maxBatchUnits ?? (model.provider === 'cpu' ? CPU_BATCH_UNITS : ACCELERATOR_BATCH_UNITS),
    maxQueuedTexts: options.maxQueuedTexts ?? DEFAULT_QUEUED_TEXTS,
  });
  const types = set.labels.filter(({ position }) => position !== 'O').map(({ type }) => entityOf(type));
  const entities = [...new Set(types.filter((entity) => entity !== undefined))];
  return { ...engine, report, entities };
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
async function openGraph(folder: ModelFolder): Promise<{ model: Uint8Array | string; digest: string }> {
  for (const file of MODEL_FILES) {
    if (!(await folder.has(file))) continue;
    const bytes = await folder.read(file);
    const digest = sha256(bytes).slice(0, 12);
    const further = [`${file}_data`, `${file}.data`];
    const isSplit = (await Promise.all(further.map((name) => folder.has(name)))).includes(true);
    if (
      isSplit &&
      folder.manifest !== undefined &&
      !further.some((name) => folder.manifest?.files.has(name))
    ) {
      throw modelError(`the further weights of ${file} are not named in MANIFEST.json; add them`);
    }
    return { model: isSplit ? join(folder.directory, file) : bytes, digest };
  }
  throw modelError('the folder has no model.onnx (nor onnx/model.onnx); export the model to ONNX');
}

/** Names the model in records: MANIFEST.json's word, else config.json's, else the folder's and the graph's digest. */
function identify(folder: ModelFolder, config: Fields, digest: string): { name: string; version: string } {
  const plain = (text: string): string => text.replace(/[^\w.-]/g, '_').slice(0, 100);
  const name = folder.manifest?.name ?? optionalString(config, 'name') ?? basename(resolve(folder.directory));
  const version = folder.manifest?.version ?? optionalString(config, 'version') ?? digest;
  return { name: plain(name), version: plain(version) };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
