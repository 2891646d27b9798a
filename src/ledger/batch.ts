import { canonicalize } from '../crypto/jcs.ts';
import { recordOf } from './header.ts';
import { batchHash, headerText, leafHash, treeRoot } from './leaf.ts';
import { type Batch, type ChainHead, type ChainRow } from './ports.ts';
import { type Entry } from './queue.ts';

/** Gives queued records their places behind the head, in order. */
export function buildBatch(
  head: ChainHead,
  entries: readonly Entry[],
): { readonly batch: Batch; readonly rows: readonly ChainRow[] } {
  const rows = entries.map((entry, index): ChainRow => {
    if (entry.sealed === undefined) throw new TypeError('a batch takes sealed records only');
    const { id, type, tenant, atMs, period, record, fields, digests, index: found } = entry.sealed;
    const seq = head.seq + 1 + index;
    const header = headerText(head.chain, record, seq);
    return {
      seq,
      requestId: id,
      type,
      tenant,
      atMs,
      period,
      header,
      leaf: leafHash(header, digests),
      fields,
      index: found,
    };
  });
  const link = {
    chain: head.chain,
    firstSeq: head.seq + 1,
    lastSeq: head.seq + rows.length,
    root: treeRoot(rows.map((row) => row.leaf)),
    prev: head.hash,
  };
  return { batch: { ...link, hash: batchHash(link) }, rows };
}

/** Whether two headers tell the same; their ciphertexts differ, since each append seals anew. */
export function sameContent(a: string, b: string): boolean {
  const content = (header: string) => {
    const record = recordOf(header);
    return record === undefined ? undefined : canonicalize({ ...record, sealed: null });
  };
  return content(a) !== undefined && content(a) === content(b);
}
