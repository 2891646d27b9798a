import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/problem.ts';
import { CordonError } from '../domain/errors.ts';
import { printError, UsageError } from './output.ts';

type CommandOf = (setExitCode: (code: number) => void) => Command;

/** Each is loaded when it is asked for: a command that asks the control plane has no use for a model runtime. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandOf>>> = {
  audit: async () => (await import('./commands/audit.ts')).auditCommand,
  config: async () => (await import('./commands/config.ts')).configCommand,
  db: async () => (await import('./commands/database.ts')).databaseCommand,
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  detect: async () => (await import('./commands/detect.ts')).detectCommand,
  dev: async () => (await import('./commands/dev.ts')).devCommand,
  keys: async () => (await import('./commands/keys.ts')).keysCommand,
  model: async () => (await import('./commands/model.ts')).modelCommand,
  policy: async () => (await import('./commands/policy.ts')).policyCommand,
  proposals: async () => (await import('./commands/proposals.ts')).proposalsCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  'serve-model': async () => (await import('./commands/serve-model.ts')).serveModelCommand,
};

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
  const [name = ''] = args;
  // Whatever else was typed is about all of them: help, or a name that comes near one.
  const asked = Object.hasOwn(COMMANDS, name) ? [name] : Object.keys(COMMANDS);
  for (const one of asked) {
    const command = await COMMANDS[one]?.();
    if (command !== undefined) program.addCommand(throwing(command(setExitCode)));
  }
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
