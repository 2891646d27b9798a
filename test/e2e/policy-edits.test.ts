import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { type Json, type JsonObject } from '../../src/domain/json.ts';
import { type Detector } from '../../src/domain/span.ts';
import { postChat, type TestCordon, userMessage } from '../support/cordon.ts';
import {
  type AdminCaller,
  approveProposal,
  type PolicyPair,
  proposeActivation,
  type Proposed,
  startPolicyPair,
  submitVersion,
} from '../support/policy-pair.ts';

/** The whole minute: CORDON_POLICY_EDIT_SECONDS=60. */
const SECONDS = Number(process.env['CORDON_POLICY_EDIT_SECONDS'] ?? 4);
/** A busy machine is late with everything; the figure is for the whole minute on a quiet one. */
const PROPAGATED_MS = process.env['CORDON_POLICY_EDIT_SECONDS'] === undefined ? 20_000 : 2_000;
const EDITS_PER_SECOND = 10;
const WORKERS = 3;
/** Callers think between calls, so that there is a rate of edits to speak of on two cores. */
const PAUSE_MS = 50;

/** Every rule of an edition carries its number, so that a decision made of two editions shows. */
function edition(n: number): string {
  const deny = (id: string, subject: string): string =>
    `  - { id: ${id}-${n}, effect: deny, subjects: ['subject:${subject}'], operations: ['*'], models: ['*'], runners: ['*'] }\n`;
  return `version: 1
name: edition-${n}
roles: { user: {} }
rules:
  - { id: users-${n}, effect: allow, subjects: ['role:user'], operations: ['*'], models: ['*'], runners: ['*'] }
${deny('always', 'mallory')}${n % 2 === 0 ? deny('sometimes', 'eve') : ''}handling:
  - { id: all-${n}, entities: ['*'], handling: ${n % 2 === 0 ? 'mask' : 'pseudonymise'} }
`;
}

/** Finds one thing in each text and takes its time: snapshots are exchanged between the questions of a call. */
function slowDetector(real: Detector): Detector {
  return {
    version: real.version,
    async detect(requests) {
      await sleep(2 + Math.random() * 20);
      const person = { start: 0, end: 5, entity: 'PERSON', score: 1, recognizer: 'test', validated: false };
      return requests.map(({ kind, text }) => (kind === 'prose' && text.startsWith('hello') ? [person] : []));
    },
  };
}

interface Seen {
  readonly subject: string;
  readonly beganMs: number;
  readonly status: number;
  readonly version: string | null;
  readonly number: number;
}

let pair: PolicyPair;
test.before(async () => {
  pair = await startPolicyPair({ policy: edition(1), detector: slowDetector });
});
test.after.always(() => pair.stop());

async function callUntil(
  stop: () => boolean,
  cordon: TestCordon,
  subject: string,
  seen: Seen[],
): Promise<void> {
  const token = await cordon.issueDevToken({ subject, tenant: 'acme', roles: ['user'] });
  while (!stop()) {
    await sleep(PAUSE_MS);
    const beganMs = performance.now();
    const response = await postChat(cordon, token, userMessage('hello there'));
    await response.text();
    const { status, headers } = response;
    const number = Number(headers.get('cordon-policy-number'));
    seen.push({ subject, beganMs, status, version: headers.get('cordon-policy-version'), number });
  }
}

interface Prepared {
  readonly edition: number;
  readonly version: string;
  readonly proposal: Proposed;
}

/** Submitted and proposed: from here to being in force everywhere, an edit is one approval. */
async function prepare(author: AdminCaller): Promise<readonly Prepared[]> {
  const prepared: Prepared[] = [];
  for (let n = 2; n < 2 + SECONDS * EDITS_PER_SECOND; n++) {
    const version = await submitVersion(author, edition(n));
    prepared.push({ edition: n, version, proposal: await proposeActivation(author, version) });
  }
  return prepared;
}

/** Resolves with when each was answered as approved. */
async function approveAll(reviewer: AdminCaller, prepared: readonly Prepared[]): Promise<readonly number[]> {
  const began = performance.now();
  return Promise.all(
    prepared.map(async ({ proposal }, i) => {
      await sleep(Math.max(0, began + (i * 1_000) / EDITS_PER_SECOND - performance.now()));
      await approveProposal(reviewer, proposal);
      return performance.now();
    }),
  );
}

