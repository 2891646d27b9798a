import { canonicalize } from '../../crypto/jcs.ts';
import { type Keyring, personReference } from '../../crypto/keyring.ts';
import { CordonError } from '../../domain/errors.ts';
import { type JsonObject } from '../../domain/json.ts';
import { type SystemRecord } from '../../domain/record.ts';
import { parseHeader } from '../header.ts';
import { type FoundRow } from '../ports.ts';
import { type AuditRecord, toRecord } from '../read.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { factsOf } from './facts.ts';
import { type FactFilter, type FactSource, type Hit } from './ports.ts';
import { compileQuery, type SearchQuery } from './query.ts';
import { type Tokens } from './tokens.ts';

/** Who searches. */
export interface Actor {
  readonly tenant: string;
  readonly subject: string;
}

export interface SearchRequest {
  readonly query: SearchQuery;
  /** 1 … MAX_PAGE. */
  readonly limit: number;
  readonly cursor?: string;
  /** In the person's words: a matter, a ticket. Sealed in the record of the search. */
  readonly reason?: string;
}

/** A call, or a record of Cordon's own. As the ledger has it: the index only said where to look. */
export interface SearchItem {
  readonly record: AuditRecord;
  /** What ended the call: COMPLETION, else INCOMPLETE. */
  readonly end: AuditRecord | undefined;
}

export interface SearchPage {
  readonly items: readonly SearchItem[];
  /** Undefined at the end. A page may hold fewer than were asked for and yet not be the last. */
  readonly next: string | undefined;
}

export interface Searcher {
  /** Newest first, within the actor's tenant. That it was asked is durable before anything is looked up. */
  search(actor: Actor, request: SearchRequest): Promise<SearchPage>;
}

export interface SearchDeps {
  readonly source: FactSource;
  readonly keyring: Keyring;
  readonly tokens: Pick<Tokens, 'ofQuery'>;
  /** Durable when it resolves. */
  readonly note: (record: SystemRecord) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const MAX_PAGE = 200;
const MAX_REASON_CHARS = 2_000;

/**
 * Pages are cut by time and id, so what was recorded before the first page is on exactly one of them, whatever arrives
 * meanwhile; and each is a search of its own in the record.
 */
export function createSearcher(deps: SearchDeps): Searcher {
  return {
    async search(actor, { query, limit, cursor, reason }) {
      if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
        throw new CordonError('invalid_request', `A page holds 1 to ${MAX_PAGE} records.`, {
          param: '/limit',
        });
      }
      if (reason !== undefined && reason.length > MAX_REASON_CHARS) {
        throw new CordonError('invalid_request', 'The reason is too long.', { param: '/reason' });
      }
      const { tenant } = actor;
      const person = (name: string): string => personReference(deps.keyring, tenant, name).toString('hex');
      const asked = queryJson(query);
      const canonical = canonicalize(asked);
      const seal = (text: string): Buffer => deps.keyring.reference(['cursor', tenant, canonical, text]);
      const after = cursor === undefined ? undefined : readCursor(cursor, seal);
      const filter = compileQuery(query, tenant, { person, tokens: deps.tokens });
      const page = after?.page ?? 1;
      await deps.note({
        type: 'SEARCHED',
        atMs: deps.now(),
        tenant,
        data: { actor: person(actor.subject), page, ...traceOf(filter, query) },
        details: { query: asked, ...(reason === undefined ? {} : { reason }) },
      });
      const hits = await deps.source.find(filter, after, limit);
      const last = hits.at(-1);
      const next =
        last === undefined || hits.length < limit
          ? undefined
          : writeCursor({ atMs: last.atMs, id: last.id, page: page + 1 }, seal);
      return { items: await readItems(deps.source, hits, filter), next };
    },
  };
}

/** What was asked, without what was asked for: a person's words may be personal data anywhere. */
function traceOf(filter: FactFilter, query: SearchQuery): JsonObject {
  const { subject, caller, tokens, types, fromMs, toMs } = filter;
  return {
    ...(subject === undefined ? {} : { searchedSubject: subject }),
    ...(caller === undefined ? {} : { searchedPrincipal: caller }),
    tokens: tokens.map((list) => [...list]),
    facts: Object.keys(query.tags),
    types,
    from: fromMs ?? null,
    to: toMs ?? null,
  };
}

/** The query as JSON, for its record and for what a cursor is bound to. */
export function queryJson(query: SearchQuery): JsonObject {
  const { values, tags, ...rest } = query;
  return {
    ...rest,
    values: values.map(({ kind, text }) => ({ kind, text })),
    tags: Object.fromEntries(Object.entries(tags).map(([name, list]) => [name, [...list]])),
  };
}

/** The records themselves; what their headers do not bear out is left out, whatever the index says. */
async function readItems(
  source: FactSource,
  hits: readonly Hit[],
  filter: FactFilter,
): Promise<readonly SearchItem[]> {
  if (hits.length === 0) return [];
  const rows = await source.records(hits.map(({ id }) => id));
  const byPlace = new Map(rows.map((row) => [`${row.requestId} ${row.type}`, row]));
  return hits.flatMap(({ id, type }) => {
    const found = byPlace.get(`${id} ${type}`);
    const call = type === 'DECISION';
    const completion = byPlace.get(`${id} COMPLETION`);
    const incomplete = byPlace.get(`${id} INCOMPLETE`);
    if (found === undefined || !bearsOut(found, filter)) return [];
    const ends = [completion, incomplete].filter((row) => row !== undefined);
    if (filter.endTags.length > 0 && !ends.some((row) => holds(row, filter.endTags))) return [];
    const end = call ? ends[0] : undefined;
    return [{ record: toRecord(found), end: end && toRecord(end) }];
  });
}

function bearsOut(row: FoundRow, filter: FactFilter): boolean {
  const header = parseHeader(row.header);
  if (header === undefined) return false;
  const facts = factsOf(header.type, header.data);
  const { fromMs = -Infinity, toMs = Infinity } = filter;
  return (
    header.tenant === filter.tenant &&
    header.id === row.requestId &&
    filter.types.includes(header.type) &&
    header.atMs >= fromMs &&
    header.atMs < toMs &&
    (filter.subject === undefined || facts.subject === filter.subject) &&
    (filter.caller === undefined || facts.caller === filter.caller) &&
    filter.tags.every((each) => facts.tags.includes(each))
  );
}

function holds(row: FoundRow, tags: readonly string[]): boolean {
  const header = parseHeader(row.header);
  if (header === undefined) return false;
  const facts = factsOf(header.type, header.data);
  return tags.every((each) => facts.tags.includes(each));
}
