import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config } from '../config/load.ts';
import { createCmsSigner, type CmsSigner } from '../crypto/cms-signed.ts';
import { isMissing, readPrivateFile, writePrivateFile } from '../crypto/private-file.ts';
import { createSelfSigned } from '../crypto/self-signed.ts';
import { type NoteSigner } from '../crypto/signed-note.ts';
import { type JsonObject } from '../domain/json.ts';
import { type Person } from '../domain/proposal.ts';
import { type Ledger } from '../domain/record.ts';
import { createExports, type Exports } from '../ledger/export/exports.ts';
import { type ApprovedExport } from '../ledger/export/job.ts';
import { type ExportRow } from '../ledger/export/ports.ts';
import { assembleVerifier } from '../ledger/export/verifier-text.ts';
import { parseHeader } from '../ledger/header.ts';
import { type RecordSource } from '../ledger/ports.ts';
import { createExportStore } from '../store/export-store.ts';
import { type Log } from '../telemetry/log.ts';
import { type Audit } from './audit.ts';
import { unusable } from './unusable.ts';
import { type PolicyInForce } from './policy-in-force.ts';
import { packageVersion } from './version.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** In development the manifests of exports are signed with a key and certificate made in this file of the data directory. */
const DEVELOPMENT_SIGNER = 'export-signing.pem';
/** Clocks of several machines differ by less. */
const SKEW_MS = 60_000;
const MAX_TRAIL = 1_000;

export interface ExportsOptions {
  readonly audit: Audit;
  readonly note: Ledger['note'];
  readonly clock: () => number;
  readonly log: Log;
  readonly checkpointSigner: NoteSigner;
  readonly policyInForce: Pick<PolicyInForce, 'bundleOf'>;
  readonly pseudonym: (tenant: string, person: Person) => string;
}

/** Exports of this installation. In production they need a signer that is configured. */
export async function openExports(config: Config, options: ExportsOptions): Promise<Exports> {
  const { audit, note, clock, log, checkpointSigner, policyInForce, pseudonym } = options;
  const { source, trees } = audit.view.sources;
  const { deks, pool } = audit.access;
  const manifestSigner = await openSigner(config, clock());
  const { directory, keep_days: keepDays } = config.exports;
  return createExports({
    ...{ store: createExportStore(pool), deks, note, now: clock, pseudonym, origin: config.origin },
    bundle: {
      ...{ source, trees, deks, checkpointSigner, manifestSigner, origin: config.origin, now: clock },
      policyFiles: async (hash) => {
        const bundle = await policyInForce.bundleOf(hash);
        return bundle && { '': bundle.text, ...bundle.included };
      },
      verifier: await verifierText(),
      version: packageVersion(),
    },
    trail: (row, approved) => findTrail(source, row, approved),
    directory:
      directory === undefined
        ? path.join(config.dataDirectory, 'exports')
        : path.resolve(config.baseDirectory, directory),
    owner: randomUUID(),
    host: hostname(),
    keepMs: keepDays * DAY_MS,
    onFailure: (error) => {
      log({ event: 'export_failed', error });
    },
  });
}

async function openSigner(config: Config, nowMs: number): Promise<CmsSigner | undefined> {
  const { signing } = config.exports;
  if (signing === undefined)
    return config.environment === 'production' ? undefined : developmentSigner(config, nowMs);
  try {
    const key = await readPrivateFile(path.resolve(config.baseDirectory, signing.key_file));
    const certificates = await readFile(path.resolve(config.baseDirectory, signing.certificate_file), 'utf8');
    return createCmsSigner(key, certificates, nowMs);
  } catch (error) {
    throw unusable('exports.signing', error);
  }
}

async function developmentSigner(config: Config, nowMs: number): Promise<CmsSigner> {
  const file = path.join(config.dataDirectory, DEVELOPMENT_SIGNER);
  const text = await readPrivateFile(file).catch(async (error: unknown) => {
    if (!isMissing(error)) throw error;
    const { key, certificate } = createSelfSigned('Cordon (development)', nowMs);
    await writePrivateFile(file, key + certificate);
    return readPrivateFile(file);
  });
  return createCmsSigner(text, text, nowMs);
}

/** verify.mjs, out of the build that runs. */
export async function verifierText(): Promise<string> {
  const compiled = (name: string): Promise<string> =>
    readFile(fileURLToPath(new URL(`../ledger/export/${name}.js`, import.meta.url)), 'utf8');
  return assembleVerifier(await compiled('verify-tree'), await compiled('verify-bundle'));
}

/** Where in the ledger it says that this export was proposed and approved. */
async function findTrail(
  source: RecordSource,
  { id, tenant }: ExportRow,
  { proposedMs, approvedMs }: ApprovedExport,
): Promise<readonly JsonObject[]> {
  const between = { fromMs: proposedMs - SKEW_MS, toMs: approvedMs + SKEW_MS };
  const rows = await source.find({ tenant, types: ['PROPOSED', 'APPROVED'], ...between }, MAX_TRAIL, []);
  return rows.flatMap(({ header, requestId, type, seq, atMs }) => {
    const parsed = parseHeader(header);
    if (parsed?.data['proposal'] !== id) return [];
    return [{ type, id: requestId, chain: parsed.chain, seq, at: new Date(atMs).toISOString() }];
  });
}
