import { Command } from 'commander';
import { runReindex } from '../../compose/reindex.ts';
import { loadConfig } from '../../config/load.ts';
import { print } from '../output.ts';

interface ReindexOptions {
  readonly values?: boolean;
  readonly check?: boolean;
}

export function reindexCommand(setExitCode: (code: number) => void): Command {
  return new Command('reindex')
    .description('build what searches go by from the records again; interrupted, the next run goes on')
    .option('--values', 'also open originals and index them: for records older than the index')
    .option('--check', 'change nothing; exit code 1 when the index is not what the records say')
    .action(async ({ values = false, check = false }: ReindexOptions) => {
      const { records, changed } = await runReindex(loadConfig(), {
        values,
        keep: !check,
        onProgress: (done) => {
          if (process.stderr.isTTY) process.stderr.write(`\r${done} records`);
        },
      });
      if (process.stderr.isTTY) process.stderr.write('\r');
      print(
        `${records} records read; ${changed} rows of the index ${check ? 'are not' : 'were not'} as they say.`,
      );
      if (check && changed > 0) setExitCode(1);
    });
}
