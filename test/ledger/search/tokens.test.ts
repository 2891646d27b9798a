import { createHmac } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { createTokens } from '../../../src/ledger/search/tokens.ts';

const open = (versions: readonly number[]) =>
  createTokens({
    reference: (parts, version) => createHmac('sha256', `k${version}`).update(JSON.stringify(parts)).digest(),
    versions: () => versions,
    phone: (text) =>
      /^\+?1?2025550\d{3}$/.test(text.replace(/[^+\d]/g, ''))
        ? `+1${text.replace(/\D/g, '').slice(-10)}`
        : undefined,
  });
const tokens = open([1]);
const of = (entity: string, value: string, tenant = 'acme') =>
  tokens.ofRecord(tenant, [{ entity, value }], 'nobody').tokens;

/** Whether a record with this value is found by that question. */
function finds(
  kind: 'email' | 'phone' | 'name' | 'any',
  asked: string,
  entity: string,
  value: string,
): boolean {
  const record = new Set(of(entity, value));
  const query = tokens.ofQuery('acme', { kind, text: asked });
  return query?.every((list) => list.some((token) => record.has(token))) ?? false;
}

test('a name is found by any of its words and any two of them, in any order, without titles and accents', (t) => {
  for (const asked of [
    'Miller',
    'Ms Miller',
    'anna miller',
    'MILLER, ANNA',
    'Dr. Ánna Miller',
    'Anna B. Miller',
  ])
    t.true(finds('name', asked, 'PERSON', 'Anna B. Miller'), asked);
  for (const asked of ['Mill', 'Anna Smith', 'Bob Miller', 'Miller Anna Smith'])
    t.false(finds('name', asked, 'PERSON', 'Anna B. Miller'), asked);
  t.true(finds('name', 'GROSS', 'PERSON', 'groß'));
  t.true(finds('name', '王小明', 'PERSON', '王小明'));
  t.is(tokens.ofQuery('acme', { kind: 'name', text: ' . ' }), undefined);
});

test('a password leaves no token, and no value one of another tenant', (t) => {
  const none = tokens.ofRecord('acme', [], 'nobody').tokens;
  t.deepEqual(of('PASSWORD', 'hunter2'), none);
  const [theirs] = of('EMAIL_ADDRESS', 'a@example.org', 'globex').slice(-1);
  t.false(of('EMAIL_ADDRESS', 'a@example.org').includes(theirs ?? ''));
});

test('however many values a call holds, its tokens are bounded, and the record says so', (t) => {
  const many = Array.from({ length: 3_000 }, (_, i) => ({
    entity: 'PERSON',
    value: `A${i} B${i} C${i} D${i} E${i}`,
  }));
  const { tokens: kept, partial } = tokens.ofRecord('acme', many, 'nobody');
  t.is(kept.length, 2_048);
  t.true(partial);
  t.false(tokens.ofRecord('acme', many.slice(0, 100), 'nobody').partial);
});

test('whatever stood in a call is found by asking for just that, once', (t) => {
  const entity = fc.constantFrom(
    'EMAIL_ADDRESS',
    'PHONE_NUMBER',
    'IBAN_CODE',
    'ADDRESS',
    'SECRET',
    'IP_ADDRESS',
  );
  fc.assert(
    fc.property(entity, fc.string({ minLength: 1, unit: 'grapheme' }), (kind, value) => {
      const made = of(kind, value);
      t.is(new Set(made).size, made.length);
      t.true(made.every((token) => /^[0-9a-f]{32}$/.test(token)));
      // Of blanks and signs alone nothing is left to ask for.
      if (/[\p{L}\p{N}]/u.test(value) && kind !== 'PHONE_NUMBER' && kind !== 'EMAIL_ADDRESS')
        t.true(finds('any', value, kind, value), value);
      if (kind === 'EMAIL_ADDRESS' && value.trim() !== '' && made.length > 1)
        t.true(finds('email', value, kind, value));
    }),
  );
});

test('what was indexed under an earlier index key is found under a later one, and none is written under the earlier', (t) => {
  const value = { entity: 'EMAIL_ADDRESS', value: 'a@example.org' };
  const before = open([1]).ofRecord('acme', [value], 'nobody').tokens;
  const after = open([1, 2]).ofRecord('acme', [value], 'nobody').tokens;
  t.false(before.some((token) => after.includes(token)));
  const [asked = []] = open([1, 2]).ofQuery('acme', { kind: 'email', text: 'a@example.org' }) ?? [];
  for (const made of [before, after]) t.true(asked.some((token) => made.includes(token)));
  t.is(open([1, 2]).ofQuery('acme', { kind: 'name', text: 'Anna Miller Smith' })?.length, 2);
});
