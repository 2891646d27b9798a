import { type Trail } from './trail.ts';
import { CordonError, toCordonError } from '../domain/errors.ts';
import { type Json, type JsonObject } from '../domain/json.ts';
import { type AdmitInput, type PolicySnapshot, type Verdict } from '../domain/policy.ts';
import { type Principal } from '../domain/principal.ts';
import { type Runner } from '../domain/runner.ts';
import { type CallHeaders, type GatewayDependencies, type Judged } from './ports.ts';
import {
  checkAdmission,
  checkPurpose,
  choosePolicy,
  choosePurpose,
  chooseSubjectRegion,
} from './steps/admit.ts';
import { chargeOne } from './steps/charge.ts';
import { endingOf } from './steps/answer-json.ts';
import { readBody } from './steps/read-body.ts';
import { createTrail } from './trail.ts';

export interface ModelsCall extends CallHeaders, Judged {
  /** What the caller is to be allowed to do with a model for it to be listed. */
  readonly use: 'chat' | 'messages';
  readonly requestId: string;
  readonly principal: Principal;
  readonly receivedAtMs: number;
  readonly signal: AbortSignal;
}

export interface ModelEntry {
  readonly id: string;
  readonly object: 'model';
  /** Seconds since the epoch. */
  readonly created: number;
  readonly owned_by: string;
}

const MODEL_LIST_BYTES = 4 * 1024 * 1024;
/** Each is asked about, in one go; the longest list of a real runner has some hundreds. */
const MODELS_PER_RUNNER = 5_000;
const MODEL_ID = /^[\w.:/@-]{1,256}$/;

/**
 * The models that this caller may chat with, each under the runner that a call for it would reach; recorded like any
 * call. A runner that fails hides its own models only: the record says so, and the list is refused when none answers.
 */
export async function listModels(
  deps: GatewayDependencies,
  call: ModelsCall,
): Promise<readonly ModelEntry[]> {
  const purpose = choosePurpose(call.purpose, call.principal.purposes);
  const trail = createTrail(deps, { ...call, purpose, operation: 'models' });
  try {
    if (call.fault !== undefined) throw call.fault;
    const snapshot = choosePolicy(deps, call, trail);
    trail.findings.model = '*';
    checkPurpose(purpose, call.principal.purposes);
    const { runners, verdict } = admittedRunners(deps, snapshot, call, purpose, trail);
    await chargeOne(deps.quota, call.principal, verdict, trail);
    await trail.allow(undefined, {});
    const { lists, failure } = await askRunners(runners, call);
    const input = admissionOf(call, purpose);
    const models = new Map<string, ModelEntry>();
    const add = (id: string, runner: Runner): void => {
      if (models.has(id) || !deps.routes.serves(id, runner)) return;
      const asked = { ...input, operation: call.use, model: id, destination: runner.destination };
      if (snapshot.admit(asked).allow) models.set(id, toEntry(id, runner, call));
    };
    for (const { runner, ids } of lists) for (const id of ids) add(id, runner);
    for (const id of deps.routes.names) for (const runner of runners) add(id, runner);
    await trail.finish({ outcome: 'complete', error: failure?.code });
    return [...models.values()];
  } catch (error) {
    const failure = toCordonError(error);
    if (trail.begun) await trail.finish(endingOf(failure));
    else if (failure.code !== 'audit_unavailable') await trail.deny(failure);
    throw failure;
  }
}

function admissionOf(
  call: ModelsCall,
  purpose: string | undefined,
): Omit<AdmitInput, 'operation' | 'model' | 'destination'> {
  const { principal, receivedAtMs: nowMs } = call;
  const subjectRegion = chooseSubjectRegion(call.subjectRegion, principal.subjectRegions);
  return { principal, purpose, subjectRegion, nowMs };
}

/** Throws when the caller may list the models of no runner at all. */
function admittedRunners(
  deps: GatewayDependencies,
  snapshot: PolicySnapshot,
  call: ModelsCall,
  purpose: string | undefined,
  trail: Trail,
): { readonly runners: readonly Runner[]; readonly verdict: Verdict } {
  const inputs = deps.runners.map((runner) => ({
    runner,
    input: {
      ...admissionOf(call, purpose),
      operation: 'models',
      model: '*',
      destination: runner.destination,
    },
  }));
  const judged = inputs.map(({ runner, input }) => ({ runner, verdict: snapshot.admit(input) }));
  const admitted = judged.filter(({ verdict }) => verdict.allow);
  const first = inputs[0];
  if (first === undefined) throw new CordonError('not_found', 'No model runner is configured.');
  const verdict = admitted[0]?.verdict ?? checkAdmission(snapshot, first.input, trail);
  return { runners: admitted.map(({ runner }) => runner), verdict };
}

function toEntry(id: string, runner: Runner, call: ModelsCall): ModelEntry {
  const created = Math.floor(call.receivedAtMs / 1000);
  return { id, object: 'model', created, owned_by: runner.destination.runner };
}

interface RunnerList {
  readonly runner: Runner;
  readonly ids: readonly string[];
}

/** What the runners say, and the first failure among them; throws it when nobody answers, or nobody listens. */
async function askRunners(
  runners: readonly Runner[],
  call: ModelsCall,
): Promise<{ readonly lists: readonly RunnerList[]; readonly failure: CordonError | undefined }> {
  const lists: RunnerList[] = [];
  let failure: CordonError | undefined;
  const answers = await Promise.allSettled(runners.map((runner) => askRunner(runner, call)));
  for (const answer of answers) {
    if (answer.status === 'fulfilled') lists.push(answer.value);
    else failure ??= toCordonError(answer.reason);
  }
  if (failure !== undefined && (lists.length === 0 || call.signal.aborted)) throw failure;
  return { lists, failure };
}

/** A runner whose models are all named in the configuration is not asked. */
async function askRunner(runner: Runner, call: ModelsCall): Promise<RunnerList> {
  if (!runner.models.some((glob) => glob.includes('*'))) return { runner, ids: runner.models };
  const response = await runner.send(
    { path: '/models', method: 'GET', body: undefined, requestId: call.requestId },
    call.signal,
  );
  const body = await readBody(response, MODEL_LIST_BYTES);
  if (response.status !== 200)
    throw new CordonError('upstream_error', 'A model runner failed to list its models.');
  return { runner, ids: parseModelIds(body) };
}

function parseModelIds(body: string): readonly string[] {
  let parsed: Json;
  try {
    parsed = JSON.parse(body) as Json;
  } catch (error) {
    throw new CordonError('upstream_invalid', 'A model runner listed its models in invalid JSON.', {
      cause: error,
    });
  }
  const data = isObject(parsed) ? parsed['data'] : undefined;
  if (!Array.isArray(data))
    throw new CordonError('upstream_invalid', 'A model runner did not list its models.');
  if (data.length > MODELS_PER_RUNNER)
    throw new CordonError('upstream_invalid', 'A model runner lists more models than Cordon accepts.');
  const ids = data
    .map((item: Json) => (isObject(item) ? item['id'] : undefined))
    .filter((id): id is string => typeof id === 'string' && MODEL_ID.test(id));
  return [...new Set(ids)];
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
