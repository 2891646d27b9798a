import { timingSafeEqual } from 'node:crypto';
import { type Deks } from '../crypto/deks.ts';
import { additionalData, open, seal } from '../crypto/envelope.ts';
import { type Keyring, personReference } from '../crypto/keyring.ts';
import { CordonError } from '../domain/errors.ts';
import { type KeptCall, type KeptCalls, type KeptName, type RecalledCall } from '../domain/kept.ts';
import { type Principal } from '../domain/principal.ts';
import { periodOf } from '../ledger/draft.ts';
import { type KeptNameRow, type KeptRow, type KeptStore } from './kept-store.ts';

export interface KeptCallsDeps {
  readonly store: KeptStore;
  readonly deks: Deks;
  readonly keyring: Keyring;
  /** Name of the deployment; every ciphertext is bound to it. */
  readonly origin: string;
  readonly now: () => number;
  readonly retentionMs: number;
}

interface Sealed {
  readonly answer: KeptCall['answer'];
  readonly originals: Readonly<Record<string, string>>;
}

/** Bytes of originals that one call may bring back; beyond, it and what waits beside it would no longer fit in memory. */
const MAX_RECALLED_BYTES = 64 * 1024 * 1024;

/**
 * Why the originals are kept a second time, when the ledger holds them: a stored response is read by the process that
 * serves callers, whose role must not be able to read the ledger's ciphertexts; and it lives as long as the runner
 * keeps the response, not as long as the law wants the record. Both copies are sealed under the data subject's own
 * key, so one erasure destroys both. Deriving values again from their placeholders is impossible by design.
 *
 * Ids are stored as keyed hashes under the owner's, so that asking for what is somebody else's is asking for what does
 * not exist: the same query, the same rows read, the same answer. Each row proves whose it is by a keyed hash, so that
 * writing in these tables gives nobody another caller's responses.
 */
export function createKeptCalls(deps: KeptCallsDeps): KeptCalls {
  const { store, keyring } = deps;
  const ownerOf = ({ issuer, tenant, subject }: Principal): Buffer =>
    keyring.reference(['kept-owner', tenant, issuer, subject]);
  const nameOf = ({ kind, id }: KeptName): Buffer => keyring.reference(['kept-name', kind, id]);
  const namesOf = (call: string, owner: Buffer, names: readonly KeptName[]): readonly KeptNameRow[] =>
    names.map(nameOf).map((name) => ({ name, proof: proofOfName(keyring, name, owner, call) }));

  async function recall(
    calls: readonly string[],
    owner: Buffer,
    hold: (bytes: number) => void,
  ): Promise<readonly RecalledCall[]> {
    if (calls.length === 0) return [];
    const weight = await store.weigh(calls, owner);
    if (weight > MAX_RECALLED_BYTES) throw tooMuch();
    hold(weight);
    const rows = (await store.findCalls(calls, owner)).filter((row) => isProven(keyring, row, owner));
    const known = new Set(rows.map(({ call }) => call));
    const older = [...new Set(rows.flatMap(({ builtOn }) => builtOn))].filter((call) => !known.has(call));
    const ancestors = older.length === 0 ? [] : await store.findCalls(older, owner);
    const opened = new Map<string, Sealed>();
    for (const row of [...rows, ...ancestors]) {
      if (isProven(keyring, row, owner)) opened.set(row.call, await openRow(deps, row));
    }
    return rows.map((row) => recalled(row, opened));
  }

  return {
    keep: (principal, call, names) =>
      available(async () => {
        const owner = ownerOf(principal);
        const row = await sealRow(deps, principal.tenant, owner, call);
        await store.insert(row, namesOf(call.requestId, owner, names));
      }),
    claim: (principal, requestId, names) =>
      available(async () => {
        const owner = ownerOf(principal);
        await store.insertNames(requestId, owner, namesOf(requestId, owner, names));
      }),
    find: (principal, names, hold = () => undefined) =>
      available(async () => {
        const owner = ownerOf(principal);
        const wanted = names.map(nameOf);
        const found = (await store.findNames(wanted, owner, deps.now())).filter(({ name, proof, call }) =>
          equal(proof, proofOfName(keyring, name, owner, call)),
        );
        const named = [...new Set(found.map(({ call }) => call))];
        const calls = new Map((await recall(named, owner, hold)).map((call) => [call.requestId, call]));
        const byName = new Map(found.map(({ name, call }) => [name.toString('hex'), calls.get(call)]));
        return wanted.map((name) => byName.get(name.toString('hex')));
      }),
    forget: (principal, requestId) => available(() => store.forget(requestId, ownerOf(principal))),
  };
}

