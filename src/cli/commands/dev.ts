import { Command, InvalidArgumentError } from 'commander';
import { openDevIssuer } from '../../compose/identity.ts';
import { loadConfig } from '../../config/load.ts';
import { print, UsageError } from '../output.ts';

interface TokenOptions {
  readonly subject: string;
  readonly tenant: string;
  readonly role?: readonly string[];
  readonly purpose?: readonly string[];
  readonly ttl: number;
}

export function devCommand(): Command {
  const command = new Command('dev').description('parts that exist for trying Cordon out');
  command
    .command('token')
    .description('print a token of the development issuer')
    .option('--subject <subject>', 'who the token is for', 'developer')
    .option('--tenant <tenant>', 'tenant of the subject', 'dev')
    .option('--role <role>', 'a role (repeatable; default: user)', collect)
    .option('--purpose <purpose>', 'a purpose the caller may declare (repeatable)', collect)
    .option('--ttl <duration>', 'lifetime such as 90s, 15m or 1h', parseDuration, 3600)
    .action(async (options: TokenOptions) => {
      const config = loadConfig();
      if (config.environment === 'production')
        throw new UsageError(
          'There is no development issuer in production; ask your own issuer for a token.',
        );
      if (config.issuers.length > 0)
        throw new UsageError(
          'Issuers are configured, so tokens of the development issuer are not accepted; ask your own issuer for one.',
        );
      const issuer = await openDevIssuer(config, () => Date.now());
      print(
        await issuer.issueToken({
          subject: options.subject,
          tenant: options.tenant,
          roles: options.role ?? ['user'],
          purposes: options.purpose ?? [],
          ttlS: options.ttl,
        }),
      );
    });
  return command;
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

function parseDuration(text: string): number {
  const match = /^(\d{1,6})([smh])$/.exec(text);
  const seconds = Number(match?.[1] ?? 0) * (SECONDS[match?.[2] ?? ''] ?? 0);
  if (seconds < 1 || seconds > 3600)
    throw new InvalidArgumentError('Use a duration up to one hour, such as 90s, 15m or 1h.');
  return seconds;
}
