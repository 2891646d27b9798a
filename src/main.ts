import { runCli } from './cli/run.ts';

process.exitCode = await runCli(['serve']);
