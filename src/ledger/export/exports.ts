import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { type Readable } from 'node:stream';
import { type Deks } from '../../crypto/deks.ts';
import { additionalData, open, seal } from '../../crypto/envelope.ts';
import { CordonError } from '../../domain/errors.ts';
import { type JsonObject } from '../../domain/json.ts';
import { type Principal } from '../../domain/principal.ts';
import { type Proposal } from '../../domain/proposal.ts';
import { periodOf } from '../draft.ts';
import { UNSIGNED } from './bundle.ts';
import { type ApprovedExport, exportFile, type JobDeps, LEASE_MS, LostExport, runExport } from './job.ts';
import { type ExportRow } from './ports.ts';
import { exportBody, parseExportRequest } from './request.ts';
import { ExportError } from './select.ts';

export interface ExportsDeps extends JobDeps {
  readonly deks: Deks;
  readonly origin: string;
  /** Something that is not the export's own fault failed; a class name. */
  readonly onFailure: (error: string) => void;
}

export interface ExportFile {
  readonly stream: Readable;
  readonly bytes: number;
  readonly sha256: string;
}

/** Exports of the ledger: one person asks, another approves, a process of those that serve makes the file. */
export interface Exports {
  /** The body of the proposal, checked; throws `invalid_request`, or `conflict` where nobody signs exports. */
  request(principal: Principal, body: JsonObject): JsonObject;
  /** Executes an approved proposal: freezes what belongs to it, and leaves the work to `start`. */
  enqueue(proposal: Proposal): Promise<JsonObject>;
  find(tenant: string, id: string): Promise<ExportRow | undefined>;
  /** Newest first. */
  list(tenant: string, beforeId: string | undefined, limit: number): Promise<readonly ExportRow[]>;
  /** Recorded before a byte is given. Throws `not_found` or `conflict` when there is no file here. */
  download(principal: Principal, id: string): Promise<ExportFile>;
  /** Takes up what waits, now and whenever something does. */
  start(): void;
  /** Ends the work at hand; whoever starts next does it again. */
  close(): Promise<void>;
}

const TICK_MS = 2_000;
const RETRY_MS = 10_000;
const MAX_ATTEMPTS = 5;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function createExports(deps: ExportsDeps): Exports {
  return new StoredExports(deps);
}

class StoredExports implements Exports {
  readonly #deps: ExportsDeps;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;

  constructor(deps: ExportsDeps) {
    this.#deps = deps;
  }

