import { readFileSync } from 'node:fs';
import { OPERATIONS } from '../../src/compose/policy-files.ts';
import { HANDLINGS } from '../../src/domain/handling.ts';
import { type PolicySnapshot } from '../../src/domain/policy.ts';
import { type Detector } from '../../src/domain/span.ts';
import { buildPolicy } from '../../src/policy/build.ts';
import { formatProblem } from '../../src/policy/problem.ts';
import { answer, type Said } from './answering-upstream.ts';
import { startTestCordon, type TestCordon } from './cordon.ts';
import { type CapturingUpstream, startUpstream } from './upstream.ts';

/** Cordon before a runner that answers as told; a request that says `slowly` is answered letter by letter. */
export interface InspectedCordon {
  readonly cordon: TestCordon;
  readonly upstream: CapturingUpstream;
  readonly token: string;
  /** What is answered, given the mark that stands for the caller's card. */
  said: (ownCard: string) => Said;
  policy: PolicySnapshot;
  detectorFails: (text: string) => boolean;
  /** The default policy, a detector that works. */
  reset(): Promise<void>;
  dispose(): Promise<void>;
}

export async function snapshotOf(text: string): Promise<PolicySnapshot> {
  const vocabulary = { supportedHandlings: HANDLINGS, extraEntities: [], operations: OPERATIONS };
  const { snapshot, problems } = await buildPolicy(
    { text, source: 'test.yaml' },
    vocabulary,
    () => undefined,
  );
  if (snapshot === undefined) throw new Error(problems.map(formatProblem).join('\n'));
  return snapshot;
}

export const DEFAULT = readFileSync('policies/default.yaml', 'utf8');

/** The default set with other rules for answers. */
export async function withOutput(...rules: readonly object[]): Promise<PolicySnapshot> {
  const [head = ''] = DEFAULT.split('\noutput:');
  const written = rules.map((rule, i) => `  - ${JSON.stringify({ id: `output-${i}`, ...rule })}\n`);
  return snapshotOf(`${head}\noutput:\n${written.join('')}`);
}

export async function startInspectedCordon(): Promise<InspectedCordon> {
  const upstream = await startUpstream((request, response) => {
    const mark = /<CREDIT_CARD_[0-9a-f]+>/.exec(request.body)?.[0] ?? '';
    return answer(request, response, state.said(mark), request.body.includes('slowly') ? 1 : 9);
  });
  const cordon = await startTestCordon({
    runnerUrl: upstream.url,
    replace: {
      policy: { current: () => state.policy },
      detector: (real: Detector): Detector => ({
        version: real.version,
        detect: (requests, signal) =>
          requests.some(({ text }) => state.detectorFails(text))
            ? Promise.reject(new Error('broken'))
            : real.detect(requests, signal),
      }),
    },
  });
  const state: InspectedCordon = {
    cordon,
    upstream,
    token: await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' }),
    said: () => ({ text: '' }),
    policy: await snapshotOf(DEFAULT),
    detectorFails: () => false,
    async reset(): Promise<void> {
      state.policy = await snapshotOf(DEFAULT);
      state.detectorFails = () => false;
      upstream.received.length = 0;
    },
    async dispose(): Promise<void> {
      await cordon.dispose();
      await upstream.close();
    },
  };
  return state;
}
