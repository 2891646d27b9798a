import { z } from 'zod';
import { CordonError } from '../domain/errors.ts';
import { type Principal } from '../domain/principal.ts';
import { type JsonObject } from '../domain/json.ts';
import { type AuditRecord } from '../ledger/read.ts';
import { type Actor, type SearchItem, type SearchPage } from '../ledger/search/search.ts';

/** One text, or several that must all hold. Lengths and forms are checked where queries are parsed. */
const texts = z.union([z.string(), z.array(z.string())]);

/** What can be asked for; see parseSearchQuery. */
export const callFields = {
  subject: z.string().optional(),
  principal: z.string().optional(),
  email: texts.optional(),
  phone: texts.optional(),
  name: texts.optional(),
  value: texts.optional(),
  ...{ purpose: texts.optional(), operation: texts.optional(), model: texts.optional() },
  ...{ runner: texts.optional(), region: texts.optional(), trust: texts.optional(), sent: texts.optional() },
  ...{ entity: texts.optional(), handling: texts.optional(), output: texts.optional() },
  ...{ rule: texts.optional(), policy: texts.optional(), allow: texts.optional(), reason: texts.optional() },
  ...{ outcome: texts.optional(), error: texts.optional(), indexed: texts.optional() },
  from: z.string().optional(),
  to: z.string().optional(),
};

const queryFields = { ...callFields, type: texts.optional() };

export const searchBody = z.strictObject({
  query: z.strictObject(queryFields).default({}),
  limit: z.int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(512).optional(),
  /** A matter, a ticket; sealed in the record of the search. */
  reason: z.string().min(1).max(2_000).optional(),
});

export function actorOf({ tenant, subject }: Principal): Actor {
  return { tenant, subject };
}

export function pageJson({ items, next }: SearchPage): JsonObject {
  return { items: items.map(itemJson), next: next ?? null };
}

function itemJson({ record, end }: SearchItem): JsonObject {
  return { ...recordJson(record), end: end === undefined ? null : recordJson(end) };
}

function recordJson({ chain, seq, type, id, atMs, data }: AuditRecord): JsonObject {
  return { id, type, at: new Date(atMs).toISOString(), chain, seq, data };
}

/** Searching and reporting are of no use half done: what the database does not give in time is an outage. */
export async function answering<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CordonError || error instanceof TypeError || error instanceof RangeError)
      throw error;
    throw new CordonError(
      'audit_unavailable',
      'The audit record could not be read in time; nothing is shown.',
      {
        detail: error instanceof Error ? error.name : typeof error,
        retryAfterS: 5,
        cause: error,
      },
    );
  }
}
