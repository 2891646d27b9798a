import { type PlainTensor } from '../detect/ner/session.ts';
import { type TensorData } from '../detect/ner/onnxruntime.ts';

/** A tensor with its name, as the Open Inference Protocol carries it. */
export interface NamedTensor extends PlainTensor {
  readonly name: string;
}

/** What was received is not what the protocol says. The message never quotes it. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** onnxruntime's names of the types that token classifiers use, and the protocol's. */
const DATATYPES = { int32: 'INT32', int64: 'INT64', float32: 'FP32', bool: 'BOOL' } as const;
const WIDTHS = { int32: 4, int64: 8, float32: 4, bool: 1 } as const;
export type ElementType = keyof typeof DATATYPES;

function isElementType(type: string): type is ElementType {
  return Object.hasOwn(DATATYPES, type);
}

export function datatypeOf(type: string): string {
  if (!isElementType(type)) throw new ProtocolError('a tensor is of a type that is not supported');
  return DATATYPES[type];
}

export function typeOf(datatype: unknown): ElementType | undefined {
  for (const [type, name] of Object.entries(DATATYPES)) {
    if (name === datatype && isElementType(type)) return type;
  }
  return undefined;
}

export function byteLengthOf(type: ElementType, count: number): number {
  return WIDTHS[type] * count;
}

/** Row-major, little-endian: the byte order of every machine that onnxruntime runs on. */
export function toBytes(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** A copy: what arrives in the middle of a body is not aligned. */
export function fromBytes(type: ElementType, bytes: Uint8Array): TensorData {
  const { buffer } = Uint8Array.from(bytes);
  switch (type) {
    case 'int32':
      return new Int32Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'float32':
      return new Float32Array(buffer);
    case 'bool':
      return new Uint8Array(buffer);
  }
}

/** The numbers of a JSON tensor, which may be flat or nested as its shape says. */
export function fromJson(type: ElementType, json: unknown, count: number): TensorData {
  const numbers: number[] = [];
  collect(json, numbers, count, 0);
  if (numbers.length !== count) throw new ProtocolError('a tensor has not as many numbers as its shape says');
  if (type === 'float32') return Float32Array.from(numbers);
  if (!numbers.every((number) => Number.isSafeInteger(number))) {
    throw new ProtocolError('a tensor of whole numbers has other numbers');
  }
  if (type === 'int64') return BigInt64Array.from(numbers, BigInt);
  const [least, most] = type === 'int32' ? [-(2 ** 31), 2 ** 31 - 1] : [0, 1];
  if (numbers.some((number) => number < least || number > most)) {
    throw new ProtocolError('a number does not fit the type of its tensor');
  }
  return type === 'int32' ? Int32Array.from(numbers) : Uint8Array.from(numbers);
}

const MAX_DEPTH = 8;

function collect(json: unknown, into: number[], most: number, depth: number): void {
  if (Array.isArray(json) && depth < MAX_DEPTH) {
    for (const item of json) collect(item, into, most, depth + 1);
    return;
  }
  const number = typeof json === 'boolean' ? Number(json) : json;
  if (typeof number !== 'number') throw new ProtocolError('a tensor has something that is no number');
  if (into.length === most) throw new ProtocolError('a tensor has not as many numbers as its shape says');
  into.push(number);
}

/** Infinities and NaN have no JSON; they become null, and whoever reads null as a number refuses it. */
export function toJson({ data }: PlainTensor): unknown[] {
  if (data instanceof BigInt64Array) return Array.from(data, Number);
  return Array.from<number>(data);
}
