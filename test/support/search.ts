import type { ExecutionContext } from 'ava';
import { openSearchTokens } from '../../src/compose/search-tokens.ts';
import { type DetectedValue, type SystemRecord } from '../../src/domain/record.ts';
import { parseSearchQuery } from '../../src/ledger/search/query.ts';
import { createSearcher, type Searcher, type SearchItem } from '../../src/ledger/search/search.ts';
import { createFactSource } from '../../src/store/fact-source.ts';
import { createPool } from '../../src/store/session.ts';
import { createLedgerParts, PHONE_REGIONS } from './ledger.ts';
import { type TestPostgres } from './postgres.ts';

export const COUNSEL = { tenant: 'acme', subject: 'counsel-1' };

/** A started ledger on a database of its own, and a searcher whose notes are gathered. */
export async function startSearch(t: ExecutionContext, postgres: TestPostgres) {
  const database = await postgres.createDatabase();
  const parts = await createLedgerParts(t, (role) => database.url(role));
  const ledger = parts.create();
  await ledger.start();
  const pool = createPool({
    url: database.url('cordon_reader'),
    role: 'cordon_reader',
    deadlineMs: 20_000,
    max: 2,
    use: 'searching',
  });
  t.teardown(() => pool.end());
  const notes: SystemRecord[] = [];
  const source = createFactSource(pool);
  const searcher = createSearcher({
    source,
    keyring: parts.keyring,
    tokens: openSearchTokens(parts.keyring, PHONE_REGIONS),
    now: Date.now,
    note: async (record) => {
      await ledger.note(record);
      notes.push(record);
    },
  });
  return { database, ...parts, records: parts.source, ledger, searcher, notes, source };
}

export const values = (...found: readonly (readonly [string, string])[]): readonly DetectedValue[] =>
  found.map(([entity, value]) => ({ entity, value }));

export async function all(
  searcher: Searcher,
  query: object,
  limit = 50,
  actor = COUNSEL,
): Promise<readonly SearchItem[]> {
  const items: SearchItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await searcher.search(actor, {
      query: parseSearchQuery(query),
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return items;
}

export const ids = (items: readonly SearchItem[]) => items.map(({ record }) => record.id);
