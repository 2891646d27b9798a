import { CordonError } from '../../domain/errors.ts';
import { type Encoder } from './encoding.ts';
import { type Frame } from './frame.ts';
import { modelError } from './model-error.ts';
import { openSession, type Session } from './session.ts';
import { buildFeeds, planInputs, type Row, splitLogits } from './tensors.ts';

/** A model that is open on one execution provider, in one or more lanes that run at the same time. */
export interface Model {
  readonly provider: string;
  readonly lanes: number;
  /** Logits of each row, [units × labels]; one run at a time a lane. Rejects with `detector_unavailable`. */
  run(rows: readonly Row[], lane: number): Promise<Float32Array[]>;
  close(): Promise<void>;
}

export interface ModelSource {
  /** The bytes that were verified; a path only for models that keep weights in further files. */
  readonly model: Uint8Array | string;
  readonly encoder: Encoder;
  readonly frame: Frame;
  readonly labels: number;
  /** Threads of one run; onnxruntime's own choice when undefined. */
  readonly threads: number | undefined;
}

const PROBE = 'Maria Müller from Cordon wrote to 王小明 in Zürich.';

/** @throws CordonError when a session cannot be made or does not fit the encoder */
export async function openModel(source: ModelSource, provider: string, lanes: number): Promise<Model> {
  const { opened, failure } = await openLanes(source, provider, lanes);
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((session) => session.close()));
  };
  try {
    const first = opened[0];
    if (first === undefined || opened.length < lanes) throw failure;
    const { encoder, frame, labels } = source;
    const plans = planInputs(first.inputs, encoder.encode(PROBE));
    const output = outputName(first);
    const run = async (rows: readonly Row[], lane: number): Promise<Float32Array[]> => {
      try {
        const session = opened[lane] ?? first;
        return splitLogits(await session.run(buildFeeds(plans, frame, rows), output), frame, rows, labels);
      } catch (cause) {
        throw cause instanceof CordonError ? cause : modelError(`the model failed on ${provider}`, cause);
      }
    };
    return { provider, lanes, run, close };
  } catch (cause) {
    await close();
    throw cause instanceof CordonError
      ? cause
      : modelError(`the model cannot be opened on ${provider}`, cause);
  }
}

/** Apart from openModel, so that what it returns does not keep the model's bytes alive. */
async function openLanes(
  source: ModelSource,
  provider: string,
  lanes: number,
): Promise<{ readonly opened: readonly Session[]; readonly failure: unknown }> {
  const all = await Promise.allSettled(Array.from({ length: lanes }, () => openLane(source, provider)));
  return {
    opened: all.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    failure: all.find((result) => result.status === 'rejected')?.reason,
  };
}

function openLane({ model, threads }: ModelSource, provider: string): Promise<Session> {
  return openSession(model, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    // Threads that spin between operators take the cores that the event loop and other lanes need.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
  });
}

function outputName({ outputs }: Session): string {
  const named = outputs.find((output) => output.name === 'logits');
  const only = outputs.length === 1 ? outputs[0] : undefined;
  const output = named ?? only;
  if (output === undefined) throw modelError('the model has no output named logits');
  if (output.type !== 'float32') throw modelError('the logits of the model must be float32; export them so');
  return output.name;
}

/** Rows to test a model with: a few names in a few scripts, `copies` times over. */
export function probeRows(encoder: Encoder, copies: number, repeats: number): Row[] {
  const encoding = encoder.encode(Array.from({ length: repeats }, () => PROBE).join(' '));
  const to = Math.min(encoding.starts.length, 128);
  return Array.from({ length: copies }, () => ({ encoding, from: 0, to }));
}
