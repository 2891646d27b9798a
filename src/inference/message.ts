import {
  byteLengthOf,
  datatypeOf,
  fromBytes,
  fromJson,
  type NamedTensor,
  ProtocolError,
  toBytes,
  toJson,
  typeOf,
} from './tensor.ts';

/** A JSON object that was received, not yet believed. */
export type Fields = Readonly<Record<string, unknown>>;

/** A request or a reply as it travels: JSON, and behind it the tensors that are given as bytes. */
export interface WireMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Header that says how much of a body is JSON (Triton's binary tensor data extension). */
export const JSON_LENGTH_HEADER = 'inference-header-content-length';
/** How a server says that it knows that extension. */
export const BINARY_EXTENSION = 'binary_tensor_data';
const MAX_TENSORS = 16;
const MAX_RANK = 4;
const MAX_NUMBERS = 2 ** 31;

/**
 * Open Inference Protocol v2, HTTP/REST: `$inference_request` (`place: 'inputs'`) or `$inference_response`
 * (`'outputs'`). `binary` sends the numbers behind the JSON.
 */
export function writeMessage(
  place: 'inputs' | 'outputs',
  fields: object,
  tensors: readonly NamedTensor[],
  binary: boolean,
): WireMessage {
  const parts: Uint8Array[] = [];
  const entries = tensors.map((tensor) => {
    const entry = { name: tensor.name, shape: tensor.dims, datatype: datatypeOf(tensor.type) };
    if (!binary) return { ...entry, data: toJson(tensor) };
    const bytes = toBytes(tensor.data);
    parts.push(bytes);
    return { ...entry, parameters: { binary_data_size: bytes.length } };
  });
  const json = Buffer.from(JSON.stringify({ ...fields, [place]: entries }));
  if (!binary) return { headers: { 'content-type': 'application/json' }, body: json };
  return {
    headers: { 'content-type': 'application/octet-stream', [JSON_LENGTH_HEADER]: String(json.length) },
    body: Buffer.concat([json, ...parts]),
  };
}

/**
 * The reverse. Every tensor has the numbers that its shape asks for, every byte of the body is accounted for.
 * @param jsonLength the header's value, undefined when there is none
 * @throws ProtocolError
 */
export function readMessage(
  place: 'inputs' | 'outputs',
  body: Buffer,
  jsonLength: string | undefined,
): { readonly fields: Fields; readonly tensors: readonly NamedTensor[] } {
  const split = jsonLength === undefined ? body.length : wholeNumber(jsonLength);
  if (split === undefined || split > body.length) {
    throw new ProtocolError(`the header ${JSON_LENGTH_HEADER} is not the length of the JSON`);
  }
  const fields = parseFields(body.subarray(0, split));
  const entries = fields[place];
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > MAX_TENSORS) {
    throw new ProtocolError(`${place} must be a list of tensors`);
  }
  let at = split;
  const tensors = entries.map((entry): NamedTensor => {
    const { name, dims, type, count, size, data } = readEntry(entry);
    if (size === undefined) return { name, type, dims, data: fromJson(type, data, count) };
    const from = at;
    at += size;
    if (size !== byteLengthOf(type, count) || at > body.length) {
      throw new ProtocolError(
        'binary_data_size is not what the shape and the datatype of the tensor ask for',
      );
    }
    return { name, type, dims, data: fromBytes(type, body.subarray(from, at)) };
  });
  if (at !== body.length) throw new ProtocolError('there are bytes behind the last tensor');
  return { fields, tensors };
}

function readEntry(entry: unknown) {
  const { name, shape, datatype, data, parameters } = asFields(entry, 'a tensor');
  const type = typeOf(datatype);
  if (typeof name !== 'string' || type === undefined) {
    throw new ProtocolError('a tensor needs a name and a datatype of INT32, INT64, FP32, BOOL');
  }
  const dims = readShape(shape);
  const count = countOf(dims);
  const size = parameters === undefined ? undefined : asFields(parameters, 'parameters')['binary_data_size'];
  if (size !== undefined && (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)) {
    throw new ProtocolError('binary_data_size must be a whole number');
  }
  return { name, dims, type, count, size, data };
}

/** Sizes of at least one each, whose product a body can hold. */
function readShape(shape: unknown): readonly number[] {
  const dims: unknown[] = Array.isArray(shape) ? shape : [];
  const sizes = dims.filter((dim): dim is number => typeof dim === 'number' && Number.isSafeInteger(dim));
  const isWhole = sizes.length === dims.length && sizes.every((size) => size > 0);
  if (!isWhole || sizes.length < 1 || sizes.length > MAX_RANK || countOf(sizes) > MAX_NUMBERS) {
    throw new ProtocolError('the shape of a tensor must be 1 to 4 whole numbers above zero');
  }
  return sizes;
}

function countOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** @throws ProtocolError */
export function parseFields(bytes: Uint8Array): Fields {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ProtocolError('what should be JSON is not');
  }
  return asFields(value, 'the message');
}

export function asFields(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProtocolError(`${what} must be a JSON object`);
  }
  return Object.fromEntries(Object.entries(value));
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
