import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/problem.ts';
import { CordonError } from '../domain/errors.ts';
import { auditCommand } from './commands/audit.ts';
import { configCommand } from './commands/config.ts';
import { databaseCommand } from './commands/database.ts';
import { demoCommand } from './commands/demo.ts';
import { detectCommand } from './commands/detect.ts';
import { devCommand } from './commands/dev.ts';
import { keysCommand } from './commands/keys.ts';
import { modelCommand } from './commands/model.ts';
import { policyCommand } from './commands/policy.ts';
import { proposalsCommand } from './commands/proposals.ts';
import { serveModelCommand } from './commands/serve-model.ts';
import { serveCommand } from './commands/serve.ts';
import { printError, UsageError } from './output.ts';

/** Runs one command and resolves with the exit code: 0 done, 1 the command's own "no", 2 a mistake or a failure. */
export async function runCli(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const setExitCode = (code: number): void => {
    exitCode = code;
  };
  const program = new Command('cordon')
    .description('The inference proxy that a regulated company can switch on.')
    .exitOverride()
    .configureHelp({ sortSubcommands: true })
    .addHelpText(
      'after',
      '\nConfiguration comes from the YAML file named by CORDON_CONFIG and from CORDON_DATA_DIR, CORDON_PORT,\nCORDON_ADMIN_PORT, CORDON_RUNNER_URL and DATABASE_URL; see README.md.',
    );
  const commands = [
    auditCommand,
    configCommand,
    databaseCommand,
    demoCommand,
    detectCommand,
    devCommand,
    keysCommand,
    modelCommand,
    policyCommand,
    proposalsCommand,
    serveCommand,
    serveModelCommand,
  ];
  for (const command of commands) program.addCommand(throwing(command(setExitCode)));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    printError(describe(error));
    return 2;
  }
}

/** Mistakes in the arguments of a command and of its subcommands are thrown rather than ending the process. */
function throwing(command: Command): Command {
  for (const subcommand of command.commands) throwing(subcommand);
  return command.exitOverride();
}

/** One sentence for what a person can act on; a stack only for what is our own fault. */
function describe(error: unknown): string {
  if (error instanceof ConfigError || error instanceof UsageError) return error.message;
  if (error instanceof CordonError)
    return `${error.message}${error.detail === undefined ? '' : ` (${error.detail})`}`;
  return error instanceof Error ? error.message : 'cordon failed';
}
