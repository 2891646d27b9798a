import { type Encoding } from '../detect/ner/encoding.ts';
import { type InputPlan, type Row } from '../detect/ner/tensors.ts';
import { type NamedTensor, ProtocolError } from './tensor.ts';

export interface Rows {
  readonly rows: readonly Row[];
  /** Units of the request's tensors, padding included. */
  readonly units: number;
}

/** Names under which models know which units exist. */
const MASKS: readonly string[] = ['mask', 'attention_mask'];

/**
 * A request's tensors ([batch, units] or [batch, units, width]) as single rows without their padding, so that rows of
 * several requests can go together in a batch of another width.
 *
 * @param plans what the model reads
 * @param probe any encoding of the model's encoder: its features in order
 * @param maxUnits of a request, padding included
 * @throws ProtocolError when the tensors are not exactly what the model reads
 */
export function readRows(
  tensors: readonly NamedTensor[],
  plans: readonly InputPlan[],
  probe: Encoding,
  maxUnits: number,
): Rows {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const [batch = 0, units = 0] = tensors[0]?.dims ?? [];
  if (byName.size !== plans.length || tensors.length !== plans.length) {
    throw new ProtocolError(`the inputs must be ${plans.map(({ name }) => name).join(', ')}`);
  }
  if (batch * units > maxUnits) throw new ProtocolError(`a request may have ${maxUnits} units at most`);
  const numbers = new Map<string, Int32Array>();
  for (const plan of plans) {
    const tensor = byName.get(plan.name);
    const dims = plan.width === 0 ? [batch, units] : [batch, units, plan.width];
    if (tensor?.type !== plan.type || tensor.dims.join() !== dims.join()) {
      throw new ProtocolError(`the input ${plan.name} is missing, or of another datatype or shape`);
    }
    numbers.set(plan.name, toIntegers(tensor));
  }
  const mask = MASKS.map((name) => numbers.get(name)).find((one) => one !== undefined);
  const rows = Array.from({ length: batch }, (_, i): Row => {
    const to = mask === undefined ? units : existing(mask.subarray(i * units, (i + 1) * units));
    const features = probe.features.map((feature, index) => {
      const plan = plans.find((candidate) => candidate.feature === index);
      const data = plan === undefined ? undefined : numbers.get(plan.name);
      const from = i * units * feature.width;
      return {
        ...feature,
        data: data?.subarray(from, from + to * feature.width) ?? new Int32Array(to * feature.width),
      };
    });
    const nowhere = new Int32Array(to);
    return { encoding: { starts: nowhere, ends: nowhere, features }, from: 0, to };
  });
  return { rows, units };
}

/** Rows' logits as one tensor [batch, units, labels]; what was padding is zero. */
export function joinRows(
  name: string,
  answers: readonly Float32Array[],
  units: number,
  labels: number,
): NamedTensor {
  const data = new Float32Array(answers.length * units * labels);
  answers.forEach((answer, i) => {
    data.set(answer, i * units * labels);
  });
  return { name, type: 'float32', dims: [answers.length, units, labels], data };
}

/** How many units exist: ones, then nothing but zeros. */
function existing(mask: Int32Array): number {
  const end = mask.indexOf(0);
  const count = end < 0 ? mask.length : end;
  const isPlain = mask.every((value, i) => value === (i < count ? 1 : 0));
  if (!isPlain || count === 0) throw new ProtocolError('a mask must be ones followed by zeros');
  return count;
}

function toIntegers({ data, name }: NamedTensor): Int32Array {
  if (data instanceof Int32Array) return data;
  const integers = data instanceof BigInt64Array ? Int32Array.from(data, Number) : Int32Array.from(data);
  const isSame =
    data instanceof BigInt64Array
      ? data.every((value, i) => value === BigInt(integers[i] ?? 0))
      : data.every((value: number, i: number) => value === integers[i]);
  if (!isSame) throw new ProtocolError(`the input ${name} has numbers that are no ids`);
  return integers;
}
