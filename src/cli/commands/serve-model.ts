import { Command } from 'commander';
import { startModelServer } from '../../compose/model-server.ts';
import { loadModelServerConfig } from '../../config/load.ts';
import { createLog } from '../../telemetry/log.ts';
import { print } from '../output.ts';
import { untilStopped } from '../until-stopped.ts';

export function serveModelCommand(setExitCode: (code: number) => void): Command {
  return new Command('serve-model')
    .description('run the model for proxies on other machines (Open Inference Protocol v2)')
    .action(async () => {
      const config = loadModelServerConfig();
      const log = createLog({ level: config.log.level });
      const server = await startModelServer(config, log);
      print(`The model is served at ${server.url} (${server.description}).`);
      setExitCode(await untilStopped(server, log));
    });
}
