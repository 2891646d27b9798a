import { type FileHandle, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Command } from 'commander';
import { openRecordedAuditView, type RecordedAuditView } from '../../compose/audit-view.ts';
import { openCheckpointKey } from '../../compose/checkpoints.ts';
import { type Config, loadConfig } from '../../config/load.ts';
import { type DumpedSource, writeDump } from '../../ledger/dump/write.ts';
import { proveRecords } from '../../ledger/tree/prove.ts';
import { MovedError } from '../../ledger/unmoved.ts';
import { print, UsageError } from '../output.ts';

/** What can be carried away and verified elsewhere: the proof of a record, a dump of the ledger. */
export function addEvidenceCommands(command: Command): void {
  command
    .command('prove')
    .argument('<request id>', 'as in the Cordon-Request-Id header, or the id of any record')
    .option('--out <folder>', 'where to write the proofs, one file a record', '.')
    .description('write a proof (C2SP tlog-proof) of each record of a request, to be verified offline')
    .action(async (requestId: string, { out }: { readonly out: string }) => {
      await withView(async (view, config) => {
        await view.noteReading('prove', {
          requestId: /^[0-9a-f-]{1,64}$/.test(requestId) ? requestId : 'malformed',
        });
        const checkpointSigner = await openCheckpointKey(config);
        const deps = { ...view.sources, checkpointSigner, origin: config.origin };
        const proofs = await proveRecords(deps, requestId);
        if (proofs.length === 0) throw new UsageError('There is no record of this request.');
        for (const { type, text, signedNow } of proofs) {
          const file = path.join(out, `${requestId}.${type}.tlog-proof`);
          await writeFile(file, text, { flag: 'wx', mode: 0o600 });
          print(`${file}${signedNow ? ' (its checkpoint was made now; no copy of it is elsewhere)' : ''}`);
        }
      });
    });
  command
    .command('dump')
    .argument('<file>', 'where to write it; an existing file is never overwritten')
    .description('write what a verification reads, without any ciphertext, to be verified elsewhere')
    .action(async (name: string) => {
      await withView(async (view) => {
        await view.noteReading('dump', {});
        const { source, trees } = view.sources;
        const file = await open(name, 'ax', 0o600);
        try {
          await writeWhole(file, { ...source, checkpoints: trees.checkpoints });
        } finally {
          await file.close();
        }
        print(`Wrote ${name}. Verify it with: cordon audit verify --dump ${name} --key …`);
      });
    });
}

/** Drops come once a day, one after the other. */
const MAX_ATTEMPTS = 5;

async function writeWhole(file: FileHandle, source: DumpedSource): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      for await (const piece of batched(writeDump(source))) await file.appendFile(piece);
      await file.sync();
      return;
    } catch (error) {
      if (!(error instanceof MovedError) || attempt === MAX_ATTEMPTS) throw error;
      await file.truncate();
    }
  }
}

const PIECE_CHARS = 256 * 1024;

/** Lines in pieces that are worth a write. */
async function* batched(lines: AsyncIterable<string>): AsyncGenerator<string, void> {
  let waiting: string[] = [];
  let chars = 0;
  for await (const line of lines) {
    waiting.push(line);
    chars += line.length;
    if (chars < PIECE_CHARS) continue;
    yield waiting.join('');
    [waiting, chars] = [[], 0];
  }
  yield waiting.join('');
}

async function withView(use: (view: RecordedAuditView, config: Config) => Promise<void>): Promise<void> {
  const config = loadConfig();
  const view = await openRecordedAuditView(config);
  try {
    await use(view, config);
  } finally {
    await view.close();
  }
}