async function sealRow(deps: KeptCallsDeps, tenant: string, owner: Buffer, call: KeptCall): Promise<KeptRow> {
  const { requestId, runner, model, builtOn, answer, originals } = call;
  const now = deps.now();
  const head = { call: requestId, tenant, owner, runner, model, builtOn };
  const row = { ...head, expiresMs: now + deps.retentionMs, proof: proofOfCall(deps.keyring, head) };
  if (Object.keys(originals).length === 0 && answer === 'text') {
    return { ...row, dek: undefined, sealed: undefined };
  }
  const reference = personReference(deps.keyring, tenant, call.dataSubject);
  const dek = await deps.deks.forSealing({ kind: 'subject', tenant, reference, period: periodOf(now) });
  const text = Buffer.from(JSON.stringify({ answer, originals } satisfies Sealed), 'utf8');
  const { bytes } = await seal(text, dek.key, contextOf(deps.origin, head, dek.id));
  return { ...row, dek: dek.id, sealed: bytes };
}

const NOTHING: Sealed = { answer: 'text', originals: {} };

/** Nothing when the data subject was erased, or when the ciphertext is not the one sealed there. */
async function openRow(deps: KeptCallsDeps, row: KeptRow): Promise<Sealed> {
  if (row.dek === undefined || row.sealed === undefined) return NOTHING;
  const dek = await deps.deks.forOpening(row.dek);
  if (dek === undefined) return NOTHING;
  try {
    const text = open(row.sealed, dek.key, contextOf(deps.origin, row, dek.id));
    return JSON.parse(text.toString('utf8')) as Sealed;
  } catch {
    return NOTHING;
  }
}

function recalled(row: KeptRow, opened: ReadonlyMap<string, Sealed>): RecalledCall {
  const own = opened.get(row.call) ?? NOTHING;
  const older = row.builtOn.map((call) => opened.get(call)?.originals ?? {});
  return {
    requestId: row.call,
    runner: row.runner,
    model: row.model,
    answer: own.answer,
    originals: Object.assign({}, ...older, own.originals) as Readonly<Record<string, string>>,
    builtOn: Object.keys(own.originals).length === 0 ? row.builtOn : [...row.builtOn, row.call],
  };
}

type Head = Pick<KeptRow, 'call' | 'tenant' | 'owner' | 'runner' | 'model' | 'builtOn'>;

function contextOf(origin: string, { call, tenant, owner }: Head, dek: string): Buffer {
  const field = `originals/${owner.toString('hex')}`;
  return additionalData({ schema: 'cordon.kept.v1', origin, record: call, tenant, field, dek });
}

function proofOfCall(keyring: Keyring, { call, tenant, owner, runner, model, builtOn }: Head): Buffer {
  return keyring.reference(['kept-call', call, tenant, owner.toString('hex'), runner, model, ...builtOn]);
}

function proofOfName(keyring: Keyring, name: Buffer, owner: Buffer, call: string): Buffer {
  return keyring.reference(['kept-claim', name.toString('hex'), owner.toString('hex'), call]);
}

function isProven(keyring: Keyring, row: KeptRow, owner: Buffer): boolean {
  return equal(row.owner, owner) && equal(row.proof, proofOfCall(keyring, row));
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function tooMuch(): CordonError {
  return new CordonError('invalid_request', 'This builds on more stored data than Cordon follows.');
}

async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CordonError) throw error;
    throw new CordonError(
      'audit_unavailable',
      'What runners keep could not be looked up or written down, so the call was denied.',
      { detail: 'kept', retryAfterS: 1, cause: error },
    );
  }
}
