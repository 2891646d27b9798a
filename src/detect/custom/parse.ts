import { type YamlPath, type YamlPlace, readYaml } from '../../yaml/read.ts';
import { type CustomDefinition, type CustomPattern, LIMITS } from './definition.ts';
import { checkRegex, withFlags } from './regex.ts';
import { type RecognizerEntry, type RecognizerFile, recognizerFile } from './schema.ts';

const MAX_PROBLEMS = 100;

export interface RecognizerProblem extends YamlPlace {
  readonly source: string;
  /** What is wrong and what to write instead; quotes nothing but the name of a limit or of a syntax. */
  readonly message: string;
}

interface Finding {
  readonly path: YamlPath;
  readonly at?: 'key';
  readonly message: string;
}

/** Either everything in the file is in order, or nothing of it is used. */
export type ParsedRecognizers =
  | { readonly definitions: readonly CustomDefinition[]; readonly problems: readonly [] }
  | { readonly definitions: undefined; readonly problems: readonly RecognizerProblem[] };

/**
 * A recogniser file, ours or Presidio's → checked definitions, or every problem with its line and column. `source` is
 * the file's name in messages.
 */
export function parseRecognizers(text: string, source: string): ParsedRecognizers {
  const refuse = (problems: readonly (YamlPlace & { message: string })[]): ParsedRecognizers => ({
    definitions: undefined,
    problems: problems
      .slice(0, MAX_PROBLEMS)
      .map(({ line, column, message }) => ({ source, line, column, message })),
  });
  const reading = readYaml(text, {
    what: 'recogniser file',
    maxChars: LIMITS.fileChars,
    maxProblems: MAX_PROBLEMS,
  });
  if ('problems' in reading) return refuse(reading.problems);
  const shape = recognizerFile.safeParse(reading.value ?? {});
  const findings = shape.success ? [] : shape.error.issues.flatMap(toFindings);
  if (shape.success) {
    const definitions = toDefinitions(shape.data, (finding) => findings.push(finding));
    if (findings.length === 0) return { definitions, problems: [] };
  }
  return refuse(findings.map(({ path, at, message }) => ({ ...reading.place(path, at), message })));
}

function toFindings(issue: {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}): Finding[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.keys === undefined) return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], at: 'key', message: issue.message }));
}

/** Python's numbers for the flags that RE2 has too. */
const PYTHON_FLAGS: readonly (readonly [bit: number, flag: string])[] = [
  [2, 'i'],
  [8, 'm'],
  [16, 's'],
];

function toDefinitions(file: RecognizerFile, report: (finding: Finding) => void): CustomDefinition[] {
  const names = new Set<string>();
  let program = 0;
  const defaults = PYTHON_FLAGS.filter(([bit]) => (file.global_regex_flags & bit) !== 0)
    .map(([, flag]) => flag)
    .join('');
  return file.recognizers.flatMap((entry, index) => {
    const path = ['recognizers', index];
    if (names.has(entry.name))
      report({ path: [...path, 'name'], message: 'this name is taken; choose another' });
    names.add(entry.name);
    const definition = toDefinition(entry, defaults, path, report);
    const before = program;
    program += programOf(entry, defaults);
    if (before <= LIMITS.programs && program > LIMITS.programs) {
      report({
        path,
        message: `from here on the regexes of this file are too large together; they may have ${LIMITS.programs} steps`,
      });
    }
    return entry.enabled && definition !== undefined ? [definition] : [];
  });
}

/** RE2 instructions of all patterns of an entry; what does not compile is reported elsewhere. */
function programOf({ patterns }: RecognizerEntry, defaults: string): number {
  return patterns.reduce((sum, { regex, flags = defaults }) => {
    const check = checkRegex(regex, flags);
    return 'program' in check ? sum + check.program : sum;
  }, 0);
}

function toDefinition(
  entry: RecognizerEntry,
  defaults: string,
  path: YamlPath,
  report: (finding: Finding) => void,
): CustomDefinition | undefined {
  const { entity = entry.supported_entity } = entry;
  if (entity === undefined || (entry.entity !== undefined && entry.supported_entity !== undefined)) {
    report({ path, message: 'write what it finds, once: entity (Presidio: supported_entity)' });
    return undefined;
  }
  if (entry.patterns.length + entry.deny_list.length === 0) {
    report({ path, message: 'a recogniser needs patterns or a deny_list' });
  }
  if (entry.min_length > entry.max_length) {
    report({ path: [...path, 'min_length'], message: 'min_length must not be above max_length' });
  }
  const languages = [...(entry.languages ?? []), ...(entry.supported_languages ?? [])];
  const context = languages.flatMap((one) => (typeof one === 'string' ? [] : (one.context ?? [])));
  return {
    name: entry.name,
    entity,
    patterns: toPatterns(entry, defaults, path, report),
    context: [...new Set([...(entry.context ?? []), ...context].map((word) => word.toLowerCase()))],
    denyList: entry.deny_list,
    denyListScore: entry.deny_list_score,
    allowList: entry.allow_list,
    allowPatterns: toAllowPatterns(entry, defaults, path, report),
    validator: entry.validator,
    minLength: entry.min_length,
    maxLength: entry.max_length,
  };
}

function toAllowPatterns(
  { allow_patterns: regexes }: RecognizerEntry,
  defaults: string,
  path: YamlPath,
  report: (finding: Finding) => void,
): string[] {
  return regexes.map((regex, index) => {
    const check = checkRegex(regex, defaults);
    if ('problem' in check) report({ path: [...path, 'allow_patterns', index], message: check.problem });
    return withFlags(regex, defaults);
  });
}

function toPatterns(
  { patterns }: RecognizerEntry,
  defaults: string,
  path: YamlPath,
  report: (finding: Finding) => void,
): CustomPattern[] {
  return patterns.map(({ regex, score, flags = defaults }, index) => {
    const check = checkRegex(regex, flags);
    if ('problem' in check) {
      report({ path: [...path, 'patterns', index, 'regex'], message: check.problem });
    }
    return { regex: withFlags(regex, flags), score };
  });
}
