import { randomFillSync } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { type Config } from '../config/load.ts';
import { CordonError } from '../domain/errors.ts';
import { createUuidV7 } from '../domain/id.ts';
import { type PolicyEngine } from '../domain/policy.ts';
import { type Principal } from '../domain/principal.ts';
import { type Ledger } from '../domain/record.ts';
import { type CircuitState } from '../domain/runner.ts';
import { type Detector } from '../domain/span.ts';
import { handleCall } from '../gateway/call.ts';
import { listModels } from '../gateway/models.ts';
import { GUARDED_RUNNER, type GuardDependencies, handleGuardrail } from '../gateway/guardrail.ts';
import { type GatewayDependencies } from '../gateway/ports.ts';
import { createRecall } from '../gateway/recall.ts';
import { listStoredChats } from '../gateway/stored-chats.ts';
import { refuseUnrouted } from '../gateway/unrouted.ts';
import { createRefusalNotes } from '../gateway/refusal-notes.ts';
import { createAdminPlane, createDataPlane, type OperationsOptions } from '../http/app.ts';
import { createBodyBudget } from '../http/body-budget.ts';
import { createAdmission } from '../http/middleware/admission.ts';
import { createReadiness } from '../http/routes/health.ts';
import { listen } from '../http/server.ts';
import { type DevToken } from '../identity/dev-issuer.ts';
import { createMemoryCounter, createPostgresCounter, createQuota } from '../quota/quota.ts';
import { type Log } from '../telemetry/log.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { type AuditView } from './audit-view.ts';
import { openAdmin } from './admin.ts';
import { openAudit } from './audit.ts';
import { type Closer, createCloser } from './closer.ts';
import { openDetection } from './detection.ts';
import { openIdentity } from './identity.ts';
import { policyInForce } from './policy-in-force.ts';
import { openPolicyDatabase } from './policy-database.ts';
import { openPolicy } from './policy.ts';
import { openRunners } from './runners.ts';
import { packageVersion } from './version.ts';

/** A running Cordon. */
export interface Cordon {
  /** Data plane, without a path. */
  readonly url: string;
  readonly adminUrl: string;
  readonly audit: AuditView;
  /** What runs, one line a part, for the person who started it. */
  readonly parts: readonly (readonly [string, string])[];
  /** A token of the development issuer; rejects when there is none. */
  issueDevToken(token: DevToken): Promise<string>;
  /** Reads policy and keyring again; what is wrong with one leaves the one in force in force. */
  reload(): Promise<void>;
  /** Refuses new calls, lets open ones end within the configured time, writes what is to be written, and closes. */
  stop(reason: string): Promise<void>;
}

/** Parts that a test or a benchmark puts in place of the real ones. */
export interface Replacements {
  readonly detector?: (real: Detector) => Detector;
  readonly ledger?: (real: Ledger) => Ledger;
  readonly policy?: PolicyEngine;
  readonly authenticate?: (authorization: string | undefined) => Promise<Principal>;
}

const random = (bytes: Uint8Array): Uint8Array => randomFillSync(bytes);
/** A model's answer comes within a call's time; a gateway with a thousand calls a second is not held up by us. */
const RECALL_LIMITS = { ttlMs: 600_000, maxCalls: 100_000, maxChars: 64 * 1024 * 1024 };
/** People and their scripts, not applications. */
const MAX_ADMIN_CALLS = 64;
const clock = (): number => Date.now();

/** Opens every part in order of need; when one fails, those already open are closed again and the failure is thrown. */
export async function startCordon(
  config: Config,
  options: { readonly log: Log; readonly replace?: Replacements },
): Promise<Cordon> {
  const closer = createCloser();
  try {
    return await open(config, options.log, options.replace ?? {}, closer);
  } catch (error) {
    await closer.close();
    throw error;
  }
}

