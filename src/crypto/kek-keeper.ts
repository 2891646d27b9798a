import { type SystemRecord } from '../domain/record.ts';
import { type DekOwner, type StoredDek, wrapContext } from './deks.ts';
import { type Kek, type ManagedKeyring, UnusableKeyError, type WrappedKey } from './keyring.ts';

/** What the database knows of a KEK. */
export interface KekUsage {
  readonly id: string;
  /** Data keys it wraps. */
  readonly living: number;
  /** Destroyed data keys that were last wrapped by it: older copies of the database still hold them so wrapped. */
  readonly erased: number;
  /** First day of the oldest month that it wraps a key of, `YYYY-MM-01`; undefined when it wraps none. */
  readonly oldest: string | undefined;
  readonly createdMs: number | undefined;
  /** When a key command first saw it. */
  readonly seenMs: number | undefined;
  readonly retiredMs: number | undefined;
  readonly destroyedMs: number | undefined;
}

export interface Rewrap {
  readonly id: string;
  readonly before: WrappedKey;
  readonly after: WrappedKey;
}

/** Wrapped keys, with the right to put others in their place. */
export interface KekStore {
  /** Rejects with KeyRefusal while another process is at it. */
  exclusively<T>(use: () => Promise<T>): Promise<T>;
  /** Of all data keys, or of one data subject's. */
  usage(subject?: Pick<DekOwner, 'tenant' | 'reference'>): Promise<readonly KekUsage[]>;
  /** Notes a KEK; false when it was known. */
  see(kek: Kek, nowMs: number): Promise<boolean>;
  /** Living keys under `kek` with an id above `afterId`, in order of id. */
  wrappedBy(kek: string, afterId: string, limit: number): Promise<readonly StoredDek[]>;
  /** Replaces each wrapped key that is still as it was; returns how many. */
  rewrap(changes: readonly Rewrap[]): Promise<number>;
  /** Nothing is wrapped under it from now on. Returns how many living keys it wraps; unless 0, nothing was done. */
  retire(kek: string, nowMs: number): Promise<number>;
  markDestroyed(kek: string, nowMs: number): Promise<void>;
}

/** The answer is no, and why. */
export class KeyRefusal extends Error {
  override readonly name = 'KeyRefusal';
}

export interface RewrapResult {
  /** Under which all of them are now. */
  readonly to: string;
  readonly rewrapped: number;
  /** Destroyed or replaced by somebody else in the meantime. */
  readonly skipped: number;
  /** Did not open: their KEK is gone, or they are damaged. */
  readonly unusable: number;
  /** Still under older KEKs: of processes that have not heard of the new one, or unusable. */
  readonly remaining: number;
}

export interface KekKeeper {
  /** Adds a KEK and makes it current. */
  rotate(): Promise<{ readonly from: string | undefined; readonly to: string }>;
  rotateIndex(): Promise<number>;
  /** Wraps all living data keys under the current KEK. After a crash it goes on where it was. */
  rewrap(onProgress: (done: number, total: number) => void): Promise<RewrapResult>;
  /** Destroys the oldest KEK; rejects with KeyRefusal while a living data key needs it. */
  retire(id: string): Promise<void>;
}

const PAGE = 500;
/** Key services answer one at a time, each in its time. */
const AT_ONCE = 16;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

interface KeeperDeps {
  readonly store: KekStore;
  readonly keyring: ManagedKeyring;
  readonly note: (record: SystemRecord) => Promise<void>;
  /** Who does it, for the record. */
  readonly actor: string;
  readonly now: () => number;
}

/** What is done to KEKs, each step on record. */
export function createKekKeeper(deps: KeeperDeps): KekKeeper {
  const { store, keyring, now } = deps;
  return {
    rotate: () =>
      store.exclusively(async () => {
        await recordUnseen(deps);
        const from = (await keyring.keks()).find((kek) => kek.current)?.id;
        const made = await keyring.rotate();
        await note(deps, 'KEY_ROTATED', { step: 'rotated', from: from ?? null, to: made.id });
        await store.see(made, now());
        return { from, to: made.id };
      }),
    rotateIndex: () =>
      store.exclusively(async () => {
        const version = await keyring.rotateIndex();
        await note(deps, 'KEY_ROTATED', { step: 'index', to: version });
        return version;
      }),
    rewrap: (onProgress) => store.exclusively(() => rewrapAll(deps, onProgress)),
    retire: (id) => store.exclusively(() => retire(deps, id)),
  };
}

/** A KEK made by a command that was killed, or by the key service's own administrators, comes on record here. */
async function recordUnseen(deps: KeeperDeps): Promise<void> {
  const { store, keyring, now } = deps;
  await keyring.refresh();
  const known = new Set(
    (await store.usage()).flatMap(({ id, seenMs }) => (seenMs === undefined ? [] : [id])),
  );
  for (const kek of await keyring.keks()) {
    if (known.has(kek.id)) continue;
    await note(deps, 'KEY_ROTATED', { step: 'found', to: kek.id, current: kek.current });
    await store.see(kek, now());
  }
}

