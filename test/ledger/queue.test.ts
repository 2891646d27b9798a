import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { completionDraft, noteDraft, type Draft } from '../../src/ledger/draft.ts';
import { AppendQueue, LEDGER_LIMITS, type LedgerLimits } from '../../src/ledger/queue.ts';
import { type SealedRecord } from '../../src/ledger/seal.ts';
import { completion, newId } from '../support/ledger.ts';

const decisionNote = (id: string): Draft => ({ ...noteOf(id), type: 'DECISION' });
const noteOf = (id: string): Draft => noteDraft({ type: 'START', atMs: 1, tenant: '', data: {} }, id);

/** A queue whose encryption can be held back for single records. */
function createQueue(limits: Partial<LedgerLimits> = {}) {
  const held = new Map<Draft, () => void>();
  const holding = new Set<string>();
  const seal = async (draft: Draft): Promise<SealedRecord> => {
    if (holding.has(draft.type)) await new Promise<void>((resolve) => held.set(draft, resolve));
    const { type, id, tenant, atMs } = draft;
    return {
      type,
      id,
      tenant,
      atMs,
      period: '',
      record: '{}',
      fields: {},
      digests: {},
      index: NOTHING,
      bytes: 2,
    };
  };
  const queue = new AppendQueue({ ...LEDGER_LIMITS, ...limits }, seal, () => undefined);
  return {
    queue,
    hold: (type: string) => holding.add(type),
    release: () => {
      for (const resume of held.values()) resume();
    },
  };
}

const NOTHING = { subject: undefined, caller: undefined, tags: [], tokens: [] };
const types = (entries: readonly { readonly type: string }[]) => entries.map(({ type }) => type);

test('a completion does not overtake its decision, however long that takes to encrypt', async (t) => {
  const { queue, hold, release } = createQueue();
  hold('DECISION');
  const id = newId();
  const both = [queue.submit(decisionNote(id)), queue.submit(completionDraft(completion(id)))];
  await nextTurn();
  t.deepEqual(queue.take(10), []);
  release();
  await nextTurn();
  const entries = queue.take(10);
  t.deepEqual(types(entries), ['DECISION', 'COMPLETION']);
  queue.succeed(entries);
  await Promise.all(both);
});

test('a record whose caller was told that it failed is not written afterwards', async (t) => {
  const { queue } = createQueue({ deadlineMs: 20 });
  await t.throwsAsync(queue.submit(noteOf(newId())), { code: 'audit_unavailable' });
  t.deepEqual(queue.take(10), []);
});

test('a completion handed in early falls with its decision', async (t) => {
  const { queue } = createQueue();
  const id = newId();
  const outcomes = Promise.allSettled([
    queue.submit(decisionNote(id)),
    queue.submit(completionDraft(completion(id))),
  ]);
  await nextTurn();
  const [decision] = queue.take(1);
  if (decision === undefined) return t.fail();
  queue.refuse(decision, new Error('refused'));
  t.deepEqual(
    (await outcomes).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  t.deepEqual(queue.take(10), []);
});

test('what was in an uncommitted batch goes first again, without those who gave up', async (t) => {
  const { queue } = createQueue({ deadlineMs: 60 });
  const early = queue.submit(noteOf(newId()));
  await nextTurn();
  const sent = queue.take(10);
  await t.throwsAsync(early, { code: 'audit_unavailable' });
  const late = Promise.allSettled([queue.submit(decisionNote(newId()))]);
  await nextTurn();
  const second = queue.take(10);
  void Promise.allSettled([queue.submit(noteOf(newId()))]);
  await nextTurn();
  queue.putBack([...sent, ...second]);
  const again = queue.take(10);
  t.deepEqual(types(again), ['DECISION', 'START'], 'the abandoned one is gone, the other is first');
  queue.succeed(again);
  await late;
});

test('a committed decision whose caller was told otherwise is reported, once', async (t) => {
  const { queue } = createQueue({ deadlineMs: 20 });
  const lone = queue.submit(decisionNote(newId()));
  await nextTurn();
  const sent = queue.take(10);
  await t.throwsAsync(lone, { code: 'audit_unavailable' });
  t.deepEqual(types(queue.succeed(sent)), ['DECISION']);
});

test('room is held until the outcome is known, and given back with it', async (t) => {
  const { queue } = createQueue({ maxRecords: 2, deadlineMs: 20 });
  const two = Promise.allSettled([queue.submit(noteOf(newId())), queue.submit(noteOf(newId()))]);
  await nextTurn();
  const sent = queue.take(10);
  await two;
  await t.throwsAsync(queue.submit(noteOf(newId())), {
    code: 'audit_unavailable',
    message: /could not be written/,
  });
  queue.putBack(sent);
  void Promise.allSettled([queue.submit(noteOf(newId()))]);
  await nextTurn();
  t.is(queue.take(10).length, 1);
});

test('a batch stays within its bytes, and a record larger than that goes alone', async (t) => {
  const { queue } = createQueue({ batchBytes: 3_000 });
  const large = {
    ...noteOf(newId()),
    payloads: [{ field: 'body', owner: 'tenant', text: 'x'.repeat(9_000) }],
  } as const;
  const all = Promise.allSettled(
    [noteOf(newId()), noteOf(newId()), large, noteOf(newId())].map((d) => queue.submit(d)),
  );
  await nextTurn();
  const batches = [queue.take(10), queue.take(10), queue.take(10)];
  t.deepEqual(
    batches.map((batch) => batch.length),
    [2, 1, 1],
  );
  for (const batch of batches) queue.succeed(batch);
  await all;
});
