import type pg from 'pg';
import { type TreeSource } from '../ledger/tree/chain-nodes.ts';
import { type DumpedSource } from '../ledger/dump/write.ts';
import { bytes, integer, text } from './columns.ts';
import { type Row } from './session.ts';

/** Tiles, leaves and our own copies of checkpoints; the pool's role is the reader. */
export function createTreeSource(pool: pg.Pool): TreeSource & Pick<DumpedSource, 'checkpoints'> {
  const note = async (which: string, values: readonly unknown[]): Promise<string | undefined> => {
    const { rows } = await pool.query<Row>(`select note from cordon.checkpoints ${which} limit 1`, [
      ...values,
    ]);
    return rows[0] === undefined ? undefined : text(rows[0], 'note');
  };
  return {
    async tile(chain, level, index): Promise<Buffer | undefined> {
      const { rows } = await pool.query<Row>(
        'select hashes from cordon.tiles where chain = $1 and level = $2 and index = $3',
        [chain, level, index],
      );
      return rows[0] === undefined ? undefined : bytes(rows[0], 'hashes');
    },
    async leaves(chain, afterSeq, limit): Promise<readonly Buffer[]> {
      const place = [chain, afterSeq, afterSeq + limit];
      const found = new Map<number, Buffer>();
      const { rows } = await pool.query<Row>(
        'select seq, leaf from cordon.records where chain = $1 and seq > $2 and seq <= $3 order by seq',
        place,
      );
      for (const row of rows) found.set(integer(row, 'seq'), bytes(row, 'leaf'));
      // What retention dropped has left its leaves: read after the records, because it may be at it now.
      const { rows: runs } = await pool.query<Row>(
        `select first_seq, leaves from cordon.dropped_leaves
         where chain = $1 and first_seq <= $3 and first_seq + octet_length(leaves) / 32 > $2 + 1`,
        place,
      );
      for (const run of runs) {
        const [first, leaves] = [integer(run, 'first_seq'), bytes(run, 'leaves')];
        for (let at = 0; at < leaves.length; at += 32)
          found.set(first + at / 32, leaves.subarray(at, at + 32));
      }
      const inOrder: Buffer[] = [];
      for (let seq = afterSeq + 1; seq <= afterSeq + limit; seq++) {
        const leaf = found.get(seq);
        if (leaf === undefined) break;
        inOrder.push(leaf);
      }
      return inOrder;
    },
    checkpoint: (chain, size) => note('where chain = $1 and size >= $2 order by size', [chain, size]),
    lastCheckpoint: (chain) => note('where chain = $1 order by size desc', [chain]),
    async checkpoints(chain, afterSize, limit) {
      const { rows } = await pool.query<Row>(
        'select size, note from cordon.checkpoints where chain = $1 and size > $2 order by size limit $3',
        [chain, afterSize, limit],
      );
      return rows.map((row) => ({ chain, size: integer(row, 'size'), note: text(row, 'note') }));
    },
  };
}