async function rewrapAll(
  deps: KeeperDeps,
  onProgress: (done: number, total: number) => void,
): Promise<RewrapResult> {
  await recordUnseen(deps);
  const { store, keyring } = deps;
  const to = (await keyring.keks()).find((kek) => kek.current)?.id;
  if (to === undefined) throw new KeyRefusal('the keyring has no current key');
  const others = async () => (await store.usage()).filter(({ id, living }) => id !== to && living > 0);
  const old = await others();
  const total = old.reduce((sum, { living }) => sum + living, 0);
  const done = { rewrapped: 0, skipped: 0, unusable: 0 };
  const from: Record<string, number> = {};
  let complete = false;
  try {
    for (const { id } of old) {
      for await (const part of rewrapOf(deps, id)) {
        done.rewrapped += part.rewrapped;
        done.skipped += part.skipped;
        done.unusable += part.unusable;
        from[id] = (from[id] ?? 0) + part.rewrapped;
        onProgress(done.rewrapped + done.skipped + done.unusable, total);
      }
    }
    complete = true;
  } finally {
    if (!complete || total > 0) {
      await note(deps, 'KEY_ROTATED', { step: 'rewrapped', to, from, ...done, complete });
    }
  }
  const remaining = (await others()).reduce((sum, { living }) => sum + living, 0);
  return { to, ...done, remaining };
}

type Part = Pick<RewrapResult, 'rewrapped' | 'skipped' | 'unusable'>;

async function* rewrapOf({ store, keyring }: KeeperDeps, kek: string): AsyncGenerator<Part> {
  for (let afterId = FIRST_ID; ;) {
    const page = await store.wrappedBy(kek, afterId, PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    afterId = last.id;
    const changes: Rewrap[] = [];
    for (let at = 0; at < page.length; at += AT_ONCE) {
      const made = await Promise.all(page.slice(at, at + AT_ONCE).map((dek) => rewrapOne(keyring, dek)));
      for (const change of made) if (change !== undefined) changes.push(change);
    }
    const rewrapped = changes.length === 0 ? 0 : await store.rewrap(changes);
    yield { rewrapped, skipped: changes.length - rewrapped, unusable: page.length - changes.length };
  }
}

/** Undefined when the key does not open. The old form is given up only for one that was seen to open. */
async function rewrapOne(keyring: ManagedKeyring, dek: StoredDek): Promise<Rewrap | undefined> {
  const { wrapped: before } = dek;
  if (before === undefined) return undefined;
  const context = wrapContext(dek);
  const key = await keyring.unwrap(before, context).catch((error: unknown) => {
    if (error instanceof UnusableKeyError) return undefined;
    throw error;
  });
  if (key === undefined) return undefined;
  const after = await keyring.wrap(key, context);
  const again = await keyring.unwrap(after, context);
  if (!again.equals(key)) throw new Error('a key that was wrapped anew does not open as what it was');
  key.fill(0);
  again.fill(0);
  return { id: dek.id, before, after };
}

async function retire(deps: KeeperDeps, id: string): Promise<void> {
  const { store, keyring, now } = deps;
  await recordUnseen(deps);
  const keks = await keyring.keks();
  const kek = keks.find((candidate) => candidate.id === id);
  const known = (await store.usage()).find((candidate) => candidate.id === id);
  if (kek === undefined && (known?.retiredMs === undefined || known.destroyedMs !== undefined)) {
    throw new KeyRefusal(
      known?.destroyedMs === undefined ? `there is no key ${id}` : `${id} was destroyed already`,
    );
  }
  if (kek?.current === true) throw new KeyRefusal(`${id} is the current key: rotate first`);
  const oldest = keks[0]?.id;
  if (kek !== undefined && oldest !== id) throw new KeyRefusal(`${oldest ?? ''} is older: retire it first`);
  const living = await store.retire(id, now());
  if (living > 0) {
    throw new KeyRefusal(`${id} still wraps ${living} data key(s): run cordon keys rewrap first`);
  }
  await keyring.destroy(id);
  // After a crash before the mark, the same command ends what it began; at worst the record is there twice.
  await note(deps, 'KEY_DESTROYED', { kek: id, erased: known?.erased ?? 0 });
  await store.markDestroyed(id, now());
}

function note(
  deps: KeeperDeps,
  type: 'KEY_ROTATED' | 'KEY_DESTROYED',
  data: SystemRecord['data'],
): Promise<void> {
  return deps.note({ type, atMs: deps.now(), tenant: '', data: { ...data, by: deps.actor } });
}
