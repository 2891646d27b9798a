import { CordonError } from '../../domain/errors.ts';
import { type Encoder } from './encoding.ts';
import { type Frame } from './frame.ts';
import { modelError } from './model-error.ts';
import { type OnnxRuntime, type OrtSession } from './onnxruntime.ts';
import { buildFeeds, planInputs, type Row, splitLogits } from './tensors.ts';

/** A model that is open on one execution provider. Runs must not overlap. */
export interface Model {
  readonly provider: string;
  /** Logits of each row, [units × labels]; rejects with `detector_unavailable`. */
  run(rows: readonly Row[]): Promise<Float32Array[]>;
  close(): Promise<void>;
}

export interface ModelSource {
  readonly runtime: OnnxRuntime;
  /** The bytes that were verified; a path only for models that keep weights in further files. */
  readonly model: Uint8Array | string;
  readonly encoder: Encoder;
  readonly frame: Frame;
  readonly labels: number;
  readonly threads: number | undefined;
}

const PROBE = 'Maria Müller from Cordon wrote to 王小明 in Zürich.';

/** @throws CordonError when the session cannot be made or does not fit the encoder */
export async function openModel(source: ModelSource, provider: string): Promise<Model> {
  const { runtime, encoder, frame, labels, threads } = source;
  let session: OrtSession;
  try {
    session = await runtime.InferenceSession.create(source.model, {
      executionProviders: [provider],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    });
  } catch (cause) {
    throw modelError(`the model cannot be opened on ${provider}`, cause);
  }
  try {
    const plans = planInputs(session.inputMetadata, encoder.encode(PROBE));
    const output = outputName(session);
    const run = async (rows: readonly Row[]): Promise<Float32Array[]> => {
      try {
        const answers = await session.run(buildFeeds(runtime, plans, frame, rows), [output]);
        return splitLogits(answers[output], frame, rows, labels);
      } catch (cause) {
        if (cause instanceof CordonError) throw cause;
        throw modelError(`the model failed on ${provider}`, cause);
      }
    };
    return { provider, run, close: () => session.release() };
  } catch (cause) {
    await session.release();
    throw cause;
  }
}

function outputName({ outputMetadata }: OrtSession): string {
  const named = outputMetadata.find((output) => output.name === 'logits');
  const only = outputMetadata.length === 1 ? outputMetadata[0] : undefined;
  const output = named ?? only;
  if (output === undefined) throw modelError('the model has no output named logits');
  return output.name;
}

/** Rows to test a model with: a few names in a few scripts, `copies` times over. */
export function probeRows(encoder: Encoder, copies: number, repeats: number): Row[] {
  const encoding = encoder.encode(Array.from({ length: repeats }, () => PROBE).join(' '));
  return Array.from({ length: copies }, () => ({
    encoding,
    from: 0,
    to: Math.min(encoding.starts.length, 128),
  }));
}
