import { hash } from 'node:crypto';
import {
  batchHash,
  genesisHash,
  headerText,
  leafHash,
  SEALED_FIELDS,
  treeRoot,
} from '../../src/ledger/leaf.ts';
import { type FoundRow, type RecordSource, type StoredRow } from '../../src/ledger/ports.ts';
import { asSuperuser } from './lifecycle.ts';
import { type TestDatabase } from './postgres.ts';

const PAGE = 10_000;
const BATCH_ROWS = 5;

/** A ledger of one chain. */
export interface Tampered {
  readonly database: TestDatabase;
  readonly source: RecordSource;
}

/** What somebody with all rights does to the rows of the chain; they come back in the order they are to have. */
export type Tampering = (rows: readonly StoredRow[]) => readonly FoundRow[];

/**
 * Rewrites the chain as if it had always been so: each row gets the number of its place, in its header too, and every
 * leaf, root, link and the head follow. Nothing in the database tells.
 */
export async function rewriteChain({ database, source }: Tampered, change: Tampering): Promise<void> {
  const [head] = await source.chains();
  if (head === undefined) throw new Error('there is no chain');
  const { chain, instance, openedMs } = head;
  const before = await source.rows(chain, 0, PAGE, SEALED_FIELDS);
  const rows = change(before).map((row, i) => {
    const record = /"record":(.*),"seq":\d+\}$/s.exec(row.header)?.[1] ?? '';
    const header = headerText(chain, record, i + 1);
    return { ...row, seq: i + 1, header, leaf: leafHash(header, digestsOf(row)) };
  });
  const sql = ['truncate cordon.records, cordon.batches cascade', ...rows.map((row) => insert(chain, row))];
  let prev = genesisHash(chain, instance, openedMs);
  for (let at = 0; at < rows.length; at += BATCH_ROWS) {
    const leaves = rows.slice(at, at + BATCH_ROWS).map(({ leaf }) => leaf);
    const batch = {
      chain,
      firstSeq: at + 1,
      lastSeq: at + leaves.length,
      root: treeRoot(leaves),
      prev,
    };
    const own = batchHash(batch);
    sql.push(
      `insert into cordon.batches values ('${chain}', ${batch.firstSeq}, ${batch.lastSeq}, ${hex(batch.root)}, ${hex(prev)}, ${hex(own)})`,
    );
    prev = own;
  }
  sql.push(`update cordon.chains set seq = ${rows.length}, hash = ${hex(prev)}`);
  await asSuperuser(database, sql.join(';\n'));
}

function digestsOf({ fields }: FoundRow): Readonly<Partial<Record<(typeof SEALED_FIELDS)[number], Buffer>>> {
  return Object.fromEntries(
    SEALED_FIELDS.flatMap((name) => {
      const bytes = fields[name];
      return bytes === undefined ? [] : [[name, hash('sha256', bytes, 'buffer')]];
    }),
  );
}

function insert(
  chain: string,
  { period, seq, requestId, type, tenant, atMs, leaf, header, fields }: FoundRow,
): string {
  const payloads = SEALED_FIELDS.map((name) => hex(fields[name]));
  return `insert into cordon.records (period, chain, seq, request_id, type, tenant, at_ms, leaf, header,
      context, body, findings, response)
    values ('${period}', '${chain}', ${seq}, '${requestId}', '${type}', '${tenant}', ${atMs}, ${hex(leaf)},
      convert_from(${hex(Buffer.from(header))}, 'UTF8'), ${payloads.join(', ')})`;
}

function hex(bytes: Buffer | undefined): string {
  return bytes === undefined ? 'null' : `'\\x${bytes.toString('hex')}'::bytea`;
}
