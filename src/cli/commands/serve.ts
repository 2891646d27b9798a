import { Command } from 'commander';
import { type Cordon, startCordon } from '../../compose/cordon.ts';
import { type Config, loadConfig } from '../../config/load.ts';
import { createLog, type Log } from '../../telemetry/log.ts';
import { print, printError } from '../output.ts';

export function serveCommand(setExitCode: (code: number) => void): Command {
  return new Command('serve').description('start the proxy (what `npm start` does)').action(async () => {
    const config = loadConfig();
    const log = createLog({ level: config.log.level });
    if (config.environment === 'development') printError('Starting Cordon …');
    const cordon = await startCordon(config, { log });
    if (config.environment === 'development') await printWelcome(config, cordon);
    setExitCode(await untilStopped(cordon, log));
  });
}

/** Resolves with the exit code once a signal has stopped the server; a second signal does not wait. */
function untilStopped(cordon: Cordon, log: Log): Promise<number> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (reason: string, exitCode: number): void => {
      if (stopping) {
        process.exit(1);
      }
      stopping = true;
      cordon.stop(reason).then(
        () => {
          resolve(exitCode);
        },
        (error: unknown) => {
          log({ event: 'crashed', kind: 'stop', stack: stackOf(error) });
          resolve(1);
        },
      );
    };
    process.on('SIGTERM', () => {
      stop('SIGTERM', 0);
    });
    process.on('SIGINT', () => {
      stop('SIGINT', 0);
    });
    process.on('SIGHUP', () => {
      void cordon.reload();
    });
    // A state nobody foresaw is not served from: what is open is ended in order, then the process goes.
    for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(kind, (error: unknown) => {
        log({ event: 'crashed', kind, stack: stackOf(error) });
        // Only a person who asks twice is in a hurry: a second fault does not cut short what is being ended in order.
        if (!stopping) stop(kind, 1);
      });
    }
  });
}

/** Where it happened, without the message: a message may quote what was being handled. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join('\n');
}

async function printWelcome(config: Config, cordon: Cordon): Promise<void> {
  print(`Cordon is ready.\n`);
  print(`  data plane   ${cordon.url}/v1   (point your OpenAI client here)`);
  print(`  admin        ${cordon.adminUrl}   (/healthz /readyz /metrics)`);
  for (const [name, description] of cordon.parts) print(`  ${name.padEnd(12)} ${description}`);
  if (config.issuers.length === 0) {
    const token = await cordon.issueDevToken({ subject: 'developer', tenant: 'dev' });
    print('\nTry it (the token is good for an hour; `npx cordon dev token` prints another):\n');
    print(
      [
        `curl -s ${cordon.url}/v1/chat/completions \\`,
        `  -H 'Authorization: Bearer ${token}' \\`,
        `  -H 'Content-Type: application/json' \\`,
        `  -d '{"model":"demo","messages":[{"role":"user","content":"I am Maria Gonzalez, mail me at maria.gonzalez@example.com"}]}'`,
      ].join('\n'),
    );
    print('\nThe database, the keys, the issuer and the runner above are for development only.');
  }
  print(
    'See both sides of a call: npm run demo.   Check the record: npx cordon audit verify.   Stop: Ctrl-C.',
  );
}
