import test from 'ava';
import fc from 'fast-check';
import { readMessage, writeMessage } from '../../src/inference/message.ts';
import { type NamedTensor, ProtocolError } from '../../src/inference/tensor.ts';

const dims = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const finite = fc.float({ noNaN: true, noDefaultInfinity: true });

function filled<T>(one: fc.Arbitrary<T>, shape: readonly number[]): fc.Arbitrary<T[]> {
  const count = shape.reduce((product, dim) => product * dim, 1);
  return fc.array(one, { minLength: count, maxLength: count });
}

const tensor: fc.Arbitrary<NamedTensor> = dims.chain((shape) =>
  fc.oneof(
    filled(int32, shape).map((n) => ({ name: 'a', type: 'int32', dims: shape, data: Int32Array.from(n) })),
    filled(int32, shape).map((n) => ({
      name: 'b',
      type: 'int64',
      dims: shape,
      data: BigInt64Array.from(n, BigInt),
    })),
    filled(finite, shape).map((n) => ({
      name: 'c',
      type: 'float32',
      dims: shape,
      data: Float32Array.from(n),
    })),
    filled(fc.integer({ min: 0, max: 1 }), shape).map((n) => ({
      name: 'd',
      type: 'bool',
      dims: shape,
      data: Uint8Array.from(n),
    })),
  ),
);

const length = (headers: Readonly<Record<string, string>>): string | undefined =>
  headers['inference-header-content-length'];

test('what is written is read again, as bytes and as JSON', (t) => {
  fc.assert(
    fc.property(fc.array(tensor, { minLength: 1, maxLength: 4 }), fc.boolean(), (tensors, binary) => {
      const { headers, body } = writeMessage('inputs', { id: '7' }, tensors, binary);
      const read = readMessage('inputs', body, length(headers));
      t.is(read.fields['id'], '7');
      // JSON has one zero.
      const plain = (one: NamedTensor): unknown => ({
        ...one,
        data: Array.from<number | bigint>(one.data as Float32Array)
          .map(Number)
          .map((n) => n + 0),
      });
      t.deepEqual(read.tensors.map(plain), tensors.map(plain));
    }),
    { numRuns: 200 },
  );
});

test('nested JSON, as some servers send it, is read like flat', (t) => {
  const body = Buffer.from(
    JSON.stringify({
      outputs: [
        {
          name: 'x',
          shape: [2, 2],
          datatype: 'FP32',
          data: [
            [1, 2],
            [3, 4.5],
          ],
        },
      ],
    }),
  );
  t.deepEqual(readMessage('outputs', body, undefined).tensors[0]?.data, Float32Array.of(1, 2, 3, 4.5));
});

function refused(entry: object, tail = Buffer.alloc(0), header?: string): boolean {
  const json = Buffer.from(JSON.stringify({ inputs: [entry] }));
  try {
    readMessage(
      'inputs',
      Buffer.concat([json, tail]),
      header ?? (tail.length === 0 ? undefined : String(json.length)),
    );
    return false;
  } catch (error) {
    return error instanceof ProtocolError;
  }
}

test('numbers that are missing, too many, of another type or no numbers are refused', (t) => {
  const flat = { name: 'x', shape: [2], datatype: 'INT32' };
  t.false(refused({ ...flat, data: [1, 2] }));
  for (const data of [[1], [1, 2, 3], [1, 2.5], [1, null], [1, '2'], [1, 2 ** 31], 7, undefined, {}]) {
    t.true(refused({ ...flat, data }), JSON.stringify(data));
  }
  t.true(refused({ ...flat, datatype: 'BOOL', data: [0, 2] }));
  t.true(refused({ ...flat, datatype: 'FP32', data: [0, null] }));
  for (const datatype of ['FP16', 'BYTES', 'int32', '__proto__', undefined]) {
    t.true(refused({ ...flat, datatype, data: [1, 2] }));
  }
  for (const shape of [[], [0], [-1], [2.5], ['2'], [1, 1, 1, 1, 2], [2 ** 20, 2 ** 20], 2]) {
    t.true(refused({ ...flat, shape, data: [1, 2] }), JSON.stringify(shape));
  }
});

test('bytes that are missing or left over are refused', (t) => {
  const binary = (size: unknown): object => ({
    name: 'x',
    shape: [2],
    datatype: 'INT32',
    parameters: { binary_data_size: size },
  });
  t.false(refused(binary(8), Buffer.alloc(8)));
  t.true(refused(binary(8), Buffer.alloc(7)));
  t.true(refused(binary(8), Buffer.alloc(9)));
  t.true(refused(binary(4), Buffer.alloc(4)));
  t.true(refused(binary(-8), Buffer.alloc(8)));
  t.true(refused(binary('8'), Buffer.alloc(8)));
  for (const header of ['-1', '1e2', '99999', '', '0x10', '3']) {
    t.true(refused(binary(8), Buffer.alloc(8), header), header);
  }
});

test('whatever bytes arrive, reading ends with tensors or a ProtocolError', (t) => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify({ inputs: [value] }))),
  );
  fc.assert(
    fc.property(anything, fc.option(fc.nat(300).map(String), { nil: undefined }), (body, header) => {
      try {
        readMessage('inputs', body, header);
      } catch (error) {
        return error instanceof ProtocolError;
      }
      return true;
    }),
    { numRuns: 500 },
  );
  t.pass();
});
