import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Config } from '../config/load.ts';
import { createDetector } from '../detect/detector.ts';
import { loadNerEngine } from '../detect/ner/load.ts';
import { defaultRecognizers } from '../detect/default-recognizers.ts';
import { type Detector } from '../domain/span.ts';
import { type Log } from '../telemetry/log.ts';
import { packageDirectory } from './locations.ts';

export interface OpenDetection {
  readonly detector: Detector;
  /** Who finds what. */
  readonly catalogue: readonly { readonly name: string; readonly entities: readonly string[] }[];
  /** What runs, for the person who started it. */
  readonly description: string;
  close(): Promise<void>;
}

/** Recognisers and model. Rejects when the model cannot be loaded: without it names would leave unseen. */
export async function openDetection(config: Config, log: Log): Promise<OpenDetection> {
  const { model, provider, require_gpu: requireGpu, threads } = config.detection;
  const started = performance.now();
  const ner = await loadNerEngine({
    directory: modelDirectory(model, config.baseDirectory),
    provider,
    requireGpu,
    ...(threads === undefined ? {} : { threads }),
  });
  log({
    event: 'model_loaded',
    model: ner.version,
    provider: ner.provider,
    ms: Math.round(performance.now() - started),
  });
  const recognizers = defaultRecognizers({ phoneRegions: config.detection.phone_regions });
  const detector = createDetector({
    ner,
    recognizers,
    cacheKey: randomBytes(32),
    thresholds: config.detection.thresholds,
    timeoutMs: config.detection.timeout_ms,
  });
  return {
    detector,
    catalogue: [
      ...recognizers.map(({ name, entities }) => ({ name, entities })),
      { name: ner.version.replace(/@.*$/, ''), entities: ner.entities },
    ],
    description: `${ner.version} on ${ner.provider}`,
    close: () => ner.close(),
  };
}

/** A folder below our models/, else a path relative to the configuration file. */
function modelDirectory(model: string, baseDirectory: string): string {
  const shipped = path.join(packageDirectory(), 'models', model);
  return existsSync(shipped) ? shipped : path.resolve(baseDirectory, model);
}
