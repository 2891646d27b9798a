import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { type JsonObject } from '../../domain/json.ts';
import { type AdminClientOptions, createAdminClient, withAdminOptions } from '../admin-client.ts';
import { print, printProposed, UsageError } from '../output.ts';

interface RequestOptions extends AdminClientOptions {
  readonly recipient: readonly string[];
  readonly fields: string;
  readonly from?: number;
  readonly to?: number;
  readonly type?: readonly string[];
  readonly request?: readonly string[];
}

/** Bundles for counsel, over the control plane: two people are two tokens. */
export function addExportCommands(audit: Command): void {
  const command = new Command('export').description(
    'bundles for counsel that OpenSSL opens and anybody can verify',
  );
  audit.addCommand(command);
  withAdminOptions(command.command('request'))
    .requiredOption('--recipient <file...>', 'certificates (PEM, RSA) of those who may decrypt it')
    .option('--fields <fields>', 'metadata, redacted (what left and came back) or originals', 'metadata')
    .option('--from <time>', 'records from this time on, such as 2026-11-01', parseTime)
    .option('--to <time>', 'records before this time', parseTime)
    .option('--type <type...>', 'only these, such as DECISION')
    .option('--request <id...>', 'only these requests')
    .description('ask for an export; another person approves it with `cordon proposals approve`')
    .action(async ({ recipient, fields, from, to, type, request, ...options }: RequestOptions) => {
      const certificates = await Promise.all(recipient.map((file) => readFile(file, 'utf8')));
      const query: JsonObject = {
        ...(from === undefined ? {} : { fromMs: from }),
        ...(to === undefined ? {} : { toMs: to }),
        ...(type === undefined ? {} : { types: type }),
        ...(request === undefined ? {} : { requestIds: request }),
      };
      const body = { query, fields, certificates: certificates.join('\n') };
      printProposed(await createAdminClient(options).post('/audit/exports', body));
    });
  withAdminOptions(command.command('status'))
    .argument('<id>', 'of the proposal')
    .description('how far an export is, and what came of it')
    .action(async (id: string, options: AdminClientOptions) => {
      const found = await createAdminClient(options).get(`/audit/exports/${encodeURIComponent(id)}`);
      print(JSON.stringify(found, undefined, 2));
    });
  withAdminOptions(command.command('download'))
    .argument('<id>', 'of the proposal')
    .requiredOption('--out <file>', 'where to write the encrypted bundle (.p7m)')
    .description('fetch the encrypted bundle; each download is recorded')
    .action(async (id: string, { out, ...options }: AdminClientOptions & { readonly out: string }) => {
      const client = createAdminClient(options);
      const place = `/audit/exports/${encodeURIComponent(id)}`;
      const { sha256 } = await client.get(place);
      const got = await save(await client.open(`${place}/file`), out);
      if (got !== sha256) {
        await rm(out, { force: true });
        throw new UsageError('What arrived is not what was made; nothing was kept. Try again.');
      }
      print(`Wrote ${out} (SHA-256 ${got}). Open it with:`);
      print(
        `openssl cms -decrypt -binary -inform DER -in ${out} -inkey key.pem -recip certificate.pem -out export.tar`,
      );
    });
}

async function save(response: Response, out: string): Promise<string> {
  const part = `${out}.part`;
  const state = createHash('sha256');
  const file = await open(part, 'w', 0o600);
  try {
    for await (const chunk of response.body ?? []) {
      const bytes = Buffer.from(chunk as Uint8Array);
      state.update(bytes);
      await file.appendFile(bytes);
    }
  } finally {
    await file.close();
  }
  await rename(part, out);
  return state.digest('hex');
}

function parseTime(text: string): number {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs))
    throw new InvalidArgumentError('Use a time such as 2026-11-01 or 2026-11-01T12:00:00Z.');
  return atMs;
}
