import { asFields, type Fields } from './message.ts';
import { ProtocolError } from './tensor.ts';

/** What a server says about a model. */
export interface ModelMetadata {
  readonly name: string;
  /** Undefined when the server does not tell. */
  readonly versions: readonly string[] | undefined;
  /** SHA-256 of the graph, of servers that tell (`cordon serve-model` does). */
  readonly sha256: string | undefined;
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  /** −1 for a size that may vary. */
  readonly shape: readonly number[];
}

/** `$metadata_model_response`. @throws ProtocolError */
export function readMetadata(fields: Fields): ModelMetadata {
  const { name, versions } = fields;
  if (typeof name !== 'string') throw new ProtocolError('the metadata of the model has no name');
  const isList = Array.isArray(versions) && versions.every((version) => typeof version === 'string');
  if (versions !== undefined && !isList) throw new ProtocolError('the versions of the model must be texts');
  return {
    name,
    versions: isList ? versions : undefined,
    sha256: digestIn(fields),
    inputs: readTensors(fields['inputs']),
    outputs: readTensors(fields['outputs']),
  };
}

function readTensors(value: unknown): TensorMetadata[] {
  if (!Array.isArray(value)) throw new ProtocolError('the metadata of the model names no tensors');
  return value.map((entry): TensorMetadata => {
    const { name, datatype, shape } = asFields(entry, 'the metadata of a tensor');
    const dims: unknown[] = Array.isArray(shape) ? shape : [undefined];
    const sizes = dims.map(Number);
    if (typeof name !== 'string' || typeof datatype !== 'string' || !sizes.every(Number.isSafeInteger)) {
      throw new ProtocolError('the metadata of a tensor needs name, datatype and shape');
    }
    return { name, datatype, shape: sizes };
  });
}

/** Our own addition, in `parameters`, where the protocol has room for it. */
export function digestIn(fields: Fields): string | undefined {
  const { parameters } = fields;
  return parameters === undefined ? undefined : optionalText(asFields(parameters, 'parameters')['sha256']);
}

export function optionalText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new ProtocolError('a name in the answer is no text');
  return value;
}
