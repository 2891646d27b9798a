import { parseSearchQuery } from '../../ledger/search/query.ts';
import { type Searcher } from '../../ledger/search/search.ts';
import { type Route } from '../../http/route-table.ts';
import { type Permit } from '../permit.ts';
import { adminRoute } from '../route.ts';
import { actorOf, answering, pageJson, searchBody } from '../search-body.ts';

/** A POST, because what is searched for is personal data and addresses are written down everywhere. */
export function searchRoutes(permit: Permit, searcher: Searcher): readonly Route[] {
  return [
    adminRoute(permit, {
      id: 'searchAudit',
      method: 'POST',
      path: '/audit/search',
      tag: 'Audit',
      summary:
        'Finds calls by data subject, value, principal, purpose, entity, rule, outcome, time; newest first',
      operation: 'audit.search',
      body: searchBody,
      handle: async ({ principal, body: { query, limit, cursor, reason } }) =>
        pageJson(
          await answering(
            searcher.search(actorOf(principal), {
              query: parseSearchQuery(query),
              limit,
              ...(cursor === undefined ? {} : { cursor }),
              ...(reason === undefined ? {} : { reason }),
            }),
          ),
        ),
    }),
  ];
}