  request({ tenant }: Principal, body: JsonObject): JsonObject {
    if (this.#deps.bundle.manifestSigner === undefined)
      throw new CordonError('conflict', `No export can be made: ${UNSIGNED}.`);
    return exportBody(parseExportRequest(tenant, body, this.#deps.now()));
  }

  async enqueue(proposal: Proposal): Promise<JsonObject> {
    const { store, deks, now } = this.#deps;
    const { id, tenant, body, hash, author, decider, createdMs, decidedMs } = proposal;
    // A certificate may have expired since it was proposed.
    parseExportRequest(tenant, body, now());
    if (decider === undefined) throw new CordonError('conflict', 'Nobody approved this export.');
    const approved: ApprovedExport = {
      ...{ body, hash, requester: author, approver: decider, proposedMs: createdMs },
      approvedMs: decidedMs ?? now(),
      heads: await store.heads(),
    };
    const owner = { kind: 'tenant', tenant, reference: Buffer.alloc(0), period: periodOf(now()) } as const;
    const dek = await deks.forSealing(owner);
    const aad = this.#context({ id, tenant, dek: dek.id });
    const sealed = await seal(Buffer.from(JSON.stringify(approved)), dek.key, aad);
    await store.add({ id, tenant, createdMs: now(), dek: dek.id, sealed: sealed.bytes });
    this.#wake();
    return { export: id };
  }

  async find(tenant: string, id: string): Promise<ExportRow | undefined> {
    if (!UUID.test(id)) return undefined;
    const row = await this.#deps.store.find(id);
    return row?.tenant === tenant ? row : undefined;
  }

  list(...[tenant, beforeId, limit]: Parameters<Exports['list']>): Promise<readonly ExportRow[]> {
    return this.#deps.store.list(tenant, beforeId, limit);
  }

  async download(principal: Principal, id: string): Promise<ExportFile> {
    const { directory, note, now, pseudonym } = this.#deps;
    const { tenant } = principal;
    const row = await this.find(tenant, id);
    if (row === undefined) throw new CordonError('not_found', 'There is no such export.');
    if (row.state !== 'done' || row.bytes === undefined || row.sha256 === undefined)
      throw new CordonError('conflict', `This export is ${row.state}; there is no file to download.`);
    const file = exportFile(directory, id);
    const there = await stat(file).catch(() => undefined);
    if (there?.size !== row.bytes)
      throw new CordonError('not_found', 'The file is not on this machine; ask the one that made it.', {
        detail: `it was made on ${row.host ?? 'another'}`,
      });
    const sha256 = row.sha256.toString('hex');
    await note({
      type: 'EXPORTED',
      atMs: now(),
      tenant,
      data: { step: 'downloaded', export: id, sha256, person: pseudonym(tenant, principal) },
    });
    return { stream: createReadStream(file), bytes: row.bytes, sha256 };
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#wake();
    }, TICK_MS);
    this.#timer.unref();
    this.#wake();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closing.abort();
    await this.#working;
  }

  #wake(): void {
    if (this.#timer === undefined || this.#closing.signal.aborted) return;
    this.#working ??= this.#work()
      .catch((error: unknown) => {
        this.#deps.onFailure(nameOf(error));
      })
      .finally(() => {
        this.#working = undefined;
      });
  }

  async #work(): Promise<void> {
    const { store, owner, host, now, directory } = this.#deps;
    for (const id of await store.outdated(host, now())) {
      await rm(exportFile(directory, id), { force: true });
      await store.deleted(id);
    }
    while (!this.#closing.signal.aborted) {
      const row = await store.claim(owner, now(), now() + LEASE_MS);
      if (row === undefined) return;
      await this.#make(row);
    }
  }

  async #make(row: ExportRow): Promise<void> {
    const { store, owner, now } = this.#deps;
    try {
      const approved = await this.#open(row);
      // The certificates were valid when they were approved; they are still those that were.
      const request = parseExportRequest(row.tenant, approved.body, approved.approvedMs);
      await runExport(this.#deps, row, approved, request, this.#closing.signal);
    } catch (error) {
      if (error instanceof LostExport) {
        await store.release(row.id, owner, now());
      } else if (error instanceof ExportError) {
        await store.fail(row.id, owner, error.message);
      } else if (row.attempts >= MAX_ATTEMPTS) {
        await store.fail(row.id, owner, `it failed ${row.attempts} times (${nameOf(error)})`);
      } else {
        await store.release(row.id, owner, now() + RETRY_MS);
        throw error;
      }
    }
  }

  /** What Cordon sealed under a key that authenticates it has the shape it was given. */
  async #open(row: ExportRow): Promise<ApprovedExport> {
    const dek = await this.#deps.deks.forOpening(row.dek);
    if (dek === undefined) throw new ExportError('the key of the request was destroyed');
    try {
      const text = open(row.sealed, dek.key, this.#context(row)).toString('utf8');
      return JSON.parse(text) as ApprovedExport;
    } catch {
      throw new ExportError('the request was not written by Cordon');
    }
  }

  #context({ id, tenant, dek }: Pick<ExportRow, 'id' | 'tenant' | 'dek'>): Buffer {
    const { origin } = this.#deps;
    return additionalData({ schema: 'cordon.export.v1', origin, record: id, tenant, field: 'sealed', dek });
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
