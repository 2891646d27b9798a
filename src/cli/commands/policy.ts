import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { readPolicyFiles, readVocabulary } from '../../compose/policy-files.ts';
import { policyFile } from '../../compose/policy.ts';
import { destinationOf } from '../../compose/runners.ts';
import { type Config, loadConfig } from '../../config/load.ts';
import { buildForTest, buildPolicy } from '../../policy/build.ts';
import { printCasbin } from '../../policy/casbin-export.ts';
import { describeCasbin, readCasbin } from '../../policy/casbin-import.ts';
import { runCase } from '../../policy/cases.ts';
import { type Vocabulary } from '../../policy/check.ts';
import { type PolicyText } from '../../policy/include.ts';
import { policyJsonSchema } from '../../policy/json-schema.ts';
import { lintSet } from '../../policy/lint.ts';
import { type ParsedPolicy, parsePolicySet } from '../../policy/parse.ts';
import { formatProblem, type PolicyProblem } from '../../policy/problem.ts';
import { createSnapshot } from '../../policy/snapshot.ts';
import { print, printError } from '../output.ts';
import {
  describeExplanation,
  type QuestionOptions,
  questionOf,
  withQuestionOptions,
} from '../policy-question.ts';
import { addChangeCommands } from './policy/changes.ts';
import { addExceptionCommands } from './policy/exceptions.ts';
import { addStatusCommands } from './policy/status.ts';
import { addVersionCommands } from './policy/versions.ts';

const FILE = 'a policy set; without it, the configured one';

export function policyCommand(setExitCode: (code: number) => void): Command {
  const command = new Command('policy').description('check, test, explain, try and change what is allowed');
  const refuse = (problems: readonly PolicyProblem[]): void => {
    for (const problem of problems) printError(formatProblem(problem));
    setExitCode(1);
  };
  addVersionCommands(command);
  addStatusCommands(command);
  addChangeCommands(command, setExitCode);
  addExceptionCommands(command);
  command
    .command('check')
    .argument('[file]', FILE)
    .description('check a policy set and run its cases; problems are listed with line and column')
    .action(async (file?: string) => {
      const { policy, vocabulary } = await open(file);
      const { set, snapshot, problems } = await buildForTest(policy, vocabulary, () => undefined);
      if (set === undefined) refuse(problems);
      else print(`${policy.source}: in order, ${set.cases.length} case(s) pass, version ${snapshot.hash}`);
    });
  command
    .command('lint')
    .argument('[file]', FILE)
    .option('--strict', 'fail on warnings too')
    .description('list what is wrong with a set, and what is seldom meant; 1 when anything is wrong')
    .action(async (file: string | undefined, { strict = false }: { readonly strict?: boolean }) => {
      const { policy, vocabulary, config } = await open(file);
      const parsed = parsePolicySet(policy, vocabulary);
      if (parsed.set === undefined) refuse(parsed.problems);
      else if (lint(parsed, config) > 0 && strict) setExitCode(1);
    });
  command
    .command('test')
    .argument('[file]', FILE)
    .description('run the cases of a set or a pack, one line each')
    .action(async (file?: string) => {
      const { policy, vocabulary } = await open(file);
      const parsed = parsePolicySet(policy, vocabulary);
      if (parsed.set === undefined) refuse(parsed.problems);
      else if ((await test(parsed, vocabulary)) > 0) setExitCode(1);
    });
  command
    .command('show')
    .argument('[file]', FILE)
    .option('--casbin', 'as casbin models and policies, with the conditions they name')
    .option('--from-casbin', 'read FILE as what --casbin printed, and tell what it says')
    .description('print a policy set')
    .action(async (file: string | undefined, options: ShowOptions) => {
      if (options.fromCasbin === true) {
        print(describeCasbin(readCasbin(await readFile(file ?? '/dev/stdin', 'utf8'))));
        return;
      }
      const { policy, vocabulary } = await open(file);
      const { set, problems } = await buildForTest(policy, vocabulary, () => undefined);
      if (set === undefined) refuse(problems);
      else print(options.casbin === true ? printCasbin(set) : policy.text);
    });
  command
    .command('schema')
    .description('print the JSON Schema of the language, for editors')
    .action(() => {
      print(JSON.stringify(policyJsonSchema(), null, 2));
    });
  withQuestionOptions(command.command('explain'))
    .argument('[file]', FILE)
    .description('say what a set makes of a call, by which rule and clause; 2 when it is denied')
    .action(async (file: string | undefined, options: QuestionOptions) => {
      const { policy, vocabulary, config } = await open(file);
      const { set, snapshot, problems } = await buildPolicy(policy, vocabulary, () => undefined);
      if (set === undefined) {
        refuse(problems);
        return;
      }
      const runner = config.runners.find(({ id }) => id === options.runner);
      const question = questionOf(options, runner && destinationOf(runner), Date.now());
      const explanation = snapshot.explain(question);
      print(describeExplanation(explanation, set).join('\n'));
      if (!explanation.verdict.allow) setExitCode(2);
    });
  return command;
}

interface ShowOptions {
  readonly casbin?: boolean;
  readonly fromCasbin?: boolean;
}

interface Opened {
  readonly policy: PolicyText;
  readonly vocabulary: Vocabulary;
  readonly config: Config;
}

async function open(file: string | undefined): Promise<Opened> {
  const config = loadConfig();
  const policy = await readPolicyFiles(file ?? policyFile(config));
  return { policy, vocabulary: await readVocabulary(config), config };
}

type Sound = Extract<ParsedPolicy, { readonly locate: unknown }>;

/** Prints what was found; returns how many warnings there are. */
function lint({ set, locate }: Sound, config: Config): number {
  const configured = config.runners.length > 0;
  const findings = lintSet(set, {
    nowMs: Date.now(),
    ...(configured
      ? {
          runners: [...config.runners.map(({ id }) => id), 'guardrail'],
          models: [...config.runners, ...config.routes].flatMap(({ models }) => models),
        }
      : {}),
  });
  for (const finding of findings) {
    print(`${formatProblem(locate(finding))} [${finding.severity} ${finding.kind}]`);
  }
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  print(`no problems, ${warnings} warning(s), ${findings.length - warnings} remark(s)`);
  return warnings;
}

/** Prints each case with its result; returns how many failed. */
async function test({ set, locate }: Sound, vocabulary: Vocabulary): Promise<number> {
  const snapshot = await createSnapshot(set, () => undefined, vocabulary.extraEntities);
  let failed = 0;
  for (const [index, one] of set.cases.entries()) {
    const findings = runCase(snapshot, one, index);
    if (findings.length > 0) failed += 1;
    print(`${findings.length === 0 ? 'pass' : 'FAIL'}  ${one.name}`);
    for (const finding of findings) print(`      ${formatProblem(locate(finding))}`);
  }
  print(`${set.cases.length - failed} passed, ${failed} failed, version ${snapshot.hash}`);
  return failed;
}
