import { Command } from 'commander';
import { readDetectionRules } from '../../compose/detection-rules.ts';
import { loadConfig } from '../../config/load.ts';
import { print } from '../output.ts';

export function configCommand(): Command {
  const command = new Command('config').description('look at the configuration');
  command
    .command('check')
    .description(
      'check the configuration file, its recogniser files and the environment; every problem is listed with its path',
    )
    .action(() => {
      const config = loadConfig();
      readDetectionRules(config);
      print(
        `The configuration is in order (environment: ${config.environment}, runners: ${config.runners.map(({ id }) => id).join(', ') || 'demo'}).`,
      );
    });
  return command;
}
