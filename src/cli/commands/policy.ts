import { Command } from 'commander';
import { readDetectionRules } from '../../compose/detection-rules.ts';
import { OPERATIONS, policyFile } from '../../compose/policy.ts';
import { packNames, readPolicyFiles } from '../../compose/policy-files.ts';
import { loadConfig } from '../../config/load.ts';
import { buildPolicy, type BuiltPolicy } from '../../policy/build.ts';
import { compileToCasbin } from '../../policy/casbin-export.ts';
import { SUPPORTED_HANDLINGS } from '../../policy/engine.ts';
import { formatProblem } from '../../policy/problem.ts';
import { print, printError } from '../output.ts';

export function policyCommand(setExitCode: (code: number) => void): Command {
  const command = new Command('policy').description('check and look at policy sets');
  command
    .command('check')
    .argument('[file]', 'a policy set; without it, the configured one')
    .description('check a policy set and run its cases; problems are listed with line and column')
    .action(async (file?: string) => {
      const { source, built } = await build(file);
      if (built.set === undefined) {
        for (const problem of built.problems) printError(formatProblem(problem));
        setExitCode(1);
        return;
      }
      print(`${source}: in order, ${built.set.cases.length} case(s) pass, version ${built.snapshot.hash}`);
    });
  command
    .command('show')
    .argument('[file]', 'a policy set; without it, the configured one')
    .option('--casbin', 'as a casbin model and policy')
    .description('print a policy set')
    .action(async (file: string | undefined, { casbin = false }: { readonly casbin?: boolean }) => {
      const { text, built } = await build(file);
      if (built.set === undefined) {
        for (const problem of built.problems) printError(formatProblem(problem));
        setExitCode(1);
        return;
      }
      if (!casbin) {
        print(text);
        return;
      }
      const { model, csv } = compileToCasbin(built.set);
      print(`# model.conf\n${model}\n# policy.csv\n${csv}`);
    });
  return command;
}

async function build(
  file: string | undefined,
): Promise<{ readonly source: string; readonly text: string; readonly built: BuiltPolicy }> {
  const config = loadConfig();
  const source = file ?? policyFile(config);
  const policy = await readPolicyFiles(source);
  const vocabulary = {
    supportedHandlings: SUPPORTED_HANDLINGS,
    extraEntities: readDetectionRules(config).entities,
    operations: OPERATIONS,
    packs: await packNames(),
  };
  const built = await buildPolicy(policy, vocabulary, () => undefined);
  return { source, text: policy.text, built };
}
