import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { readPacks, readPolicyFiles, readVocabulary } from '../../compose/policy-files.ts';
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
import { encodeBundle, ownPacks, sha256Hex } from '../../policy/lifecycle/bundle.ts';
import { lintSet } from '../../policy/lint.ts';
import { type ParsedPolicy, parsePolicySet } from '../../policy/parse.ts';
import { formatProblem, type PolicyProblem } from '../../policy/problem.ts';
import { createSnapshot } from '../../policy/snapshot.ts';
import { type AdminClientOptions, withAdminOptions } from '../admin-client.ts';
import { print, printError } from '../output.ts';
import {
  describeExplanation,
  type QuestionOptions,
  questionOf,
  withQuestionOptions,
} from '../policy-question.ts';
import { addChangeCommands } from './policy/changes.ts';
import { addExceptionCommands } from './policy/exceptions.ts';
import { isRemote, readSource, standingRules } from './policy/sources.ts';
import { addStatusCommands } from './policy/status.ts';
import { addVersionCommands } from './policy/versions.ts';

const SOURCE = 'a file, a version, or active; without it, the configured file';

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
  withAdminOptions(command.command('check'))
    .argument('[source]', SOURCE)
    .description('check a policy set and run its cases; problems are listed with line and column')
    .action(async (source: string | undefined, options: AdminClientOptions) => {
      const { policy, vocabulary } = await open(source, options);
      const { set, snapshot, problems } = await buildForTest(policy, vocabulary, () => undefined);
      if (set === undefined) refuse(problems);
      else print(`${policy.source}: in order, ${set.cases.length} case(s) pass, version ${snapshot.hash}`);
    });
  withAdminOptions(command.command('lint'))
    .argument('[source]', SOURCE)
    .option('--strict', 'fail on warnings too')
    .description('list what is wrong with a set, and what is seldom meant; 1 when anything is wrong')
    .action(async (source: string | undefined, options: AdminClientOptions & { readonly strict?: true }) => {
      const { policy, vocabulary, config } = await open(source, options);
      const parsed = parsePolicySet(policy, vocabulary);
      if (parsed.set === undefined) refuse(parsed.problems);
      else if (lint(parsed, config, await packFindings(policy)) > 0 && options.strict === true)
        setExitCode(1);
    });
  withAdminOptions(command.command('test'))
    .argument('[source]', SOURCE)
    .description('run the cases of a set or a pack, one line each')
    .action(async (source: string | undefined, options: AdminClientOptions) => {
      const { policy, vocabulary } = await open(source, options);
      const parsed = parsePolicySet(policy, vocabulary);
      if (parsed.set === undefined) refuse(parsed.problems);
      else if ((await test(parsed, vocabulary)) > 0) setExitCode(1);
    });
  withAdminOptions(command.command('show'))
    .argument('[source]', SOURCE)
    .option('--casbin', 'as casbin models and policies, with the conditions they name')
    .option('--from-casbin', 'read FILE as what --casbin printed, and tell what it says')
    .description('print a policy set')
    .action(async (source: string | undefined, options: ShowOptions) => {
      if (options.fromCasbin === true) {
        print(describeCasbin(readCasbin(await readFile(source ?? '/dev/stdin', 'utf8'))));
        return;
      }
      const { policy, vocabulary } = await open(source, options);
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
  withAdminOptions(withQuestionOptions(command.command('explain')))
    .argument('[source]', SOURCE)
    .description('say what a set makes of a call, by which rule and clause; 2 when it is denied')
    .action(async (source: string | undefined, options: QuestionOptions & AdminClientOptions) => {
      const { policy, vocabulary, config } = await open(source, options);
      const { set, problems } = await buildPolicy(policy, vocabulary, () => undefined);
      if (set === undefined) {
        refuse(problems);
        return;
      }
      const beside = source === 'active' ? await standingRules(options) : [];
      const asked = { ...set, rules: [...set.rules, ...beside] };
      const snapshot = await createSnapshot(asked, () => undefined, vocabulary.extraEntities);
      const runner = config.runners.find(({ id }) => id === options.runner);
      if (runner === undefined)
        printError(`${options.runner} is not configured here: nothing is known of it but what you say.`);
      const question = questionOf(options, runner && destinationOf(runner), Date.now());
      const explanation = snapshot.explain(question);
      // A version is named by its text, wherever it is asked about.
      const hash = source !== undefined && isRemote(source) ? versionHash(policy) : explanation.policyHash;
      print(describeExplanation({ ...explanation, policyHash: hash }, asked).join('\n'));
      if (!explanation.verdict.allow) setExitCode(2);
    });
  return command;
}

interface ShowOptions extends AdminClientOptions {
  readonly casbin?: boolean;
  readonly fromCasbin?: boolean;
}

interface Opened {
  readonly policy: PolicyText;
  readonly vocabulary: Vocabulary;
  readonly config: Config;
}

async function open(source: string | undefined, options: AdminClientOptions): Promise<Opened> {
  const config = loadConfig();
  const policy =
    source !== undefined && isRemote(source)
      ? { ...(await readSource(source, options)), source }
      : await readPolicyFiles(source ?? policyFile(config));
  return { policy, vocabulary: await readVocabulary(config), config };
}

/** A pack beside the set goes before the one of its name that comes with Cordon. */
async function packFindings(policy: PolicyText): Promise<readonly string[]> {
  return ownPacks(policy, await readPacks()).map(
    (name) =>
      `${policy.source}:1:1: includes: ${name} is not the pack of this name that comes with this Cordon [warning own_pack]`,
  );
}

function versionHash({ text, included = {} }: PolicyText): string {
  return sha256Hex(encodeBundle({ text, included }));
}

type Sound = Extract<ParsedPolicy, { readonly locate: unknown }>;

/** Prints what was found; returns how many warnings there are. */
function lint({ set, locate }: Sound, config: Config, packs: readonly string[]): number {
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
  for (const line of packs) print(line);
  const warned = findings.filter(({ severity }) => severity === 'warning').length;
  const warnings = warned + packs.length;
  print(`no problems, ${warnings} warning(s), ${findings.length - warned} remark(s)`);
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
