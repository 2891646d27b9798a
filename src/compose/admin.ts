import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ADMIN_OPERATIONS } from '../admin/operations.ts';
import { createPermit } from '../admin/permit.ts';
import { erasureRoutes } from '../admin/routes/erasures.ts';
import { HOLD_RELEASE, holdReleaseExecutor, holdRoutes } from '../admin/routes/holds.ts';
import { proposalRoutes } from '../admin/routes/proposals.ts';
import { retentionRoutes } from '../admin/routes/retention.ts';
import { reportRoutes } from '../admin/routes/reports.ts';
import { searchRoutes } from '../admin/routes/search.ts';
import { type Config } from '../config/load.ts';
import { type Runner } from '../domain/runner.ts';
import { type Ledger } from '../domain/record.ts';
import { type Route } from '../http/route-table.ts';
import { createSearcher } from '../ledger/search/search.ts';
import { createReports } from '../reports/reports.ts';
import { EXPORT_KIND, exportRoutes } from '../admin/routes/exports.ts';
import { revealRoutes } from '../admin/routes/reveals.ts';
import { type Principal } from '../domain/principal.ts';
import { type Executor, type Person } from '../domain/proposal.ts';
import { createReveals, REVEAL_KIND } from '../ledger/reveal.ts';
import { proveRecords } from '../ledger/tree/prove.ts';
import { createPolicyEngine } from '../policy/engine.ts';
import { formatProblem } from '../policy/problem.ts';
import { createProposalStore } from '../store/proposal-store.ts';
import { createProposals } from '../store/proposals.ts';
import { type Log } from '../telemetry/log.ts';
import { type Audit } from './audit.ts';
import { openCheckpointKey } from './checkpoints.ts';
import { type Closable, createCloser } from './closer.ts';
import { describeInstallation } from './installation.ts';
import { openExports } from './exports.ts';
import { packageDirectory } from './locations.ts';
import { type PolicyDatabase } from './policy-database.ts';
import { openPolicyDesks } from './policy-desks.ts';
import { type PolicyInForce } from './policy-in-force.ts';

/** The control plane: what it answers, and its policy. */
export interface Admin extends Closable {
  readonly routes: readonly Route[];
  /** Reads its policy again; one that is refused leaves the one in force in force. */
  reload(): Promise<void>;
}

export interface AdminDeps {
  readonly audit: Audit;
  readonly ledger: Ledger;
  readonly runners: readonly Runner[];
  readonly log: Log;
  readonly clock: () => number;
  readonly createId: () => string;
  /** The policy of the data plane. */
  readonly policyInForce: PolicyInForce;
  /** Undefined where the policy is a file. */
  readonly versions: PolicyDatabase | undefined;
}

/** What was approved and not finished, by whichever process, is taken up again this often. */
const RESUME_MS = 60_000;

export async function openAdmin(config: Config, deps: AdminDeps): Promise<Admin> {
  const { audit, ledger, runners, log, clock, createId, policyInForce, versions } = deps;
  const { pool, deks, keyring } = audit.access;
  const closer = createCloser();
  const note: Ledger['note'] = (record) => ledger.note(record);
  const desks = versions && openPolicyDesks(versions, { note, clock, createId, keyring, audit: audit.view });
  const { holds, erasures, retention } = audit.lifecycle;
  const pseudonym = (tenant: string, { issuer, subject }: Person): string =>
    keyring.reference(['admin', tenant, issuer, subject]).toString('hex');
  const checkpointSigner = await openCheckpointKey(config);
  const { sources } = audit.view;
  const exports = closer.add(
    await openExports(config, {
      ...{ audit, note, clock, log, pseudonym, checkpointSigner, policyInForce },
    }),
  );
  const executors: Readonly<Record<string, Executor>> = {
    [HOLD_RELEASE]: holdReleaseExecutor(holds),
    [EXPORT_KIND]: (proposal) => exports.enqueue(proposal),
    [REVEAL_KIND]: (proposal) => reveals.execute(proposal),
    ...desks?.executors,
  };
  const proposals = createProposals({
    store: createProposalStore(pool),
    ...{ deks, keyring, note, createId, executors },
    origin: config.origin,
    now: clock,
  });
  const reveals = createReveals({
    ...{ reader: sources.reader, proposals, note, now: clock, pseudonym },
    maxMinutes: config.reveals.max_minutes,
    exists: async (tenant, requestId) =>
      (await sources.source.find({ tenant, requestId, types: ['DECISION'] }, 1, [])).length > 0,
  });
  const policy = await openAdminPolicy(config, log, clock);
  const permit = createPermit({
    policy,
    note,
    clock,
    pseudonym: (principal) => pseudonym(principal.tenant, principal),
  });
  const reading = { ...audit.search, keyring, note, now: clock };
  const searcher = createSearcher(reading);
  const reports = createReports({
    ...reading,
    installation: describeInstallation(config, runners, policyInForce),
  });
  const timer = setInterval(() => void proposals.resume(), RESUME_MS);
  timer.unref();
  closer.add({
    close: () => {
      clearInterval(timer);
      return Promise.resolve();
    },
  });
  void proposals.resume();
  exports.start();
  const prove = (principal: Principal, requestId: string): ReturnType<typeof proveRecords> =>
    proveRecords({ ...sources, checkpointSigner, origin: config.origin }, requestId, principal.tenant);
  return {
    routes: [
      ...proposalRoutes(permit, proposals),
      ...holdRoutes(permit, holds, proposals),
      ...erasureRoutes(permit, erasures),
      ...retentionRoutes(permit, retention, holds),
      ...searchRoutes(permit, searcher),
      ...reportRoutes(permit, reports),
      ...exportRoutes(permit, proposals, exports),
      ...revealRoutes(permit, { proposals, reveals, prove }),
      ...(desks?.routes(permit, proposals) ?? []),
    ],
    async reload(): Promise<void> {
      await policy.reload();
    },
    close: () => closer.close(),
  };
}

async function openAdminPolicy(
  config: Config,
  log: Log,
  clock: () => number,
): Promise<ReturnType<typeof createPolicyEngine>> {
  const file =
    config.admin.policy_file === undefined
      ? path.join(packageDirectory(), 'policies', 'admin.yaml')
      : path.resolve(config.baseDirectory, config.admin.policy_file);
  const engine = createPolicyEngine({
    load: async () => ({ text: await readFile(file, 'utf8'), source: file }),
    clock,
    operations: ADMIN_OPERATIONS,
    onAlert: ({ kind }) => {
      log({ event: 'policy_alert', kind });
    },
  });
  const { problems } = await engine.reload();
  if (problems.length === 0) return engine;
  const lines = problems.map((problem) => `  ${formatProblem(problem)}`);
  throw new Error(['The policy set of the control plane is refused:', ...lines].join('\n'));
}
