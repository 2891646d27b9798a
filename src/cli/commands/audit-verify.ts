import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Command } from 'commander';
import { openRecordedAuditView } from '../../compose/audit-view.ts';
import { checkpointFiles, openCheckpointKey, readCheckpoints } from '../../compose/checkpoints.ts';
import { loadConfig } from '../../config/load.ts';
import { formatVerifier, type NoteVerifier, parseVerifier } from '../../crypto/signed-note.ts';
import { openDump, type OpenDump } from '../../ledger/dump/read.ts';
import { unpackTar } from '../../ledger/export/tar.ts';
import { verifyBundle } from '../../ledger/export/verify-bundle.ts';
import { type Checkpoint, openCheckpoint } from '../../ledger/tree/checkpoint.ts';
import { parseProof, verifyProof } from '../../ledger/tree/tlog-proof.ts';
import { type Verification, verifyLedger } from '../../ledger/verify.ts';
import { print, printError, printJson, UsageError } from '../output.ts';

interface VerifyOptions {
  readonly json?: boolean;
  readonly decrypt: boolean;
  readonly checkpoints?: readonly string[];
  readonly checkpointKey?: string;
  readonly dump?: string;
  readonly bundle?: string;
  readonly proof?: string;
}

interface Checkpoints {
  readonly checkpoints: readonly Checkpoint[];
  /** Those that the key did not sign. */
  readonly refused: number;
}

export function addVerifyCommand(command: Command, setExitCode: (code: number) => void): void {
  command
    .command('verify')
    .option('--json', 'the result as one JSON')
    .option('--no-decrypt', 'check hashes and chains only; needs no keys')
    .option('--checkpoints <file...>', 'what a sink kept; the files of the configured sinks when left out')
    .option(
      '--checkpoint-key, --key <key>',
      'who signed them, as `cordon keys checkpoint` prints it; ours when left out',
    )
    .option('--dump <file>', 'a dump instead of the database; with --key it needs no configuration')
    .option('--bundle <path>', 'an opened export bundle: its folder, or the tar')
    .option('--proof <file>', 'the proof of one record')
    .description('recompute every hash and open every ciphertext; exit code 1 when anything was changed')
    .action(async (options: VerifyOptions & { readonly key?: string }) => {
      const { dump, bundle, proof } = options;
      if ([dump, bundle, proof].filter((given) => given !== undefined).length > 1)
        throw new UsageError('Give one of --dump, --bundle and --proof.');
      const given = options.key ?? options.checkpointKey;
      const verifier = given === undefined ? await openCheckpointKey(loadConfig()) : parseVerifier(given);
      const fine = await pick(options, verifier);
      if (!fine) setExitCode(1);
    });
}

function pick(options: VerifyOptions, verifier: NoteVerifier): Promise<boolean> {
  const { dump, bundle, proof } = options;
  if (dump !== undefined) return verifyDumpFile(dump, options, verifier);
  if (bundle !== undefined) return verifyBundlePath(bundle, options, verifier);
  return proof === undefined ? verifyDatabase(options, verifier) : verifyProofFile(proof, options, verifier);
}

async function verifyDatabase(options: VerifyOptions, verifier: NoteVerifier): Promise<boolean> {
  const config = loadConfig();
  const seen = await readCheckpoints(options.checkpoints ?? checkpointFiles(config), [verifier]);
  const view = await openRecordedAuditView(config);
  try {
    const { checkpoints } = seen;
    const result = await view.verify({ decrypt: options.decrypt, checkpoints, onProgress: showProgress });
    return report(result, seen, options, await view.unpartitioned());
  } finally {
    await view.close();
  }
}

/** The dump's own checkpoints count, too: whoever changed the records could not sign others. */
async function verifyDumpFile(
  file: string,
  options: VerifyOptions,
  verifier: NoteVerifier,
): Promise<boolean> {
  const kept = await readCheckpoints(options.checkpoints ?? [], [verifier]);
  const source = await openDump(file);
  try {
    const own = await ownCheckpoints(source, verifier);
    const checkpoints = [...kept.checkpoints, ...own.checkpoints];
    const result = await verifyLedger({ source, checkpoints, onProgress: showProgress });
    const fine = report(result, { checkpoints, refused: kept.refused + own.refused }, options);
    if (options.json !== true && result.problems.some(({ kind }) => kind === 'checkpoint_beyond_end'))
      printError('A checkpoint made after the dump lies beyond its end, too: give those kept before it.');
    return fine;
  } finally {
    await source.close();
  }
}

