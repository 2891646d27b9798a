import { type Encoding } from './encoding.ts';
import { type Frame, type FrameUnit } from './frame.ts';
import { modelError } from './model-error.ts';
import { type OrtValueMetadata, type TensorData } from './onnxruntime.ts';
import { type PlainTensor } from './session.ts';

/** Units [from, to) of an encoded text: one row of a batch. */
export interface Row {
  readonly encoding: Encoding;
  readonly from: number;
  readonly to: number;
}

type NumberType = 'int32' | 'int64' | 'float32' | 'bool';

/** One input of the model and where its numbers come from. */
export interface InputPlan {
  readonly name: string;
  readonly type: NumberType;
  /** Index into the encoding's features; undefined for `mask`: 1 for units that exist. */
  readonly feature: number | undefined;
  /** Numbers a unit; 0 when the tensor is [batch, units] without a last axis. */
  readonly width: number;
}

const TYPES: readonly string[] = ['int32', 'int64', 'float32', 'bool'] satisfies NumberType[];

/**
 * Matches a model's inputs with an encoder's features, by name.
 * @param probe any encoding of the encoder
 * @throws CordonError when the model wants what the encoder has not
 */
export function planInputs(inputs: readonly OrtValueMetadata[], probe: Encoding): InputPlan[] {
  const plans = inputs.map(({ name, type, shape }): InputPlan => {
    const feature = probe.features.findIndex((candidate) => candidate.name === name);
    if (feature < 0 && name !== 'mask') {
      throw modelError(`the model has an input ${name} that nothing here fills; export it without`);
    }
    if (!isNumberType(type)) throw modelError(`the model's input ${name} is of a type that is not supported`);
    const width = probe.features[feature]?.width ?? 1;
    const rank = shape?.length ?? 0;
    const last = shape?.[2];
    if (rank !== (width === 1 ? 2 : 3) && !(rank === 3 && last === 1)) {
      throw modelError(`the model's input ${name} must be [batch, units${width === 1 ? '' : `, ${width}`}]`);
    }
    if (typeof shape?.[0] === 'number' || typeof shape?.[1] === 'number') {
      throw modelError(`the model's input ${name} has a fixed size; export the model with dynamic axes`);
    }
    if (typeof last === 'number' && last !== width) {
      throw modelError(`the model's input ${name} has ${last} numbers a unit, the encoder makes ${width}`);
    }
    return { name, type, feature: feature < 0 ? undefined : feature, width: rank === 2 ? 0 : width };
  });
  if (!plans.some((plan) => plan.feature !== undefined)) throw modelError('the model reads none of the text');
  return plans;
}

function isNumberType(type: string | undefined): type is NumberType {
  return type !== undefined && TYPES.includes(type);
}

/** The longest row with its frame: the second axis of the batch. */
function batchUnits(rows: readonly Row[], frame: Frame): number {
  const longest = rows.reduce((max, row) => Math.max(max, row.to - row.from), 0);
  return frame.before.length + longest + frame.after.length;
}

/** The tensors of one run; rows shorter than the longest are padded at the end. */
export function buildFeeds(
  plans: readonly InputPlan[],
  frame: Frame,
  rows: readonly Row[],
): Record<string, PlainTensor> {
  const units = batchUnits(rows, frame);
  const feeds: Record<string, PlainTensor> = {};
  for (const plan of plans) {
    const width = Math.max(1, plan.width);
    const numbers = new Int32Array(rows.length * units * width);
    rows.forEach((row, i) => {
      fillRow(numbers.subarray(i * units * width, (i + 1) * units * width), plan, frame, row);
    });
    const dims = plan.width === 0 ? [rows.length, units] : [rows.length, units, plan.width];
    feeds[plan.name] = { type: plan.type, data: convert(numbers, plan.type), dims };
  }
  return feeds;
}

function fillRow(into: Int32Array, plan: InputPlan, frame: Frame, { encoding, from, to }: Row): void {
  const feature = plan.feature === undefined ? undefined : encoding.features[plan.feature];
  const width = Math.max(1, plan.width);
  const begin = frame.before.length * width;
  const end = begin + (to - from) * width;
  into.fill(feature?.pad ?? 0);
  if (feature === undefined) into.fill(1, begin, end);
  else into.set(feature.data.subarray(from * width, to * width), begin);
  const setUnit = (unit: FrameUnit, at: number): void => {
    into.fill(plan.feature === undefined ? 1 : (unit[plan.name] ?? feature?.pad ?? 0), at, at + width);
  };
  frame.before.forEach((unit, i) => {
    setUnit(unit, i * width);
  });
  frame.after.forEach((unit, i) => {
    setUnit(unit, end + i * width);
  });
}

function convert(numbers: Int32Array, type: NumberType): TensorData {
  switch (type) {
    case 'int32':
      return numbers;
    case 'int64':
      return BigInt64Array.from(numbers, BigInt);
    case 'float32':
      return Float32Array.from(numbers);
    case 'bool':
      return Uint8Array.from(numbers);
  }
}

/**
 * Each row's logits, [units of the row × labels], without frame and padding.
 * @throws CordonError on any other shape and on numbers that are not finite: a broken model must not read as "nothing
 *   found"
 */
export function splitLogits(
  output: PlainTensor,
  frame: Frame,
  rows: readonly Row[],
  labels: number,
): Float32Array[] {
  const units = batchUnits(rows, frame);
  const { data, dims } = output;
  const isShaped = dims.length === 3 && dims[0] === rows.length && dims[1] === units && dims[2] === labels;
  if (!isShaped || !(data instanceof Float32Array) || data.length !== rows.length * units * labels) {
    throw modelError('the model answered in another shape than [batch, units, labels] of float32');
  }
  return rows.map((row, i) => {
    const begin = (i * units + frame.before.length) * labels;
    const logits = data.slice(begin, begin + (row.to - row.from) * labels);
    if (!logits.every(Number.isFinite))
      throw modelError('the model answered with numbers that are not finite');
    return logits;
  });
}
