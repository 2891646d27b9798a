import { parseChatList, readChatPage, type ChatListRequest } from '../dialects/openai-chat-list.ts';
import { openaiRetrieveChat } from '../dialects/openai-chat-stored.ts';
import { CordonError, toCordonError } from '../domain/errors.ts';
import { type KeptName } from '../domain/kept.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Runner } from '../domain/runner.ts';
import { protect } from '../redact/protect.ts';
import { handleCall } from './call.ts';
import { type GatewayDependencies, type IncomingCall } from './ports.ts';
import { checkAdmission, choosePurpose } from './steps/admit.ts';
import { endingOf } from './steps/answer-json.ts';
import { inspectSlots } from './steps/inspect.ts';
import { readBody } from './steps/read-body.ts';
import { createTrail, type Trail } from './trail.ts';

/** As policies and records name it. */
export const LIST_CHATS = 'chat.list';

export interface ListCall extends Omit<IncomingCall, 'dialect'> {
  /** For each completion of the list: it is retrieved, and recorded, by itself. */
  readonly createId: () => string;
}

const PAGE_LENGTH = 100;
/** Pages of a runner's list that one call goes through: its list is everybody's, and most of it may be others'. */
const MAX_PAGES = 50;
const ID = /^(?!\.{1,2}$)[\w.:-]{1,256}$/;

/**
 * The caller's own stored chat completions, those of one runner after those of another. Of a runner's list only the ids
 * are read, and only those count that are this caller's; what stands under them is retrieved as any caller would, so
 * that it is judged, inspected, restored and recorded alike.
 */
export async function listStoredChats(
  deps: GatewayDependencies,
  call: ListCall,
): Promise<{ readonly body: string; readonly policyHash: string }> {
  const purpose = choosePurpose(call.purpose, call.principal.purposes);
  const trail = createTrail(deps, { ...call, purpose, operation: LIST_CHATS });
  try {
    if (call.fault !== undefined) throw call.fault;
    const request = parseChatList(await call.readSource());
    const runners = admittedRunners(deps, call, request, purpose, trail);
    const filters = await protectedFilters(deps, call, request, trail);
    const from = await startOf(deps, call, request, runners);
    await trail.allow(filters.toString(), {});
    const ids = await ownIds(deps, call, request, from, filters);
    const items = await retrieved(deps, call, ids.slice(0, request.limit));
    await trail.finish({ outcome: 'complete' });
    return { body: pageOf(items, ids.length > request.limit), policyHash: trail.findings.policyHash ?? '' };
  } catch (error) {
    const failure = toCordonError(error);
    if (trail.begun) await trail.finish(endingOf(failure));
    else if (failure.code !== 'audit_unavailable') await trail.deny(failure);
    throw failure;
  }
}

function admittedRunners(
  deps: GatewayDependencies,
  call: ListCall,
  { model }: ChatListRequest,
  purpose: string | undefined,
  trail: Trail,
): readonly Runner[] {
  const snapshot = deps.policy.current();
  const { principal, receivedAtMs: nowMs } = call;
  Object.assign(trail.findings, { model, policyHash: snapshot.hash });
  const inputs = deps.runners
    .filter(({ speaks }) => speaks.includes('openai'))
    .map((runner) => {
      const { destination } = runner;
      return { runner, input: { principal, operation: LIST_CHATS, model, destination, purpose, nowMs } };
    });
  const [first] = inputs;
  if (first === undefined) throw new CordonError('not_found', 'No model runner stores chat completions.');
  const admitted = inputs.filter(({ input }) => snapshot.admit(input).allow);
  const { runner, input } = admitted[0] ?? first;
  trail.findings.destination = runner.destination;
  const verdict = checkAdmission(snapshot, input, trail);
  const alternatives = admitted.slice(1).map((other) => other.runner.destination);
  const { reason, ruleIds } = verdict;
  Object.assign(trail.findings, { alternatives, reason, ruleIds });
  return admitted.map((one) => one.runner);
}

