import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { encryptCms } from '../../crypto/cms-enveloped.ts';
import { type JsonObject } from '../../domain/json.ts';
import { type Person } from '../../domain/proposal.ts';
import { type Ledger } from '../../domain/record.ts';
import { type BundleDeps, createBundle, type FrozenHead } from './bundle.ts';
import { type ExportRow, type ExportStore } from './ports.ts';
import { type ExportRequest, requestHash } from './request.ts';

/** What was approved, as it is kept until the work is done. */
export interface ApprovedExport {
  readonly body: JsonObject;
  readonly heads: readonly FrozenHead[];
  /** SHA-256 that the approval names. */
  readonly hash: string;
  readonly requester: Person;
  readonly approver: Person;
  readonly proposedMs: number;
  readonly approvedMs: number;
}

export interface JobDeps {
  readonly store: ExportStore;
  readonly bundle: BundleDeps;
  readonly note: Ledger['note'];
  readonly now: () => number;
  /** Numbers of the records that say how it came to this. */
  readonly trail: (row: ExportRow, approved: ApprovedExport) => Promise<readonly JsonObject[]>;
  /** Keyed pseudonym of a person, hex. */
  readonly pseudonym: (tenant: string, person: Person) => string;
  readonly directory: string;
  readonly owner: string;
  readonly host: string;
  readonly keepMs: number;
}

/** How long a process that says nothing is thought alive; it speaks three times as often. */
export const LEASE_MS = 30_000;

/** The export is another process's now, or this one is closing. */
export class LostExport extends Error {
  override readonly name = 'LostExport';
}

export function exportFile(directory: string, id: string): string {
  return path.join(directory, `${id}.p7m`);
}

/**
 * Makes the file of an export, from its beginning: what an interrupted attempt left is removed, and the records are the
 * same, because the ends of the chains were frozen when it was approved. The file gets its name only once it is whole, on
 * the disk, and recorded.
 */
export async function runExport(
  deps: JobDeps,
  row: ExportRow,
  approved: ApprovedExport,
  request: ExportRequest,
  signal: AbortSignal,
): Promise<void> {
  const { store, directory, owner, now } = deps;
  const file = exportFile(directory, row.id);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (let attempt = 1; attempt < row.attempts; attempt++) await removeAttempt(file, attempt);
  // Names of their own: a process that only seemed dead may still be writing.
  const { part, spools } = attemptFiles(file, row.attempts);
  let records = 0;
  let lost = false;
  const alive = (): void => {
    if (lost || signal.aborted) throw new LostExport();
  };
  // By the clock rather than by progress: a search may go through much before it finds anything.
  const timer = setInterval(() => {
    store.renew(row.id, owner, now() + LEASE_MS, records).then(
      (ours) => {
        lost ||= !ours;
      },
      // An outage of the database; the last word on whose export this is comes before the file gets its name.
      () => undefined,
    );
  }, LEASE_MS / 3);
  const order = {
    ...{ id: row.id, request, heads: approved.heads, directory: spools },
    custody: await custodyOf(deps, row, approved, request),
    onProgress: (count: number): void => {
      records = count;
      alive();
    },
  };
  try {
    const content = encryptCms(createBundle(deps.bundle, order), request.recipients);
    const { bytes, sha256 } = await writeWhole(part, content, alive);
    if (!(await store.renew(row.id, owner, now() + LEASE_MS, records))) throw new LostExport();
    await deps.note(exportedRecord(deps, row, approved, request, { bytes, sha256, records }));
    await rename(part, file);
    const doneMs = now();
    const done = { host: deps.host, records, bytes, sha256, doneMs, expiresMs: doneMs + deps.keepMs };
    if (!(await store.finish(row.id, owner, done))) throw new LostExport();
  } finally {
    clearInterval(timer);
    await removeAttempt(file, row.attempts);
  }
}

function attemptFiles(file: string, attempt: number): { readonly part: string; readonly spools: string } {
  return { part: `${file}.${attempt}.part`, spools: `${file}.${attempt}.spool` };
}

async function removeAttempt(file: string, attempt: number): Promise<void> {
  const { part, spools } = attemptFiles(file, attempt);
  await Promise.all([rm(part, { force: true }), rm(spools, { recursive: true, force: true })]);
}

async function writeWhole(
  file: string,
  content: AsyncIterable<Uint8Array>,
  alive: () => void,
): Promise<{ readonly bytes: number; readonly sha256: Buffer }> {
  const handle: FileHandle = await open(file, 'wx', 0o600);
  const state = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of content) {
      alive();
      state.update(chunk);
      bytes += chunk.length;
      await handle.appendFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: state.digest() };
}

async function custodyOf(
  deps: JobDeps,
  row: ExportRow,
  approved: ApprovedExport,
  request: ExportRequest,
): Promise<JsonObject> {
  const { requester, approver, hash, proposedMs, approvedMs } = approved;
  return {
    export: row.id,
    tenant: row.tenant,
    requester: { ...requester },
    approver: { ...approver },
    proposed: new Date(proposedMs).toISOString(),
    approved: new Date(approvedMs).toISOString(),
    approvedHash: hash,
    requestHash: requestHash(request),
    made: new Date(deps.now()).toISOString(),
    madeOn: deps.host,
    attempts: row.attempts,
    // The record EXPORTED says what became of it; it has the hash of this bundle, and so is made after it.
    records: await deps.trail(row, approved),
  };
}

function exportedRecord(
  { now, pseudonym }: JobDeps,
  { id, tenant }: ExportRow,
  { requester, approver, hash }: ApprovedExport,
  request: ExportRequest,
  made: { readonly bytes: number; readonly sha256: Buffer; readonly records: number },
): Parameters<Ledger['note']>[0] {
  return {
    type: 'EXPORTED',
    atMs: now(),
    tenant,
    data: {
      step: 'made',
      export: id,
      hash,
      requestHash: requestHash(request),
      fields: request.fields,
      recipients: request.recipients.map(({ fingerprint }) => fingerprint),
      ...{ records: made.records, bytes: made.bytes, sha256: made.sha256.toString('hex') },
      requester: pseudonym(tenant, requester),
      approver: pseudonym(tenant, approver),
    },
    details: { requester: { ...requester }, approver: { ...approver } },
  };
}
