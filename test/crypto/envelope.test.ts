import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { additionalData, open, seal, type EnvelopeContext } from '../../src/crypto/envelope.ts';

const context: EnvelopeContext = {
  schema: 'cordon.record.v1',
  origin: 'test',
  record: 'id/DECISION',
  tenant: 'acme',
  field: 'body',
  dek: 'dek-1',
};
const newKey = () => createSecretKey(randomBytes(32));

test('what is sealed opens in its place only', async (t) => {
  const key = newKey();
  const { bytes } = await seal(Buffer.from('text'), key, additionalData(context));
  t.is(open(bytes, key, additionalData(context)).toString(), 'text');
  for (const name of ['schema', 'origin', 'record', 'tenant', 'field', 'dek'] as const) {
    t.throws(() => open(bytes, key, additionalData({ ...context, [name]: 'other' })), undefined, name);
  }
  t.throws(() => open(bytes, newKey(), additionalData(context)));
});

test('every flipped bit is noticed', async (t) => {
  const key = newKey();
  const aad = additionalData(context);
  const { bytes } = await seal(Buffer.from('short'), key, aad);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    t.throws(() => open(changed, key, aad));
  }
});

test('a truncated envelope, even to a short tag, is refused', async (t) => {
  const key = newKey();
  const aad = additionalData(context);
  const { bytes } = await seal(Buffer.from('text'), key, aad);
  for (let length = 0; length < bytes.length; length++)
    t.throws(() => open(bytes.subarray(0, length), key, aad));
});

test('the same text never gives the same envelope', async (t) => {
  const key = newKey();
  const aad = additionalData(context);
  const sealed = await Promise.all(Array.from({ length: 100 }, () => seal(Buffer.from('x'), key, aad)));
  t.is(new Set(sealed.map(({ bytes }) => bytes.toString('hex'))).size, 100);
});

test('sealing 10 MB lets the event loop turn', async (t) => {
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 0);
  const key = newKey();
  const text = randomBytes(10 * 1024 * 1024);
  const { bytes } = await seal(text, key, additionalData(context));
  clearInterval(ticking);
  t.true(turns > 2);
  t.true(open(bytes, key, additionalData(context)).equals(text));
});

test('any bytes come back, and the digest is that of the envelope', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400_000, size: 'max' }), async (content) => {
      const key = newKey();
      const { bytes, digest } = await seal(Buffer.from(content), key, additionalData(context));
      t.true(open(bytes, key, additionalData(context)).equals(content));
      t.true(createHash('sha256').update(bytes).digest().equals(digest));
    }),
    { numRuns: 30 },
  );
});
