import { type NerEngine } from './contract.ts';
import { createNerEngine } from './engine.ts';
import { type Model, type ModelSource, type Supervision } from './model.ts';
import { type ModelFolderOptions, type ModelParts, readModelParts } from './model-parts.ts';
import { openOnProvider, type Provider, type ProviderReport } from './provider.ts';

export interface LocalOptions {
  readonly provider: Provider;
  /** Refuse to start on the cpu. */
  readonly requireGpu?: boolean;
  /** Threads of one run; onnxruntime's own choice when not given. */
  readonly threads?: number;
  /** Runs at the same time on the cpu, each on a thread of its own; an accelerator has one. 1 when not given. */
  readonly lanes?: number;
  readonly supervision?: Supervision;
}

export interface EngineLimits {
  /** Units of one batch, padding included. */
  readonly maxBatchUnits?: number;
  /** Texts of all callers that may be at work; beyond, calls are refused. */
  readonly maxQueuedTexts?: number;
}

export type LoadOptions = ModelFolderOptions & LocalOptions & EngineLimits;

export interface LoadedNerEngine extends NerEngine {
  readonly report: ProviderReport;
  /** What its labels stand for. */
  readonly entities: readonly string[];
}

/** A cpu gains little from large batches and a caller waits for the whole of one; an accelerator gains much. */
const CPU_BATCH_UNITS = 1024;
const ACCELERATOR_BATCH_UNITS = 16_384;
const DEFAULT_QUEUED_TEXTS = 1024;

/**
 * Loads a named-entity model into this process.
 * @throws CordonError `detector_unavailable`; `detail` says which file is wrong and what to do
 */
export async function loadNerEngine(options: LoadOptions): Promise<LoadedNerEngine> {
  const parts = await readModelParts(options);
  const { model, report } = await openOnProvider(
    sourceOf(parts, options),
    options.provider,
    options.requireGpu ?? false,
    options.lanes ?? 1,
  );
  return { ...createEngineOn(parts, model, options), report, entities: parts.entities };
}

export function sourceOf(parts: ModelParts, options: LocalOptions): ModelSource {
  const { graph, encoder, frame, labels } = parts;
  return { graph, encoder, frame, labels, threads: options.threads, supervision: options.supervision ?? {} };
}

/** Texts in, spans out: the encoder and decoder of a folder around a model, wherever that runs. */
export function createEngineOn(parts: ModelParts, model: Model, limits: EngineLimits): NerEngine {
  return createNerEngine({
    version: `ner:${parts.name}@${parts.version}`,
    encoder: parts.encoder,
    decode: parts.decode,
    model,
    window: parts.window,
    labels: parts.labels,
    maxBatchUnits: limits.maxBatchUnits ?? batchUnitsOn(model),
    maxQueuedTexts: limits.maxQueuedTexts ?? DEFAULT_QUEUED_TEXTS,
  });
}

export function batchUnitsOn(model: Model): number {
  return model.provider === 'cpu' ? CPU_BATCH_UNITS : ACCELERATOR_BATCH_UNITS;
}
