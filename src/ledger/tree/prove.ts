import { type RecordSource } from '../ports.ts';
import { parseHeader } from '../header.ts';
import { chainNodes } from './chain-nodes.ts';
import { coveringCheckpoint, type CoveringDeps } from './covering.ts';
import { inclusionProof } from './proof.ts';
import { formatProof, parseProof, verifyProof } from './tlog-proof.ts';

/** A proof of one record of a request. */
export interface NamedProof {
  readonly type: string;
  readonly seq: number;
  readonly chain: string;
  /** A C2SP tlog-proof, which holds the record's header. */
  readonly text: string;
  /** True when no checkpoint had this record yet, so that one was made for the proof. */
  readonly signedNow: boolean;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A request has a decision, a completion, and perhaps a note that there will be none. */
const MAX_RECORDS = 8;

/**
 * Proofs of all records of a request, or of the one record with this id; empty when there are none. What does not verify
 * is not handed out: it rejects with a RangeError that names the record.
 */
export async function proveRecords(
  deps: CoveringDeps & { readonly source: RecordSource },
  requestId: string,
  tenant?: string,
): Promise<readonly NamedProof[]> {
  if (!UUID.test(requestId)) return [];
  const { source, trees, checkpointSigner } = deps;
  const filter = { requestId, ...(tenant === undefined ? {} : { tenant }) };
  const heads = await source.chains();
  const proofs: NamedProof[] = [];
  for (const found of await source.find(filter, MAX_RECORDS, [])) {
    const { chain = '' } = parseHeader(found.header) ?? {};
    const { seq, type } = found;
    const head = heads.find((listed) => listed.chain === chain);
    const range = { chain, afterSeq: seq - 1, upToSeq: seq };
    const [row] = head === undefined ? [] : await source.select(filter, range, 1, []);
    if (head === undefined || row === undefined) throw unproven(chain, seq);
    const { note, checkpoint, signedNow } = await coveringCheckpoint(deps, head, seq);
    const path = await inclusionProof(chainNodes(trees, chain), seq - 1, checkpoint.size);
    const { header, digests } = row;
    const text = formatProof({ header, digests, index: seq - 1, path, checkpoint: note });
    const proof = parseProof(text);
    if (proof === undefined || verifyProof(proof, [checkpointSigner]) === undefined)
      throw unproven(chain, seq);
    proofs.push({ type, seq, chain, text, signedNow });
  }
  return proofs;
}

function unproven(chain: string, seq: number): RangeError {
  return new RangeError(`record ${seq} of chain ${chain} is not what its checkpoint saw; run a verification`);
}
