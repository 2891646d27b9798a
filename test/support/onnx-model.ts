/** Writes ONNX models (protobuf, https://onnx.ai/onnx/repo-docs/IR.html) so that tests run a real session on them. */

type Bytes = readonly number[] | Uint8Array;

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  while (rest > 127) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...out, rest];
}

function int(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}

function bytes(field: number, value: Bytes): Uint8Array {
  return Buffer.concat([
    Buffer.from([...varint(field * 8 + 2), ...varint(value.length)]),
    Buffer.from(value),
  ]);
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(value));
}

function message(...parts: readonly Bytes[]): Uint8Array {
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

const ELEMENT = { float32: 1, int32: 6, int64: 7 } as const;
export type ElementType = keyof typeof ELEMENT;

export interface ValueSpec {
  readonly name: string;
  readonly type: ElementType;
  /** A string is a dynamic axis. */
  readonly shape: readonly (number | string)[];
}

export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly ints?: Readonly<Record<string, number | readonly number[]>>;
}

export interface ConstantSpec {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

export interface ModelSpec {
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  readonly nodes: readonly NodeSpec[];
  readonly constants: readonly ConstantSpec[];
}

function value({ name, type, shape }: ValueSpec): Uint8Array {
  const dims = shape.map((dim) => bytes(1, typeof dim === 'number' ? int(1, dim) : text(2, dim)));
  return message(
    text(1, name),
    bytes(2, bytes(1, message(int(1, ELEMENT[type]), bytes(2, message(...dims))))),
  );
}

function node({ op, inputs, output, ints = {} }: NodeSpec): Uint8Array {
  const attributes = Object.entries(ints).map(([name, setting]) =>
    bytes(
      5,
      typeof setting === 'number'
        ? message(text(1, name), int(3, setting), int(20, 2))
        : message(text(1, name), ...setting.map((item) => int(8, item)), int(20, 7)),
    ),
  );
  return message(...inputs.map((name) => text(1, name)), text(2, output), text(4, op), ...attributes);
}

function constant({ name, dims, data }: ConstantSpec): Uint8Array {
  const type = data instanceof Float32Array ? ELEMENT.float32 : ELEMENT.int64;
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message(...dims.map((dim) => int(1, dim)), int(2, type), text(8, name), bytes(9, raw));
}

export function onnxModel(spec: ModelSpec): Uint8Array {
  const graph = message(
    ...spec.nodes.map((item) => bytes(1, node(item))),
    text(2, 'test'),
    ...spec.constants.map((item) => bytes(5, constant(item))),
    ...spec.inputs.map((item) => bytes(11, value(item))),
    ...spec.outputs.map((item) => bytes(12, value(item))),
  );
  return message(int(1, 8), bytes(7, graph), bytes(8, message(text(1, ''), int(2, 17))));
}

export interface TaggerSpec {
  readonly vocab: number;
  readonly labels: number;
  /** Names and types of the id input and the mask input, both [batch, units]. */
  readonly ids: { readonly name: string; readonly type: 'int32' | 'int64' };
  readonly mask: { readonly name: string; readonly type: 'float32' | 'int64' };
  /** One residual convolution of width 3 for each; none makes a model that looks at single units. */
  readonly dilations: readonly number[];
  /** Score of a label for an id before the convolutions. */
  readonly score: (id: number, label: number) => number;
  readonly outputShape?: readonly (number | string)[];
  /** Further inputs [batch, units] that the model does not look at. */
  readonly ignored?: readonly Pick<ValueSpec, 'name' | 'type'>[];
}

/** A masked convolutional tagger: padding cannot change an answer, and the receptive field is the dilations' sum. */
export function taggerModel(spec: TaggerSpec): Uint8Array {
  const { vocab, labels, dilations } = spec;
  const table = new Float32Array(vocab * labels);
  for (let i = 0; i < table.length; i++) table[i] = spec.score(Math.floor(i / labels), i % labels);
  const constants: ConstantSpec[] = [
    { name: 'table', dims: [vocab, labels], data: table },
    { name: 'last', dims: [1], data: BigInt64Array.of(2n) },
  ];
  const nodes: NodeSpec[] = [
    { op: 'Cast', inputs: [spec.mask.name], output: 'float_mask', ints: { to: 1 } },
    { op: 'Unsqueeze', inputs: ['float_mask', 'last'], output: 'mask3' },
    { op: 'Gather', inputs: ['table', spec.ids.name], output: 'embedded' },
    { op: 'Mul', inputs: ['embedded', 'mask3'], output: 'x0' },
  ];
  const random = createRandom(7);
  dilations.forEach((dilation, i) => {
    const weight = Float32Array.from({ length: labels * labels * 3 }, () => (random() - 0.5) * 3);
    constants.push({ name: `w${i}`, dims: [labels, labels, 3], data: weight });
    const conv = { dilations: [dilation], pads: [dilation, dilation], kernel_shape: [3], strides: [1] };
    nodes.push(
      { op: 'Transpose', inputs: [`x${i}`], output: `t${i}`, ints: { perm: [0, 2, 1] } },
      { op: 'Conv', inputs: [`t${i}`, `w${i}`], output: `c${i}`, ints: conv },
      { op: 'Transpose', inputs: [`c${i}`], output: `u${i}`, ints: { perm: [0, 2, 1] } },
      { op: 'Tanh', inputs: [`u${i}`], output: `h${i}` },
      { op: 'Add', inputs: [`x${i}`, `h${i}`], output: `s${i}` },
      { op: 'Mul', inputs: [`s${i}`, 'mask3'], output: `x${i + 1}` },
    );
  });
  nodes.push({ op: 'Identity', inputs: [`x${dilations.length}`], output: 'logits' });
  const shape = ['batch', 'units'];
  return onnxModel({
    inputs: [
      { ...spec.ids, shape },
      { ...spec.mask, shape },
      ...(spec.ignored ?? []).map((input) => ({ ...input, shape })),
    ],
    outputs: [{ name: 'logits', type: 'float32', shape: spec.outputShape ?? [...shape, labels] }],
    nodes,
    constants,
  });
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}
