import { type ErasureHorizon, type KekStatus } from '../crypto/kek-horizon.ts';

/** One line a KEK. */
export function kekLine({
  id,
  state,
  createdMs,
  destroyedMs,
  living,
  erased,
  oldest,
  dueMs,
}: KekStatus): string {
  const dates = [
    createdMs === undefined ? 'made at a time unknown' : `made ${day(createdMs)}`,
    ...(destroyedMs === undefined ? [] : [`destroyed ${day(destroyedMs)}`]),
    ...(dueMs === undefined ? [] : [`to be destroyed by ${day(dueMs)}`]),
  ];
  const since = oldest === undefined ? '' : ` (oldest of ${oldest.slice(0, 7)})`;
  return `${id.padEnd(24)} ${state.padEnd(9)} wraps ${living}${since}, erased ${erased}, ${dates.join(', ')}`;
}

/** What to tell somebody who asks when erased data is beyond recovery from backups too. */
export function horizonLines({ pending, complete, atMs, overdue }: ErasureHorizon): readonly string[] {
  return [
    `Erased data keys: ${complete} beyond recovery, ${pending} that a backup and a key above could still bring back.`,
    ...(pending === 0
      ? []
      : [
          atMs === undefined
            ? 'Nobody can say until when: a key of theirs is overdue, of unknown age, or not in the keyring.'
            : `Erasure horizon: ${day(atMs)}.`,
        ]),
    ...(overdue
      ? ['OVERDUE: a key is older than keys.rotation_days. Run cordon keys rotate, rewrap and retire.']
      : []),
  ];
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
