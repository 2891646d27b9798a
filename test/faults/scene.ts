import { type AuditView } from '../../src/compose/audit-view.ts';
import { Random } from '../eval/random.ts';
import { postChat, userMessage } from '../support/cordon.ts';
import { PLANTED } from '../support/planted.ts';
import { type CapturingUpstream, chunk, startStream, startUpstream } from '../support/upstream.ts';

/** What a scenario is run with: the same seed draws the same moments. */
export interface FaultOptions {
  readonly rounds: number;
  readonly seed: string;
  readonly onProgress?: (round: number) => void;
}

/** What came of a scenario. Everything but the first three must be zero. */
export interface FaultReport {
  readonly forwarded: number;
  /** Calls whose caller saw the end of the answer: their records are promised. */
  readonly acknowledged: number;
  /** Calls that were refused or broke off. */
  readonly interrupted: number;
  /** Forwarded without a DECISION. */
  readonly undecided: number;
  /** Acknowledged without a COMPLETION. */
  readonly lost: number;
  readonly duplicates: number;
  readonly orphans: number;
  /** Decisions that nothing closes, after the last sweep. */
  readonly open: number;
  readonly problems: number;
}

/** What the callers of a scenario saw. */
export class Callers {
  readonly acknowledged: string[] = [];
  interrupted = 0;

  /** One streamed call, to its end or until it breaks. */
  async stream(url: string, token: string): Promise<boolean> {
    const id = await streamOnce(url, token);
    if (id === undefined) this.interrupted += 1;
    else this.acknowledged.push(id);
    return id !== undefined;
  }
}

async function streamOnce(url: string, token: string): Promise<string | undefined> {
  try {
    const prompt = userMessage(`write to ${PLANTED.email}`, { stream: true });
    const response = await postChat({ url }, token, prompt);
    const text = await response.text();
    return text.endsWith('data: [DONE]\n\n')
      ? (response.headers.get('cordon-request-id') ?? undefined)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A stream of twenty pieces, five milliseconds apart, so that there is a middle to be struck in. */
export async function startSlowUpstream(): Promise<CapturingUpstream> {
  return startUpstream(async (_, response) => {
    startStream(response);
    for (let i = 0; i < 20 && !response.destroyed; i++) {
      response.write(chunk({ content: `piece ${i} ` }));
      await pause(5);
    }
    response.write(chunk({}, 'stop'));
    response.end('data: [DONE]\n\n');
  });
}

/** Holds what reached the runner and what callers were told against the record. */
export async function examine(
  audit: AuditView,
  upstream: CapturingUpstream,
  callers: Callers,
): Promise<FaultReport> {
  const forwarded = upstream.received.map((request) => String(request.headers['x-request-id']));
  const { problems, pairing } = await audit.verify({ decrypt: true });
  let undecided = 0;
  let lost = 0;
  for (const id of forwarded) if ((await audit.show(id))?.decision === undefined) undecided += 1;
  for (const id of callers.acknowledged) {
    if ((await audit.show(id))?.completion?.data['outcome'] !== 'complete') lost += 1;
  }
  const { duplicates, orphans, open } = pairing;
  return {
    forwarded: forwarded.length,
    acknowledged: callers.acknowledged.length,
    interrupted: callers.interrupted,
    ...{ undecided, lost, duplicates, orphans, open },
    problems: problems.length,
  };
}

/** Whether a scenario did what it is for and nothing was lost, doubled or left open. */
export function isClean(report: FaultReport): boolean {
  const { forwarded, undecided, lost, duplicates, orphans, open, problems } = report;
  return forwarded > 0 && undecided + lost + duplicates + orphans + open + problems === 0;
}

export function randomOf(seed: string): Random {
  return new Random(seed);
}

export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Polls until it holds; throws after `seconds`. */
export async function until(
  what: string,
  seconds: number,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = Date.now() + seconds * 1_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await pause(20);
  }
}
