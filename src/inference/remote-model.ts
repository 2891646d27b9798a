import { CordonError } from '../domain/errors.ts';
import { type Model, outputName, probeEncoding } from '../detect/ner/model.ts';
import { modelError } from '../detect/ner/model-error.ts';
import { type ModelParts } from '../detect/ner/model-parts.ts';
import { type OrtValueMetadata } from '../detect/ner/onnxruntime.ts';
import { buildFeeds, type InputPlan, planInputs, type Row, splitLogits } from '../detect/ner/tensors.ts';
import { type InferenceClient, type InferReply, type ServedMetadata, UnreachableError } from './client.ts';
import { type TensorMetadata } from './metadata.ts';
import { type NamedTensor, ProtocolError, typeOf } from './tensor.ts';

export interface RemoteModelOptions {
  readonly client: InferenceClient;
  readonly parts: Pick<ModelParts, 'encoder' | 'frame' | 'labels' | 'digest'>;
  /** As the server calls it. */
  readonly model: string;
  readonly version: string | undefined;
  /** Requests at the same time. */
  readonly lanes: number;
}

export interface RemoteModel extends Model {
  /**
   * Asks the server what it serves. Resolves with what keeps it from being asked, or with undefined.
   * @throws CordonError when it serves something else than the folder on this side describes
   */
  connect(): Promise<string | undefined>;
}

/** What server and folder agree on. */
interface Contract {
  readonly plans: readonly InputPlan[];
  readonly output: string;
  readonly binary: boolean;
}

/**
 * The model on another machine. Texts are cut into units here and only numbers travel, so any server of the protocol
 * will do. Whatever is not exactly what was asked for is a failure; after one, the server is asked again what it
 * serves, for it may have been replaced.
 */
export function createRemoteModel(options: RemoteModelOptions): RemoteModel {
  const { client, parts, lanes } = options;
  const { frame, labels } = parts;
  let contract: Promise<Contract> | undefined;

  const agree = (): Promise<Contract> => {
    const made = (contract ??= client.metadata().then((metadata) => makeContract(metadata, options)));
    made.catch(() => {
      if (contract === made) contract = undefined;
    });
    return made;
  };

  const run = async (rows: readonly Row[], _lane: number, signal?: AbortSignal): Promise<Float32Array[]> => {
    try {
      const { plans, output, binary } = await agree();
      const feeds = buildFeeds(plans, frame, rows);
      const inputs = Object.entries(feeds).map(([name, tensor]) => ({ name, ...tensor }));
      const [batch = 0, units = 0] = inputs[0]?.dims ?? [];
      const request = { inputs, output, binary, maxNumbers: batch * units * labels };
      const reply = await client.infer(request, signal);
      return splitLogits(logitsOf(reply, output, options), frame, rows, labels);
    } catch (error) {
      // A caller that left says nothing about the server.
      if (signal?.aborted !== true) contract = undefined;
      throw translate(error);
    }
  };

  return {
    provider: 'remote',
    lanes,
    isOpen: () => true,
    run,
    close: () => client.close(),
    connect: async () => {
      try {
        await agree();
        return undefined;
      } catch (error) {
        if (error instanceof UnreachableError) return error.message;
        throw translate(error);
      }
    },
  };
}

/** @throws CordonError or ProtocolError when the server's model is not the folder's */
function makeContract(metadata: ServedMetadata, options: RemoteModelOptions): Contract {
  const { parts, model, version } = options;
  if (metadata.name !== model) throw modelError('the model server answers for another model');
  if (version !== undefined && metadata.versions?.includes(version) !== true) {
    throw modelError(
      `the model server does not serve version ${version} of ${model}; give both sides the same folder, or set detection.remote.version`,
    );
  }
  checkDigest(metadata.sha256, parts.digest);
  const plans = planInputs(metadata.inputs.map(toOrt), probeEncoding(parts.encoder));
  const output = outputName({ outputs: metadata.outputs.map(toOrt) });
  const shape = metadata.outputs.find(({ name }) => name === output)?.shape ?? [];
  const last = shape[2] ?? -1;
  if (shape.length !== 3 || (last >= 0 && last !== parts.labels)) {
    throw modelError('the model server has another number of labels than config.json');
  }
  return { plans, output, binary: metadata.binary };
}

function toOrt({ name, datatype, shape }: TensorMetadata): OrtValueMetadata {
  const type = typeOf(datatype);
  return {
    name,
    isTensor: true,
    ...(type === undefined ? {} : { type }),
    shape: shape.map((size) => (size < 0 ? 'any' : size)),
  };
}

/** The one tensor that was asked for, from the model that was asked. */
function logitsOf(
  reply: InferReply,
  output: string,
  { model, version, parts }: RemoteModelOptions,
): NamedTensor {
  const isOther = reply.name !== undefined && reply.name !== model;
  if (isOther || (version !== undefined && reply.version !== undefined && reply.version !== version)) {
    throw modelError('the model server answered with another model or version');
  }
  checkDigest(reply.sha256, parts.digest);
  const [tensor] = reply.tensors;
  if (reply.tensors.length !== 1 || tensor?.name !== output) {
    throw modelError(`the model server answered with other tensors than ${output}`);
  }
  return tensor;
}

function checkDigest(actual: string | undefined, expected: string): void {
  if (actual !== undefined && actual !== expected) {
    throw modelError('the graph on the model server is not the one in the folder on this side');
  }
}

function translate(error: unknown): CordonError {
  if (error instanceof CordonError) return error;
  const isOurs = error instanceof ProtocolError || error instanceof UnreachableError;
  return modelError(isOurs ? error.message : 'asking the model server failed', error);
}