async function open(config: Config, log: Log, replace: Replacements, closer: Closer): Promise<Cordon> {
  const createId = (): string => createUuidV7(clock(), random);
  const file = config.policy.source === 'file' ? await openPolicy(config, { log, clock }) : undefined;
  const identity = await openIdentity(config, clock);
  const audit = closer.add(await openAudit(config, log));
  const detection = closer.add(await openDetection(config, log));
  const runners = closer.add(await openRunners(config, clock));
  const ledger = replace.ledger?.(audit.ledger) ?? audit.ledger;
  const note: Ledger['note'] = (record) => ledger.note(record);
  const versions =
    file === undefined
      ? closer.add(await openPolicyDatabase(config, { audit, note, log, clock, createId }))
      : undefined;
  const policy = policyInForce(file, versions, log);
  const circuits = (): Readonly<Record<string, CircuitState>> =>
    Object.fromEntries(
      runners.runners.map(({ destination, circuit }) => [destination.runner, circuit?.() ?? 'closed']),
    );
  const metrics = createMetrics({
    auditQueue: () => audit.ledger.queued,
    circuits,
    policyReviews: () => versions?.store.unreviewed() ?? Promise.resolve(0),
  });
  const gateway: GatewayDependencies = {
    policy: replace.policy ?? policy.engine,
    detector: replace.detector?.(detection.detector) ?? detection.detector,
    runners: runners.runners,
    routes: runners.routes,
    ledger,
    quota: createQuota({
      counter:
        config.quota.store === 'memory' ? createMemoryCounter() : createPostgresCounter(audit.access.pool),
      reference: (parts) => audit.access.keyring.reference(['quota', ...parts]).toString('hex'),
      clock,
    }),
    kept: audit.kept,
    pseudonym: audit.pseudonym,
    phoneRegions: config.detection.phone_regions,
    outputWindowChars: config.inspect_output.window_chars,
    outputEveryWord: config.detection.recognizers.length > 0 || Object.keys(config.detection.deny).length > 0,
    clock,
    observe: {
      ...metrics,
      auditLost: (requestId) => {
        log({ event: 'audit_alert', requestId, code: 'audit_unavailable' });
      },
      quotaLost: (requestId) => {
        log({ event: 'quota_alert', requestId, code: 'quota_unavailable' });
      },
    },
  };
  const guarding: GuardDependencies = {
    ...gateway,
    guarded: { runner: GUARDED_RUNNER, ...config.guardrail },
    catalogue: detection.catalogue,
    recall: createRecall(RECALL_LIMITS, clock),
    random,
  };
  const admission = createAdmission({ maxInFlight: config.server.max_in_flight, onChange: metrics.inFlight });
  const operations: OperationsOptions = {
    createId,
    clock,
    log,
    callRefused: metrics.callRefused,
    exposeMetrics: metrics.expose,
    circuits,
    readiness: createReadiness({
      database: () => audit.ledger.healthy(),
      model: () => isReading(gateway.detector, clock()),
      policy: () => Promise.resolve(policy.isReady()),
    }),
  };
  const cutOff = new AbortController();
  // Every open call listens.
  setMaxListeners(0, cutOff.signal);
  const notes = createRefusalNotes({ note, clock });
  const identified = {
    authenticate:
      replace.authenticate ?? ((header: string | undefined) => identity.authenticator.authenticate(header)),
    onRefused: notes.refused,
  };
  const dataPlane = createDataPlane({
    ...operations,
    admission,
    bodyBudget: createBodyBudget(config.server.max_body_bytes_in_flight),
    ...identified,
    unrouted: (call, error) => refuseUnrouted(gateway, call, error),
    handle: (call) => handleCall(gateway, call),
    list: (call) => listModels(gateway, call),
    listChats: (call) => listStoredChats(gateway, call),
    guard: (call, guardrail, source) => handleGuardrail(guarding, call, guardrail, source),
    callTimeoutMs: config.server.call_timeout_ms,
    cutOff: cutOff.signal,
    metricsHere: config.environment === 'development',
    docsHere: config.server.docs ?? config.environment === 'development',
    version: packageVersion(),
  });
  const {
    host,
    port,
    admin_host: adminHost,
    admin_port: adminPort,
    request_timeout_ms: requestTimeoutMs,
  } = config.server;
  const data = closer.add(await listen(dataPlane.callback(), { host, port, requestTimeoutMs }));
  const control = closer.add(
    await openAdmin(config, {
      ...{ audit, ledger, log, clock, createId, versions },
      runners: runners.runners,
      policyInForce: policy,
    }),
  );
  const adminPlane = createAdminPlane({
    ...operations,
    ...identified,
    admission: createAdmission({ maxInFlight: MAX_ADMIN_CALLS, onChange: () => undefined }),
    routes: control.routes,
    version: packageVersion(),
  });
  const admin = closer.add(
    await listen(adminPlane.callback(), { host: adminHost, port: adminPort, requestTimeoutMs }),
  );
  log({ event: 'started', url: data.url, adminUrl: admin.url, environment: config.environment });

  return {
    url: data.url,
    adminUrl: admin.url,
    audit: audit.view,
    parts: [
      ['database', audit.description],
      ['model', detection.description],
      ['policy', policy.description],
      ['runners', runners.runners.map(({ destination }) => destination.runner).join(', ')],
      ['issuer', identity.devIssuer === undefined ? 'as configured' : 'development issuer'],
    ],
    issueDevToken: (token) => {
      if (identity.devIssuer === undefined)
        return Promise.reject(new Error('there is no development issuer here: issuers are configured'));
      return identity.devIssuer.issueToken({ roles: ['user'], ...token });
    },
    async reload(): Promise<void> {
      await audit.reloadKeys().catch(() => {
        log({ event: 'keys_unreadable' });
      });
      await control.reload();
      await policy.reload();
    },
    async stop(reason): Promise<void> {
      log({ event: 'stopping', reason, openCalls: admission.open() });
      admission.close();
      data.refuse();
      await admission.drained(config.server.drain_timeout_ms);
      // What is still open is cut off and told so; its records are written before the audit closes.
      cutOff.abort(
        new CordonError('shutting_down', 'Cordon is stopping; try again on another instance.', {
          retryAfterS: 1,
        }),
      );
      await admission.drained(2 * config.database.deadline_ms);
      await data.close();
      await admission.drained(config.database.deadline_ms);
      await closer.close();
      log({ event: 'stopped' });
    },
  };
}

/**
 * One short text through the real thing: a model that cannot read it cannot serve a call. A text of its own each time,
 * for what was read before is answered without the model.
 */
async function isReading(detector: Detector, nowMs: number): Promise<boolean> {
  try {
    return (await detector.detect([{ text: `ready at ${nowMs}?`, kind: 'prose' }])).length === 1;
  } catch {
    return false;
  }
}
