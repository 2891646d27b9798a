import { z } from 'zod';
import { CordonError } from '../../domain/errors.ts';
import { type JsonObject } from '../../domain/json.ts';
import { type Proposals } from '../../domain/proposal.ts';
import { type Route } from '../../http/route-table.ts';
import { type Exports } from '../../ledger/export/exports.ts';
import { type ExportRow } from '../../ledger/export/ports.ts';
import { EXPORT_FIELDS } from '../../ledger/export/request.ts';
import { type Permit } from '../permit.ts';
import { proposalJson } from '../proposal-json.ts';
import { adminRoute } from '../route.ts';

export const EXPORT_KIND = 'audit.export';
const TAG = 'Exports';
const PAGE = 100;

const query = z.strictObject({
  requestIds: z.array(z.uuid().toLowerCase()).min(1).max(10_000).optional(),
  types: z.array(z.string().min(1).max(64)).min(1).max(64).optional(),
  fromMs: z.int().min(0).optional(),
  toMs: z.int().min(0).optional(),
});

/** Bundles for counsel: asking, following the work, fetching the file. Approving is a proposal's. */
export function exportRoutes(permit: Permit, proposals: Proposals, exports: Exports): readonly Route[] {
  return [
    adminRoute(permit, {
      id: 'requestExport',
      method: 'POST',
      path: '/audit/exports',
      tag: TAG,
      summary: 'Asks for an export; another person approves it under /proposals',
      operation: 'audit.export',
      body: z.strictObject({
        query,
        fields: z.enum(EXPORT_FIELDS),
        certificates: z.string().min(1).max(65_536),
      }),
      refusals: ['conflict'],
      handle: async ({ principal, body }) => {
        // As JSON has it: without the members that were left out.
        const plain = JSON.parse(JSON.stringify(body)) as JsonObject;
        const asked = exports.request(principal, plain);
        return proposalJson(await proposals.propose(principal, EXPORT_KIND, asked));
      },
    }),
    adminRoute(permit, {
      id: 'listExports',
      method: 'GET',
      path: '/audit/exports',
      tag: TAG,
      summary: 'Exports that were approved, newest first',
      operation: 'audit.export.read',
      query: z.strictObject({ before: z.uuid().optional() }),
      handle: async ({ principal, query: { before } }) => {
        const found = await exports.list(principal.tenant, before, PAGE);
        return {
          items: found.map(exportJson),
          next: found.length === PAGE ? (found.at(-1)?.id ?? null) : null,
        };
      },
    }),
    adminRoute(permit, {
      id: 'getExport',
      method: 'GET',
      path: '/audit/exports/{id}',
      tag: TAG,
      summary: 'How far an export is, and what came of it',
      operation: 'audit.export.read',
      refusals: ['not_found'],
      handle: async ({ principal, parameters }) => {
        const found = await exports.find(principal.tenant, parameters['id'] ?? '');
        if (found === undefined) throw new CordonError('not_found', 'There is no such export.');
        return exportJson(found);
      },
    }),
    adminRoute(permit, {
      id: 'downloadExport',
      method: 'GET',
      path: '/audit/exports/{id}/file',
      tag: TAG,
      summary: 'The encrypted bundle; each download is recorded',
      operation: 'audit.export.read',
      refusals: ['not_found', 'conflict'],
      handle: async ({ principal, parameters }) => {
        const id = parameters['id'] ?? '';
        const { stream, bytes } = await exports.download(principal, id);
        return { stream, bytes, contentType: 'application/pkcs7-mime', fileName: `${id}.p7m` };
      },
    }),
  ];
}

/** An export as the API tells it. */
function exportJson(row: ExportRow): JsonObject {
  const { id, state, createdMs, records, bytes, sha256, doneMs, expiresMs, problem, host } = row;
  return {
    ...{ id, state, records },
    approved: new Date(createdMs).toISOString(),
    ...(bytes === undefined ? {} : { bytes }),
    ...(sha256 === undefined ? {} : { sha256: sha256.toString('hex') }),
    ...(doneMs === undefined ? {} : { made: new Date(doneMs).toISOString() }),
    ...(expiresMs === undefined ? {} : { deleted: new Date(expiresMs).toISOString() }),
    ...(host === undefined ? {} : { host }),
    ...(problem === undefined ? {} : { problem }),
  };
}