test('ten edits a second under load: every call is judged by one version, and who is denied never passes', async (t) => {
  t.timeout((SECONDS + 120) * 1_000);
  const author = await pair.admin('ana', ['policy-author']);
  const reviewer = await pair.admin('rob', ['policy-reviewer']);
  const prepared = await prepare(author);
  const versions = new Map(prepared.map(({ version, edition: n }) => [version, n]));
  const seen: Seen[] = [];
  let done = false;
  const callers = pair.both.flatMap((cordon) =>
    ['mallory', 'eve', 'alice'].flatMap((subject) =>
      Array.from({ length: WORKERS }, () => callUntil(() => done, cordon, subject, seen)),
    ),
  );
  const began = performance.now();
  const approvedMs = await approveAll(reviewer, prepared);
  const tookMs = performance.now() - began;
  await sleep(500);
  done = true;
  await Promise.all(callers);

  t.is(approvedMs.length, SECONDS * EDITS_PER_SECOND);
  t.deepEqual(
    seen.filter(({ status }) => status !== 200 && status !== 403),
    [],
  );
  t.is(seen.filter(({ subject, status }) => subject === 'mallory' && status !== 403).length, 0);
  t.deepEqual(
    seen.filter(({ subject, status }) => subject === 'alice' && status !== 200),
    [],
  );
  const initial = (await author('GET', '/policy/versions')).body['items'] as {
    name: string;
    version: string;
  }[];
  const editions = new Map(initial.map(({ name, version }) => [version, Number(name.split('-')[1])]));
  const judged = (version: string | null): number =>
    editions.get(version ?? '') ?? versions.get(version ?? '') ?? NaN;
  for (const { subject, status, version } of seen) {
    if (subject === 'eve') t.is(status === 403, judged(version) % 2 === 0, version ?? 'none');
  }
  // A call that began two seconds after an approval was answered is judged by that version or a later one.
  const history = (await author('GET', '/policy/history')).body['items'] as { number: number }[];
  const approvals = [...approvedMs].sort((a, b) => a - b);
  const late = seen.filter(({ beganMs, number }) => {
    const approved = approvals.filter((at) => at + PROPAGATED_MS < beganMs).length;
    return number < approved + 1 && history.length > number;
  });
  t.deepEqual(late, []);
  t.true(await decisionsAreWhole(pair.both[0], judged, t.log.bind(t)));
  t.log(
    `${versions.size} edits in ${(tookMs / 1_000).toFixed(1)} s, ${seen.length} calls, ` +
      `${new Set(seen.map(({ number }) => number)).size} versions seen by calls`,
  );
});

/** In the record every rule that decided a call is of the version that the record names. */
async function decisionsAreWhole(
  cordon: TestCordon,
  judged: (version: string) => number,
  log: (line: string) => void,
): Promise<boolean> {
  let before: string | undefined;
  let checked = 0;
  for (;;) {
    const filter = { types: ['DECISION'], ...(before === undefined ? {} : { beforeId: before }) };
    const { items, next } = await cordon.audit.list(filter, 1_000);
    for (const { record } of items) {
      const { rules, policy, handling } = record.data;
      const named = (Array.isArray(rules) ? (rules as readonly Json[]) : []).map((id) =>
        Number(JSON.stringify(id).split(/[-"]/)[2]),
      );
      const n = judged(typeof policy === 'string' ? policy : '');
      const wanted = n % 2 === 0 ? 'mask' : 'pseudonymise';
      const given: readonly Json[] = Object.values(isRecord(handling) ? handling : {});
      if (named.some((one) => one !== n) || given.some((one) => one !== wanted)) {
        log(`mixed: ${JSON.stringify(record.data)}`);
        return false;
      }
      checked += named.length > 1 ? 1 : 0;
    }
    if (next === undefined) break;
    before = next;
  }
  log(`${checked} decisions of two rules and more, none mixed`);
  return checked > 0;
}

function isRecord(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
