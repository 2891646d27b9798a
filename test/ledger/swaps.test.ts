import { randomUUID } from 'node:crypto';
import test from 'ava';
import { createDeks, type Deks } from '../../src/crypto/deks.ts';
import { IN_CLEAR, openLocalKeyring } from '../../src/crypto/local-keyring.ts';
import { personReference } from '../../src/crypto/keyring.ts';
import { type DecisionRecord } from '../../src/domain/record.ts';
import { decisionDraft } from '../../src/ledger/draft.ts';
import { type Header, parseHeader } from '../../src/ledger/header.ts';
import { headerText } from '../../src/ledger/leaf.ts';
import { openField } from '../../src/ledger/open-field.ts';
import { type SealedRecord, sealDraft } from '../../src/ledger/seal.ts';
import { memoryDeks, memoryStorage } from '../support/keys.ts';
import { decision } from '../support/ledger.ts';

type Field = 'context' | 'body' | 'findings';
const FIELDS: readonly Field[] = ['context', 'body', 'findings'];

interface Written {
  readonly sealed: SealedRecord;
  readonly header: Header;
}

async function createWorld() {
  const keyring = await openLocalKeyring({ storage: memoryStorage(), seal: IN_CLEAR, now: Date.now });
  const store = memoryDeks();
  const deks = createDeks({ store, keyring });
  const write = async (changes: Partial<DecisionRecord>, origin = 'cordon.test'): Promise<Written> => {
    const draft = decisionDraft(
      decision(changes),
      (tenant, person) => personReference(keyring, tenant, person),
      { ofRecord: () => ({ tokens: [], partial: false }) },
    );
    const sealed = await sealDraft(draft, deks, origin);
    const header = parseHeader(headerText(randomUUID(), sealed.record, 1));
    if (header === undefined) throw new Error('a header of our own does not parse');
    return { sealed, header };
  };
  return { deks, write };
}

const bytesOf = ({ sealed }: Written, field: Field): Buffer => sealed.fields[field] ?? Buffer.alloc(0);

/** What opens when the ciphertext of one place stands in another. */
const openIn = async (deks: Deks, place: Written, field: Field, bytes: Buffer) =>
  (await openField(place.header, field, bytes, deks)).state;

test('a ciphertext opens in its own place', async (t) => {
  const { deks, write } = await createWorld();
  const record = await write({});
  for (const field of FIELDS) t.is(await openIn(deks, record, field, bytesOf(record, field)), 'open', field);
});

test('ciphertexts of two records that changed places do not open, under one key or several', async (t) => {
  const { deks, write } = await createWorld();
  const { principal } = decision();
  const one = await write({});
  const others: Readonly<Record<string, Written>> = {
    'another record of the same person': await write({}),
    'another person': await write({ dataSubject: 'patient-18' }),
    'another tenant': await write({ principal: { ...principal, tenant: 'other' } }),
    'another deployment': await write({}, 'elsewhere.test'),
    'another month': await write({ atMs: Date.UTC(2030, 0, 5) }),
  };
  for (const [name, other] of Object.entries(others)) {
    for (const field of FIELDS) {
      t.is(await openIn(deks, one, field, bytesOf(other, field)), 'damaged', `${name}: ${field}`);
      t.is(await openIn(deks, other, field, bytesOf(one, field)), 'damaged', `${name}: ${field}`);
    }
  }
});

test('ciphertexts of two fields that changed places do not open, though one key sealed both', async (t) => {
  const { deks, write } = await createWorld();
  const record = await write({});
  const keyOf = (field: Field) => record.header.sealed.find((entry) => entry.field === field)?.dek;
  t.is(keyOf('context'), keyOf('body'));
  for (const place of FIELDS) {
    for (const field of FIELDS) {
      const expected = place === field ? 'open' : 'damaged';
      t.is(await openIn(deks, record, place, bytesOf(record, field)), expected, `${field} in ${place}`);
    }
  }
});

test('a header that names another record, tenant or key does not open what is beside it', async (t) => {
  const { deks, write } = await createWorld();
  const { principal } = decision();
  const record = await write({});
  const other = await write({ principal: { ...principal, tenant: 'other' } });
  const forged: Readonly<Record<string, Header>> = {
    id: { ...record.header, id: other.header.id },
    tenant: { ...record.header, tenant: other.header.tenant },
    origin: { ...record.header, origin: 'elsewhere.test' },
    type: { ...record.header, type: 'COMPLETION' },
    key: { ...record.header, sealed: other.header.sealed },
  };
  for (const [name, header] of Object.entries(forged)) {
    const place = { ...record, header };
    for (const field of FIELDS)
      t.is(await openIn(deks, place, field, bytesOf(record, field)), 'damaged', `${name}: ${field}`);
  }
});
