import type pg from 'pg';
import { type TreeStore } from '../ledger/tree/checkpointer.ts';

/** Tiles and checkpoints in `cordon.tiles` and `cordon.checkpoints`; the pool's role is the writer. */
export function createTreeStore(pool: pg.Pool): TreeStore {
  return {
    async save({ chain, size, atMs, note }, tiles): Promise<void> {
      await pool.query(
        `with tile as (
           insert into cordon.tiles (chain, level, index, hashes)
           select * from unnest($5::uuid[], $6::smallint[], $7::bigint[], $8::bytea[])
           on conflict do nothing
         )
         insert into cordon.checkpoints (chain, size, at_ms, note) values ($1, $2, $3, $4)
         on conflict do nothing`,
        [
          chain,
          size,
          atMs,
          note,
          tiles.map((tile) => tile.chain),
          tiles.map((tile) => tile.level),
          tiles.map((tile) => tile.index),
          tiles.map((tile) => tile.hashes),
        ],
      );
    },
  };
}
