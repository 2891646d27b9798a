import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Config } from '../config/load.ts';
import { createDetector } from '../detect/detector.ts';
import { type NerEngine } from '../detect/ner/contract.ts';
import { createEngineOn, type LoadOptions, loadNerEngine } from '../detect/ner/load.ts';
import { type ModelFolderOptions, readModelParts } from '../detect/ner/model-parts.ts';
import { type ProviderReport, unitsPerSecond } from '../detect/ner/provider.ts';
import { defaultRecognizers } from '../detect/default-recognizers.ts';
import { type Detector } from '../domain/span.ts';
import { createInferenceClient } from '../inference/client.ts';
import { createRemoteModel } from '../inference/remote-model.ts';
import { type Log } from '../telemetry/log.ts';
import { readDetectionRules } from './detection-rules.ts';
import { packageDirectory } from './locations.ts';

export interface OpenDetection {
  readonly detector: Detector;
  /** Who finds what. */
  readonly catalogue: readonly { readonly name: string; readonly entities: readonly string[] }[];
  /** What runs, for the person who started it. */
  readonly description: string;
  close(): Promise<void>;
}

/**
 * Recognisers, the operator's own among them, and model. Rejects when one of their files has a mistake or the model
 * cannot be loaded: without it names would leave unseen. A model on another machine may be away at the start as at any
 * other time: until it answers, no call is served.
 */
export async function openDetection(config: Config, log: Log): Promise<OpenDetection> {
  const rules = readDetectionRules(config);
  const { ner, report, entities } =
    config.detection.remote === undefined ? await openLocal(config, log) : await openRemote(config, log);
  const recognizers = [
    ...defaultRecognizers({ phoneRegions: config.detection.phone_regions }),
    ...rules.recognizers,
  ];
  const detector = createDetector({
    ner,
    recognizers,
    cacheKey: randomBytes(32),
    thresholds: config.detection.thresholds,
    allow: config.detection.allow,
    ...(rules.version === undefined ? {} : { rulesVersion: rules.version }),
    timeoutMs: config.detection.timeout_ms,
  });
  const speed =
    report === undefined ? 'not reached yet' : `${report.unitsPerSecond.toLocaleString('en')} tokens/s`;
  return {
    detector,
    catalogue: [
      ...recognizers.map((recognizer) => ({ name: recognizer.name, entities: recognizer.entities })),
      { name: ner.version.replace(/@.*$/, ''), entities },
    ],
    description: `${ner.version} on ${ner.provider}, ${speed}`,
    close: () => ner.close(),
  };
}

interface OpenEngine {
  readonly ner: NerEngine;
  /** Undefined while a remote model has not answered yet. */
  readonly report: ProviderReport | undefined;
  /** What the model's labels stand for. */
  readonly entities: readonly string[];
}

async function openLocal(config: Config, log: Log): Promise<OpenEngine> {
  const started = performance.now();
  const ner = await loadNerEngine(localModelOptions(config, log));
  logLoaded(log, ner.version, ner.report, started);
  return { ner, report: ner.report, entities: ner.entities };
}

async function openRemote(config: Config, log: Log): Promise<OpenEngine> {
  const { remote } = config.detection;
  if (remote === undefined) throw new TypeError('no remote model is configured');
  const started = performance.now();
  const parts = await readModelParts(modelFolderOptions(config));
  const served = {
    model: remote.model ?? parts.name,
    version: remote.version === 'none' ? undefined : (remote.version ?? parts.version),
  };
  const { url, token, ca, connections, timeout_ms: timeoutMs } = remote;
  const client = createInferenceClient({ url, ...served, token, ca, timeoutMs, connections });
  const model = createRemoteModel({ client, parts, ...served, lanes: connections });
  const ner = createEngineOn(parts, model, {});
  try {
    const reason = await model.connect();
    if (reason === undefined) {
      const speed = await unitsPerSecond(model, parts);
      const report = { provider: model.provider, unitsPerSecond: speed, refused: [] };
      logLoaded(log, ner.version, report, started);
      return { ner, report, entities: parts.entities };
    }
    log({ event: 'model_unreachable', model: ner.version, reason });
    return { ner, report: undefined, entities: parts.entities };
  } catch (error) {
    await ner.close();
    throw error;
  }
}

function logLoaded(log: Log, model: string, report: ProviderReport, started: number): void {
  log({
    event: 'model_loaded',
    model,
    provider: report.provider,
    ms: Math.round(performance.now() - started),
    tokensPerSecond: report.unitsPerSecond,
    refused: report.refused.map(({ provider, reason }) => `${provider}: ${reason}`),
  });
}

/** How this configuration runs a model in this process. */
export function localModelOptions(config: Config, log: Log): LoadOptions {
  const { provider, require_gpu: requireGpu, threads } = config.detection;
  return {
    ...modelFolderOptions(config),
    provider,
    requireGpu,
    ...(threads === undefined ? {} : { threads }),
    supervision: {
      observe: (state) => {
        log({ event: 'model_thread', state });
      },
    },
  };
}

/** In production every model has a manifest; elsewhere a stranger's may be tried without. */
function modelFolderOptions(config: Config): ModelFolderOptions {
  const { model, manifest_sha256: manifestSha256, entity_map: entityMap } = config.detection;
  return {
    entityMap,
    directory: modelDirectory(model, config.baseDirectory),
    ...(config.environment === 'production' ? { allowUnmanifested: false } : {}),
    ...(manifestSha256 === undefined ? {} : { manifestSha256 }),
  };
}

/** A folder below our models/, else a path relative to the configuration file. */
export function modelDirectory(model: string, baseDirectory: string): string {
  const shipped = path.join(packageDirectory(), 'models', model);
  return existsSync(shipped) ? shipped : path.resolve(baseDirectory, model);
}
