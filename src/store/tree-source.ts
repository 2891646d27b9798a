import type pg from 'pg';
import { type TreeSource } from '../ledger/tree/chain-nodes.ts';
import { type DumpedSource } from '../ledger/dump/write.ts';
import { bytes, integer, text } from './columns.ts';
import { type Row } from './session.ts';

/** Tiles, leaves and our own copies of checkpoints; the pool's role is the reader. */
export function createTreeSource(pool: pg.Pool): TreeSource & Pick<DumpedSource, 'checkpoints'> {
  return {
    async tile(chain, level, index): Promise<Buffer | undefined> {
      const { rows } = await pool.query<Row>(
        'select hashes from cordon.tiles where chain = $1 and level = $2 and index = $3',
        [chain, level, index],
      );
      return rows[0] === undefined ? undefined : bytes(rows[0], 'hashes');
    },
    async leaves(chain, afterSeq, limit): Promise<readonly Buffer[]> {
      const { rows } = await pool.query<Row>(
        'select seq, leaf from cordon.records where chain = $1 and seq > $2 order by seq limit $3',
        [chain, afterSeq, limit],
      );
      const gap = rows.findIndex((row, at) => integer(row, 'seq') !== afterSeq + 1 + at);
      return (gap < 0 ? rows : rows.slice(0, gap)).map((row) => bytes(row, 'leaf'));
    },
    async checkpoint(chain, size): Promise<string | undefined> {
      const { rows } = await pool.query<Row>(
        'select note from cordon.checkpoints where chain = $1 and size >= $2 order by size limit 1',
        [chain, size],
      );
      return rows[0] === undefined ? undefined : text(rows[0], 'note');
    },
    async checkpoints(chain, afterSize, limit) {
      const { rows } = await pool.query<Row>(
        'select size, note from cordon.checkpoints where chain = $1 and size > $2 order by size limit $3',
        [chain, afterSize, limit],
      );
      return rows.map((row) => ({ chain, size: integer(row, 'size'), note: text(row, 'note') }));
    },
  };
}
