import { type KekUsage } from './kek-keeper.ts';
import { type Kek } from './keyring.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** One KEK, as keyring and database together know it. */
export interface KekStatus {
  readonly id: string;
  /** `unknown`: data keys name it, but it is not in the keyring and nobody recorded that it was destroyed. */
  readonly state: 'current' | 'old' | 'destroyed' | 'unknown';
  readonly createdMs: number | undefined;
  readonly destroyedMs: number | undefined;
  /** Data keys it wraps. */
  readonly living: number;
  /** Destroyed data keys that were last wrapped by it. */
  readonly erased: number;
  readonly oldest: string | undefined;
  /** When it is to be destroyed; undefined when it was, or nobody knows how old it is. */
  readonly dueMs: number | undefined;
}

export interface ErasureHorizon {
  /** Destroyed data keys that a copy of the database from before and a KEK that still exists could bring back. */
  readonly pending: number;
  /** Those that nothing brings back. */
  readonly complete: number;
  /**
   * When `pending` will be beyond recovery, if keys are destroyed when due. Undefined for none, when a key's age is
   * unknown, and when one of them should be gone already: nobody can say until when it stays.
   */
  readonly atMs: number | undefined;
  /** A KEK is older than it should be. */
  readonly overdue: boolean;
}

/**
 * A copy of the database may hold an erased data key wrapped under the KEK it had last, or under an older one: it is
 * beyond recovery once all of these are destroyed. Each is due `rotationDays` after it was made. Whose keys are counted
 * is what `usage` counts: everybody's, or one person's.
 */
export function kekStatus(
  keks: readonly Kek[],
  usage: readonly KekUsage[],
  rotationDays: number,
  nowMs: number,
): { readonly keks: readonly KekStatus[]; readonly horizon: ErasureHorizon } {
  const used = new Map(usage.map((entry) => [entry.id, entry]));
  const held = keks.map((kek): KekStatus => {
    const createdMs = kek.createdMs ?? used.get(kek.id)?.seenMs;
    const dueMs = createdMs === undefined ? undefined : createdMs + rotationDays * DAY_MS;
    return {
      ...countsOf(kek.id, used),
      state: kek.current ? 'current' : 'old',
      createdMs,
      destroyedMs: undefined,
      dueMs,
    };
  });
  const ids = new Set(keks.map(({ id }) => id));
  const gone = usage
    .filter(({ id }) => !ids.has(id))
    .map((entry): KekStatus => {
      const { createdMs = entry.seenMs, destroyedMs } = entry;
      const state = destroyedMs === undefined ? 'unknown' : 'destroyed';
      return { ...countsOf(entry.id, used), state, createdMs, destroyedMs, dueMs: undefined };
    });
  // Whatever an unknown key erased, somebody may still hold it.
  const unknown = gone.filter(({ state }) => state === 'unknown');
  const newest = held.findLastIndex(({ erased }) => erased > 0);
  const needed = held.slice(0, newest + 1);
  const sum = (list: readonly KekStatus[]): number => list.reduce((total, { erased }) => total + erased, 0);
  const pendingUnknown = sum(unknown);
  const atMs = needed.reduce<number | undefined>(
    (latest, { dueMs }) =>
      latest === undefined || dueMs === undefined || dueMs <= nowMs ? undefined : Math.max(latest, dueMs),
    pendingUnknown > 0 || needed.length === 0 ? undefined : 0,
  );
  return {
    keks: [...gone, ...held],
    horizon: {
      pending: sum(needed) + pendingUnknown,
      complete: sum(gone) - pendingUnknown,
      atMs,
      overdue: held.some(({ dueMs }) => dueMs !== undefined && dueMs <= nowMs),
    },
  };
}

function countsOf(id: string, used: ReadonlyMap<string, KekUsage>) {
  const { living = 0, erased = 0, oldest } = used.get(id) ?? {};
  return { id, living, erased, oldest };
}
