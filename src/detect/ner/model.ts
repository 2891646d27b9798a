import { type Worker } from 'node:worker_threads';
import { CordonError } from '../../domain/errors.ts';
import { type Encoder, type Encoding } from './encoding.ts';
import { type Frame } from './frame.ts';
import { modelError } from './model-error.ts';
import { type OrtSessionOptions } from './onnxruntime.ts';
import { openSession, type Session, spawnSessionThread } from './session.ts';
import { keepOpen, type SupervisedSession, type ThreadState } from './supervise.ts';
import { buildFeeds, type InputPlan, planInputs, type Row, splitLogits } from './tensors.ts';

/** A model that is open on one execution provider or on another machine, in one or more lanes that run at once. */
export interface Model {
  readonly provider: string;
  readonly lanes: number;
  /** False while a lane cannot run, and would only fail. */
  isOpen(lane: number): boolean;
  /**
   * Logits of each row, [units × labels]; one run at a time a lane. Rejects with `detector_unavailable`.
   * `signal`: nobody waits for the answer any more.
   */
  run(rows: readonly Row[], lane: number, signal?: AbortSignal): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** A model in this process, whose tensors are known. */
export interface LocalModel extends Model {
  readonly inputs: readonly InputPlan[];
  readonly output: string;
}

export interface ModelSource {
  /**
   * The graph's bytes, verified each time they are read; a path only for models that keep weights in further files.
   * Asked for again when a thread is replaced, so that nothing holds the bytes in the meantime.
   */
  readonly graph: () => Promise<Uint8Array | string>;
  readonly encoder: Encoder;
  readonly frame: Frame;
  readonly labels: number;
  /** Threads of one run; onnxruntime's own choice when undefined. */
  readonly threads: number | undefined;
  readonly supervision: Supervision;
}

/** How the threads of a model are watched. */
export interface Supervision {
  readonly runTimeoutMs?: number;
  readonly minDelayMs?: number;
  readonly maxDelayMs?: number;
  readonly spawn?: () => Worker;
  readonly observe?: (state: ThreadState) => void;
}

const PROBE = 'Maria Müller from Cordon wrote to 王小明 in Zürich.';
const RUN_TIMEOUT_MS = 30_000;
const MIN_DELAY_MS = 100;
const MAX_DELAY_MS = 30_000;

/** @throws CordonError when a session cannot be made or does not fit the encoder */
export async function openModel(source: ModelSource, provider: string, lanes: number): Promise<LocalModel> {
  const { opened, failure } = await openLanes(source, provider, lanes);
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((session) => session.close()));
  };
  try {
    const first = opened[0];
    if (first === undefined || opened.length < lanes) throw failure;
    const { encoder, frame, labels } = source;
    const plans = planInputs(first.inputs, probeEncoding(encoder));
    const output = outputName(first);
    const run = async (rows: readonly Row[], lane: number): Promise<Float32Array[]> => {
      try {
        const session = opened[lane] ?? first;
        return splitLogits(await session.run(buildFeeds(plans, frame, rows), output), frame, rows, labels);
      } catch (cause) {
        throw cause instanceof CordonError ? cause : modelError(`the model failed on ${provider}`, cause);
      }
    };
    const isOpen = (lane: number): boolean => opened[lane]?.isOpen() === true;
    return { provider, lanes, inputs: plans, output, isOpen, run, close };
  } catch (cause) {
    await close();
    throw cause instanceof CordonError
      ? cause
      : modelError(`the model cannot be opened on ${provider}`, cause);
  }
}

async function openLanes(
  source: ModelSource,
  provider: string,
  lanes: number,
): Promise<{ readonly opened: readonly SupervisedSession[]; readonly failure: unknown }> {
  const all = await Promise.allSettled(Array.from({ length: lanes }, () => openLane(source, provider)));
  return {
    opened: all.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    failure: all.find((result) => result.status === 'rejected')?.reason,
  };
}

function openLane(
  { graph, threads, supervision }: ModelSource,
  provider: string,
): Promise<SupervisedSession> {
  const options: OrtSessionOptions = {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    // Threads that spin between operators take the cores that the event loop and other lanes need.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
  };
  const { runTimeoutMs = RUN_TIMEOUT_MS, spawn = spawnSessionThread } = supervision;
  return keepOpen({
    open: async () => openSession(await graph(), options, { runTimeoutMs, spawn }),
    minDelayMs: supervision.minDelayMs ?? MIN_DELAY_MS,
    maxDelayMs: supervision.maxDelayMs ?? MAX_DELAY_MS,
    observe: supervision.observe ?? (() => undefined),
  });
}

/** The output that holds the logits. @throws CordonError when there is none, or not in single precision */
export function outputName({ outputs }: Pick<Session, 'outputs'>): string {
  const named = outputs.find((output) => output.name === 'logits');
  const only = outputs.length === 1 ? outputs[0] : undefined;
  const output = named ?? only;
  if (output === undefined) throw modelError('the model has no output named logits');
  if (output.type !== 'float32') throw modelError('the logits of the model must be float32; export them so');
  return output.name;
}

/** Any encoding of the encoder: which features it makes, and how wide. */
export function probeEncoding(encoder: Encoder): Encoding {
  return encoder.encode(PROBE);
}

/** Rows to test a model with: a few names in a few scripts, `copies` times over. */
export function probeRows(encoder: Encoder, copies: number, repeats: number): Row[] {
  const encoding = encoder.encode(Array.from({ length: repeats }, () => PROBE).join(' '));
  const to = Math.min(encoding.starts.length, 128);
  return Array.from({ length: copies }, () => ({ encoding, from: 0, to }));
}
