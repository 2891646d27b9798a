import { createHmac, createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { type Deks, type DekOwner } from '../../src/crypto/deks.ts';
import { decisionDraft } from '../../src/ledger/draft.ts';
import { parseHeader } from '../../src/ledger/header.ts';
import { headerText } from '../../src/ledger/leaf.ts';
import { openField } from '../../src/ledger/open-field.ts';
import { sealDraft } from '../../src/ledger/seal.ts';
import { createTokens } from '../../src/ledger/search/tokens.ts';
import { decision } from '../support/ledger.ts';

const pseudonym = (tenant: string, person: string) =>
  createHmac('sha256', 'test')
    .update(JSON.stringify([tenant, person]))
    .digest();

const tokens = createTokens({
  reference: (parts) => pseudonym('index', JSON.stringify(parts)),
  versions: () => [1],
  phone: () => undefined,
});

function createTestDeks(): { readonly deks: Deks; readonly owners: DekOwner[] } {
  const keys = new Map([1, 2].map((n) => [n, { id: randomUUID(), key: createSecretKey(randomBytes(32)) }]));
  const owners: DekOwner[] = [];
  const pick = (n: number) => {
    const dek = keys.get(n);
    if (dek === undefined) throw new Error('no key');
    return dek;
  };
  return {
    owners,
    deks: {
      forSealing(owner) {
        owners.push(owner);
        return Promise.resolve(pick(owner.kind === 'tenant' ? 1 : 2));
      },
      forOpening: (id) => Promise.resolve([...keys.values()].find((dek) => dek.id === id)),
      forget: () => undefined,
    },
  };
}

test('originals are sealed for the data subject, everything else for the tenant, by the month', async (t) => {
  const { deks, owners } = createTestDeks();
  await sealDraft(
    decisionDraft(decision({ atMs: Date.UTC(2026, 11, 31, 23, 59) }), pseudonym, tokens),
    deks,
    'o',
  );
  t.deepEqual(
    owners.map(({ kind, period, reference }) => [kind, period, reference.length]),
    [
      ['tenant', '2026-12-01', 0],
      ['tenant', '2026-12-01', 0],
      ['subject', '2026-12-01', 32],
    ],
  );
});

test('whatever text comes in is not in the header, and opens as it was', async (t) => {
  const { deks } = createTestDeks();
  // Marked, so as not to stand in a header by chance.
  const content = fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => `§${text}`);
  await fc.assert(
    fc.asyncProperty(content, content, content, content, async (person, body, original, key) => {
      const record = decision({
        dataSubject: person,
        protectedBody: body,
        originals: { [key]: original },
        coverage: { scanned: 1, transformed: [`/${key}`], structural: 0 },
        allow: false,
        model: original,
        purpose: original,
      });
      const sealed = await sealDraft(decisionDraft(record, pseudonym, tokens), deks, 'o');
      const text = headerText('c', sealed.record, 1);
      for (const part of [person, body, original, key])
        t.false(text.includes(JSON.stringify(part).slice(1, -1)));
      const header = parseHeader(text);
      if (header === undefined) return t.fail();
      const bodyBack = await openField(header, 'body', sealed.fields.body ?? Buffer.alloc(0), deks);
      t.deepEqual(bodyBack, { state: 'open', text: body });
      const findings = await openField(header, 'findings', sealed.fields.findings ?? Buffer.alloc(0), deks);
      t.is(findings.state, 'open');
      t.like(findings.state === 'open' ? JSON.parse(findings.text) : {}, { dataSubject: person });
      t.is(
        (await openField(header, 'body', sealed.fields.findings ?? Buffer.alloc(0), deks)).state,
        'damaged',
      );
    }),
    { numRuns: 60 },
  );
});
