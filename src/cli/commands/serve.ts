import { Command } from 'commander';
import { type Cordon, startCordon } from '../../compose/cordon.ts';
import { type Config, loadConfig } from '../../config/load.ts';
import { createLog } from '../../telemetry/log.ts';
import { print, printError } from '../output.ts';
import { untilStopped } from '../until-stopped.ts';

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
