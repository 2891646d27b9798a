import test from 'ava';
import { type Principal } from '../../src/domain/principal.ts';
import { type Proposal } from '../../src/domain/proposal.ts';
import { type SystemRecord } from '../../src/domain/record.ts';
import { type AuditCall, type AuditReader } from '../../src/ledger/read.ts';
import { createReveals, type RevealDeps, REVEAL_KIND } from '../../src/ledger/reveal.ts';
import { decision, newId } from '../support/ledger.ts';

const principal: Principal = { ...decision().principal, subject: 'counsel' };
const { issuer, tenant } = principal;
const requestId = newId();
const open = <T>(value: T) => ({ state: 'open', value }) as const;
const CALL: AuditCall = {
  ...{ decision: undefined, completion: undefined, incomplete: undefined },
  context: open({ principal: { subject: 'caller-7' }, purpose: 'support', model: undefined }),
  body: open('{"sent":1}'),
  findings: open({
    ...{ dataSubject: 'patient-17', spans: [], transformed: [], opaque: [] },
    originals: new Map([['[EMAIL_1]', 'zoe@example.org']]),
  }),
  response: { state: 'key_unavailable' },
};

function proposal(changes: Partial<Proposal> = {}): Proposal {
  const body = { requestId, fields: ['originals', 'answer'], purpose: 'access', ticket: 'T-1', minutes: 10 };
  return {
    ...{
      id: newId(),
      kind: REVEAL_KIND,
      tenant,
      body,
      hash: '',
      nonce: '',
      createdMs: 0,
      expiresMs: 1,
      state: 'executed',
    },
    ...{ author: { issuer, subject: 'counsel' }, decider: { issuer, subject: 'officer' }, decidedMs: 1_000 },
    ...{ reason: undefined, result: undefined },
    ...changes,
  };
}

function scene(stored: Proposal, changes: Partial<RevealDeps> = {}) {
  const events: string[] = [];
  const notes: SystemRecord[] = [];
  const reader: Pick<AuditReader, 'show'> = {
    show: () => {
      events.push('read');
      return Promise.resolve(CALL);
    },
  };
  const reveals = createReveals({
    reader: { ...reader, list: () => Promise.reject(new Error('not asked for')) },
    proposals: { find: (who) => Promise.resolve(who.tenant === tenant ? stored : undefined) },
    note: (record) => {
      events.push('note');
      notes.push(record);
      return Promise.resolve();
    },
    now: () => 2_000,
    pseudonym: (_, { subject }) => `p-${subject}`,
    maxMinutes: 60,
    exists: (_, id) => Promise.resolve(id === requestId),
    ...changes,
  });
  return { reveals, events, notes, stored };
}

test('what was approved is shown, and only that; it is recorded before it is read', async (t) => {
  const { reveals, events, notes, stored } = scene(proposal());
  t.deepEqual(await reveals.show(principal, stored.id), {
    requestId,
    until: new Date(1_000 + 600_000).toISOString(),
    originals: { dataSubject: 'patient-17', values: { '[EMAIL_1]': 'zoe@example.org' } },
    answer: { unavailable: 'key_unavailable' },
  });
  t.deepEqual(events, ['note', 'read']);
  t.deepEqual(notes[0]?.data, {
    proposal: stored.id,
    request: requestId,
    fields: ['originals', 'answer'],
    person: 'p-counsel',
  });
  t.deepEqual(notes[0]?.details, { purpose: 'access', ticket: 'T-1' });
});

test('nothing is shown when the reading cannot be recorded', async (t) => {
  const { reveals, events, stored } = scene(proposal(), { note: () => Promise.reject(new Error('no')) });
  await t.throwsAsync(reveals.show(principal, stored.id));
  t.deepEqual(events, []);
});

test('once its time is up, a reveal shows nothing any more', async (t) => {
  const last = scene(proposal(), { now: () => 600_999 });
  await t.notThrowsAsync(last.reveals.show(principal, last.stored.id));
  const late = scene(proposal(), { now: () => 601_000 });
  await t.throwsAsync(late.reveals.show(principal, late.stored.id), { code: 'conflict', message: /time/ });
  t.deepEqual(late.events, []);
  t.deepEqual(
    await late.reveals.execute(late.stored),
    await last.reveals.execute({ ...late.stored, state: 'approved' }),
  );
});

test('before it is approved, and after it was rejected, it shows nothing', async (t) => {
  for (const state of ['pending', 'rejected', 'failed', 'expired'] as const) {
    const { reveals, stored } = scene(proposal({ state }));
    await t.throwsAsync(reveals.show(principal, stored.id), { code: 'conflict' });
  }
  const { reveals, stored } = scene(proposal({ decidedMs: undefined }));
  await t.throwsAsync(reveals.show(principal, stored.id), { code: 'conflict' });
});

test('only who asked sees it: not the approver, nor one of the same name elsewhere, nor another kind of proposal', async (t) => {
  const { reveals, stored } = scene(proposal());
  for (const other of [{ subject: 'officer' }, { issuer: 'https://other.example' }, { tenant: 'globex' }])
    await t.throwsAsync(reveals.show({ ...principal, ...other }, stored.id), { code: 'not_found' });
  const wrong = scene(proposal({ kind: 'audit.export' }));
  await t.throwsAsync(wrong.reveals.show(principal, wrong.stored.id), { code: 'not_found' });
});

test('what is asked for has a call, a purpose that is kept, and a time within the limit', async (t) => {
  const { reveals } = scene(proposal());
  const asked = { requestId, fields: ['sent', 'sent'], purpose: 'p', ticket: 't', minutes: 60 } as const;
  t.deepEqual(await reveals.request(principal, asked), { ...asked, fields: ['sent'] });
  for (const minutes of [0, 61, 1.5, NaN])
    await t.throwsAsync(reveals.request(principal, { ...asked, minutes }), { code: 'invalid_request' });
  await t.throwsAsync(reveals.request(principal, { ...asked, requestId: newId() }), { code: 'not_found' });
});
