import { type ChainHead, type WriterSession } from './ports.ts';
import { type Draft } from './draft.ts';

const PAGE = 1_000;

/**
 * Chains whose writer is gone: not closed, and their lock is free. The locks are taken, so that of several processes
 * starting together one does the work; they fall with the session.
 */
export async function lockDeadChains(session: WriterSession, own: string): Promise<readonly ChainHead[]> {
  const dead: ChainHead[] = [];
  for (const { chain } of await session.openChains()) {
    if (chain === own || !(await session.lock(chain))) continue;
    // Read again under the lock: another sweep may have closed it between the list and the lock.
    const head = await session.head(chain);
    if (head === undefined || head.closed) await session.unlock(chain);
    else dead.push(head);
  }
  return dead;
}

/** How a START note names a chain it found dead; verification holds the chain to it. */
export function headReference(head: ChainHead): string {
  return `${head.chain} ${head.seq} ${head.hash.toString('hex')}`;
}

/**
 * Closes each dead chain: every decision of it without a completion gets an INCOMPLETE record, durable before the
 * chain is marked closed. A crash in between repeats the sweep, which then finds only what is left.
 * Should a chain's writer live after all (it was cut off, not dead), it finds its chain closed and opens another; its
 * COMPLETION may then follow an INCOMPLETE and supersedes it.
 */
export async function closeChains(
  session: WriterSession,
  chains: readonly ChainHead[],
  deps: { readonly append: (draft: Draft) => Promise<void>; readonly now: () => number },
): Promise<void> {
  for (const { chain } of chains) {
    let after = 0;
    for (;;) {
      const open = await session.openDecisions(chain, after, PAGE);
      await Promise.all(
        open.map((decision) =>
          deps.append(
            incompleteDraft(decision.requestId, decision.tenant, deps.now(), {
              reason: 'writer_gone',
              chain,
              seq: decision.seq,
            }),
          ),
        ),
      );
      const last = open.at(-1);
      if (last === undefined) break;
      after = last.seq;
    }
    await session.closeChain(chain);
    await session.unlock(chain);
  }
}

/** Says that a decision will have no completion from the writer that made it. */
export function incompleteDraft(
  id: string,
  tenant: string,
  atMs: number,
  data: Readonly<Record<string, string | number>>,
): Draft {
  return { type: 'INCOMPLETE', id, tenant, atMs, data, payloads: [], subject: Buffer.alloc(0) };
}