/** What the caller filters by, as it was sent when the completion was made: the same keyed pseudonyms. */
async function protectedFilters(
  deps: GatewayDependencies,
  { principal, signal }: ListCall,
  { slots, structural, filters }: ChatListRequest,
  trail: Trail,
): Promise<URLSearchParams> {
  const spans = await inspectSlots(deps.detector, slots, signal);
  if (spans.some((found) => found.length > 0)) {
    throw new CordonError('entity_blocked', 'A name in the query holds personal data.');
  }
  const { texts, transformed } = protect(slots, spans, {
    handlingOf: () => 'pseudonymise',
    pseudonym: (value, scope) => deps.pseudonym(principal.tenant, scope, value),
  });
  trail.findings.coverage = { scanned: slots.length, structural, transformed };
  return filters(texts);
}

interface Start {
  readonly runners: readonly Runner[];
  readonly after: string | undefined;
}

/** The runner that keeps what the page is to begin behind, and those after it. Throws `not_found`. */
async function startOf(
  { kept }: GatewayDependencies,
  { principal, hold }: ListCall,
  { after }: ChatListRequest,
  runners: readonly Runner[],
): Promise<Start> {
  if (after === undefined) return { runners, after };
  const [found] = await kept.find(principal, [{ kind: 'completion', id: after }], hold);
  const at = runners.findIndex(({ destination }) => destination.runner === found?.runner);
  if (at === -1) {
    throw new CordonError('not_found', 'There is nothing stored under this id.', { param: '/after' });
  }
  return { runners: runners.slice(at), after };
}

/** Up to one more than asked for. */
async function ownIds(
  deps: GatewayDependencies,
  call: ListCall,
  { limit }: ChatListRequest,
  { runners, after }: Start,
  filters: URLSearchParams,
): Promise<readonly string[]> {
  const own: string[] = [];
  for (const [i, runner] of runners.entries()) {
    let cursor = i === 0 ? after : undefined;
    for (let page = 0; page < MAX_PAGES && own.length <= limit; page++) {
      const { ids, more } = await askForPage(runner, call, filters, cursor);
      const names = ids.filter((id) => ID.test(id)).map((id): KeptName => ({ kind: 'completion', id }));
      const found = await deps.kept.find(call.principal, names, call.hold);
      const isHere = (at: number): boolean => found[at]?.runner === runner.destination.runner;
      own.push(...names.filter((_, at) => isHere(at)).map(({ id }) => id));
      cursor = names.at(-1)?.id;
      if (!more || cursor === undefined) break;
    }
  }
  return own.slice(0, limit + 1);
}

const NO_PAGE = { ids: [], more: false };
/** What runners answer that keep no list. */
const KEEPS_NONE = new Set([404, 405, 501]);

async function askForPage(
  runner: Runner,
  { requestId, signal }: ListCall,
  filters: URLSearchParams,
  after: string | undefined,
): Promise<ReturnType<typeof readChatPage>> {
  const query = new URLSearchParams(filters);
  query.set('limit', String(PAGE_LENGTH));
  if (after !== undefined) query.set('after', after);
  const path = `/chat/completions?${query.toString()}`;
  const response = await runner.send({ path, method: 'GET', body: undefined, requestId }, signal);
  const body = await readBody(response, LIMITS.responseBodyBytes);
  if (KEEPS_NONE.has(response.status)) return NO_PAGE;
  if (response.status !== 200) {
    throw new CordonError('upstream_error', 'A model runner failed to list what it stores.', {
      detail: `status=${response.status}`,
    });
  }
  return readChatPage(body);
}

interface Item {
  readonly id: string;
  /** JSON text. */
  readonly body: string;
}

/** One after the other: each is a call of its own. One that is gone meanwhile is left out. */
async function retrieved(
  deps: GatewayDependencies,
  { createId, ...call }: ListCall,
  ids: readonly string[],
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (const id of ids) {
    try {
      const answer = await handleCall(deps, {
        ...call,
        requestId: createId(),
        dialect: openaiRetrieveChat,
        readSource: () => Promise.resolve(JSON.stringify({ id })),
      });
      if (answer.kind === 'json') items.push({ id, body: answer.body });
    } catch (error) {
      if (toCordonError(error).code !== 'not_found') throw error;
    }
  }
  return items;
}

function pageOf(items: readonly Item[], more: boolean): string {
  const [first, last] = [items[0]?.id ?? null, items.at(-1)?.id ?? null];
  const rest = JSON.stringify({ first_id: first, last_id: last, has_more: more });
  return `{"object":"list","data":[${items.map(({ body }) => body).join(',')}],${rest.slice(1)}`;
}