const PAGE = 1_000;

async function ownCheckpoints(source: OpenDump, verifier: NoteVerifier): Promise<Checkpoints> {
  const checkpoints: Checkpoint[] = [];
  let refused = 0;
  for (const { chain } of await source.chains()) {
    for (let after = 0; ;) {
      const page = await source.checkpoints(chain, after, PAGE);
      for (const { note, size } of page) {
        const checkpoint = openCheckpoint(note, [verifier]);
        if (checkpoint?.chain === chain && checkpoint.size === size) checkpoints.push(checkpoint);
        else refused += 1;
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      after = last.size;
    }
  }
  return { checkpoints, refused };
}

async function verifyBundlePath(
  where: string,
  { json = false }: VerifyOptions,
  verifier: NoteVerifier,
): Promise<boolean> {
  const key = formatVerifier(verifier);
  const result = (await stat(where)).isDirectory()
    ? await verifyBundle(where, key)
    : await inTemporaryFolder(async (folder) => {
        await unpackTar(createReadStream(where), folder);
        return verifyBundle(folder, key);
      });
  const fine = result.problems.length === 0;
  if (json) {
    printJson(result);
    return fine;
  }
  for (const problem of result.problems) printError(problem);
  print(`${result.records} records in ${result.chains} chains.`);
  print(
    fine
      ? 'Verified: the records are what the signed checkpoints saw. Who made the bundle: verify manifest.p7s with openssl (VERIFY.md).'
      : `NOT VERIFIED: ${result.problems.length} problem(s).`,
  );
  return fine;
}

async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cordon-bundle-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function verifyProofFile(
  file: string,
  { json = false }: VerifyOptions,
  verifier: NoteVerifier,
): Promise<boolean> {
  const proof = parseProof(await readFile(file, 'utf8'));
  const proven = proof === undefined ? undefined : verifyProof(proof, [verifier]);
  if (proven === undefined) {
    if (json) printJson({ verified: false });
    else printError('NOT VERIFIED: this is not a proof of a record under a checkpoint that the key signed.');
    return false;
  }
  const { header, checkpoint } = proven;
  const { type, id, tenant, atMs, chain, seq, data } = header;
  const at = new Date(atMs).toISOString();
  if (json) {
    printJson({ verified: true, type, id, tenant, at, chain, seq, size: checkpoint.size, data });
  } else {
    print(
      `Verified: ${type} ${id} of ${at} is record ${seq} of the ${checkpoint.size} that the checkpoint of chain ${chain} saw.`,
    );
    print(JSON.stringify(data, undefined, 2));
  }
  return true;
}

function showProgress(records: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${records} records`);
}

/** `unpartitioned`: of a database. A dump does not say in which partition a record was. */
function report(
  result: Verification,
  { refused }: Checkpoints,
  { json = false }: VerifyOptions,
  unpartitioned?: number,
): boolean {
  if (process.stderr.isTTY) process.stderr.write('\r');
  const fine = result.problems.length === 0 && refused === 0;
  if (json) {
    printJson({
      ...result,
      checkpointsRefused: refused,
      ...(unpartitioned === undefined ? {} : { unpartitioned }),
    });
    return fine;
  }
  for (const { kind, chain, seq } of result.problems)
    printError(`${kind} in chain ${chain}${seq === 0 ? '' : ` at record ${seq}`}`);
  if (unpartitioned !== undefined && unpartitioned > 0)
    print(`${unpartitioned} are in no month’s partition, and are never dropped.`);
  const { decisions, completions, incompletes, open } = result.pairing;
  print(`${result.records} records in ${result.chains} chains, ${result.opened} ciphertexts opened.`);
  if (result.dropped > 0)
    print(`${result.dropped} more were dropped by retention; their leaves and the records of it hold.`);
  print(`${decisions} decisions: ${completions} completed, ${incompletes} incomplete, ${open} open.`);
  print(`${result.checkpoints} signed checkpoints held against it.`);
  if (refused > 0) printError(`${refused} checkpoint(s) are not signed by the key, or are damaged`);
  print(
    fine
      ? 'Verified: nothing was changed, removed or reordered.'
      : `NOT VERIFIED: ${result.problems.length + refused} problem(s).`,
  );
  return fine;
}
