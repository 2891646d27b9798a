import { performance } from 'node:perf_hooks';
import { CordonError } from '../../domain/errors.ts';
import { modelError } from './model-error.ts';
import { type LocalModel, type Model, type ModelSource, openModel, probeRows } from './model.ts';
import { hasProviderLibrary, hasVulkan, loadOnnxRuntime } from './onnxruntime.ts';

const ACCELERATORS = ['cuda', 'tensorrt', 'webgpu', 'coreml', 'dml'] as const;
export type Provider = 'auto' | 'cpu' | (typeof ACCELERATORS)[number];

/** Which provider was taken, how fast it read the test batch, and why the others were not taken. */
export interface ProviderReport {
  readonly provider: string;
  /** Model units (words, characters or subwords) a second, in batches of four. */
  readonly unitsPerSecond: number;
  readonly refused: readonly { readonly provider: string; readonly reason: string }[];
}

export interface OpenedModel {
  readonly model: LocalModel;
  readonly report: ProviderReport;
}

/** How far an accelerator's logits may be from the cpu's, as a part of the largest: half precision is fine, noise is not. */
const TOLERANCE = 0.05;
const SPEED_ROUNDS = 3;
const SPEED_LIMIT_MS = 300;

/**
 * Opens the model on the provider asked for. `auto` takes the first accelerator that gives the cpu's answers and is
 * no slower, else the cpu; with `requireGpu` the cpu is no answer. A provider that is named is taken or refused,
 * never replaced.
 */
export async function openOnProvider(
  source: ModelSource,
  wanted: Provider,
  requireGpu: boolean,
  lanes: number,
): Promise<OpenedModel> {
  if (requireGpu && wanted === 'cpu')
    throw modelError('require: gpu and provider: cpu contradict each other');
  const cpu = await openModel(source, 'cpu', lanes);
  const refused: { provider: string; reason: string }[] = [];
  try {
    const cpuSpeed = await unitsPerSecond(cpu, source);
    if (wanted === 'cpu')
      return { model: cpu, report: { provider: 'cpu', unitsPerSecond: cpuSpeed, refused } };
    for (const provider of wanted === 'auto' ? ACCELERATORS : [wanted]) {
      const leastSpeed = wanted === 'auto' && !requireGpu ? cpuSpeed : 0;
      const opened = await tryProvider(source, provider, cpu, leastSpeed);
      if ('reason' in opened) {
        refused.push({ provider, reason: opened.reason });
        continue;
      }
      await cpu.close();
      return { model: opened.model, report: { provider, unitsPerSecond: opened.speed, refused } };
    }
    if (wanted === 'auto' && !requireGpu) {
      return { model: cpu, report: { provider: 'cpu', unitsPerSecond: cpuSpeed, refused } };
    }
  } catch (error) {
    await cpu.close();
    throw error;
  }
  await cpu.close();
  const reasons = refused.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ');
  throw modelError(`no accelerator can be used (${reasons}); use provider: cpu or auto, or mend its driver`);
}

async function tryProvider(
  source: ModelSource,
  provider: string,
  cpu: Model,
  leastSpeed: number,
): Promise<{ model: LocalModel; speed: number } | { reason: string }> {
  const reason = unavailable(provider);
  if (reason !== undefined) return { reason };
  let model: LocalModel | undefined;
  try {
    model = await openModel(source, provider, 1);
    await checkAnswers(source, cpu, model);
    const speed = await unitsPerSecond(model, source);
    if (speed >= leastSpeed) return { model, speed };
    await model.close();
    return { reason: 'it is slower than the cpu' };
  } catch (error) {
    await model?.close();
    return { reason: error instanceof CordonError ? (error.detail ?? error.code) : 'it failed' };
  }
}

function unavailable(provider: string): string | undefined {
  const backend = loadOnnxRuntime()
    .listSupportedBackends()
    .find((candidate) => candidate.name === provider);
  if (backend === undefined) return 'not on this platform';
  if (provider === 'webgpu' && !hasVulkan()) return 'libvulkan.so.1 is not installed';
  if (backend.bundled || hasProviderLibrary(provider)) return undefined;
  return 'its library is not installed beside onnxruntime-node';
}

async function checkAnswers(source: ModelSource, cpu: Model, model: Model): Promise<void> {
  const rows = probeRows(source.encoder, 1, 1);
  const [expected] = await cpu.run(rows, 0);
  const [actual] = await model.run(rows, 0);
  if (expected === undefined || actual === undefined) throw modelError('the self-check has no answer');
  const largest = expected.reduce((max, x) => Math.max(max, Math.abs(x)), 1);
  const isClose = expected.every((x, i) => Math.abs(x - (actual[i] ?? Infinity)) <= TOLERANCE * largest);
  if (!isClose) throw modelError(`${model.provider} does not give the cpu's answers`);
}

/** Also the warm-up, and the proof that the model runs at all. */
export async function unitsPerSecond(model: Model, source: Pick<ModelSource, 'encoder'>): Promise<number> {
  const rows = probeRows(source.encoder, 4, 8);
  const units = rows.reduce((sum, row) => sum + row.to - row.from, 0);
  await model.run(rows, 0);
  let best = Infinity;
  let spent = 0;
  for (let round = 0; round < SPEED_ROUNDS && spent < SPEED_LIMIT_MS; round++) {
    const started = performance.now();
    await model.run(rows, 0);
    const took = performance.now() - started;
    best = Math.min(best, took);
    spent += took;
  }
  return Math.round((units / best) * 1000);
}
