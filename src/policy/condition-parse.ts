import { attribute, ATTRIBUTE_NAMES, isAttributeName } from './attributes.ts';
import { type Condition, type LeafTest } from './condition.ts';
import { type Path, type Report } from './problem.ts';
import { didYouMean } from './suggest.ts';

const MAX_DEPTH = 8;
export const MAX_PARTS = 64;
export const MAX_TEXT = 256;

const TESTS_OF = {
  text: ['is', 'in', 'like', 'present'],
  list: ['contains', 'contains_any', 'present'],
  number: ['is', 'at_least', 'at_most', 'present'],
} as const;

const BRANCHES = 'write one of all: […], any: […], not: {…}, or attribute: NAME with one test';

/** Untrusted YAML → typed condition, or undefined with at least one report. Values are never quoted in reports. */
export function parseCondition(value: unknown, path: Path, report: Report, depth = 0): Condition | undefined {
  if (depth > MAX_DEPTH) {
    fail(report, path, `conditions may nest at most ${MAX_DEPTH} deep; flatten this one`);
    return;
  }
  if (!isMapping(value)) {
    fail(report, path, `a condition is a mapping; ${BRANCHES}`);
    return;
  }
  const keys = Object.keys(value);
  if (keys.includes('attribute')) return parseLeaf(value, path, report);
  const [key] = keys;
  if (keys.length !== 1 || (key !== 'all' && key !== 'any' && key !== 'not')) {
    fail(report, path, BRANCHES);
    return;
  }
  const inner = value[key];
  if (key === 'not') {
    const part = parseCondition(inner, [...path, key], report, depth + 1);
    return part && { not: part };
  }
  if (!Array.isArray(inner) || inner.length === 0 || inner.length > MAX_PARTS) {
    fail(report, [...path, key], `${key} holds a list of 1 to ${MAX_PARTS} conditions`);
    return;
  }
  const parts = inner.map((part, index) => parseCondition(part, [...path, key, index], report, depth + 1));
  const sound = parts.filter((part) => part !== undefined);
  if (sound.length !== parts.length) return undefined;
  return key === 'all' ? { all: sound } : { any: sound };
}

function parseLeaf(value: Record<string, unknown>, path: Path, report: Report): Condition | undefined {
  const name = value['attribute'];
  if (typeof name !== 'string' || !isAttributeName(name)) {
    fail(
      report,
      [...path, 'attribute'],
      `unknown attribute; write one of ${ATTRIBUTE_NAMES.join(', ')}${didYouMean(name, ATTRIBUTE_NAMES)}`,
    );
    return;
  }
  const { type } = attribute(name);
  const known: readonly string[] = TESTS_OF[type];
  const tests = Object.keys(value).filter((key) => key !== 'attribute');
  const [op] = tests;
  if (tests.length !== 1 || op === undefined || !known.includes(op)) {
    fail(report, path, `${name} is a ${type}; give it exactly one test of ${known.join(', ')}`);
    return;
  }
  const test = parseTest(op, value[op], type);
  if (typeof test === 'string') {
    fail(report, [...path, op], test);
    return;
  }
  return { attribute: name, test };
}

function parseTest(op: string, value: unknown, type: keyof typeof TESTS_OF): LeafTest | string {
  switch (op) {
    case 'is':
      if (type === 'number') return isNumber(value) ? { op, value } : 'write a number, without quotes';
      return isText(value) ? { op, value } : 'write a text; put numbers and true/false in quotes';
    case 'like':
      return isText(value) ? { op, pattern: value } : 'write a text in which * stands for anything';
    case 'contains':
      return isText(value) ? { op: 'contains_any', values: [value] } : 'write one text';
    case 'in':
    case 'contains_any':
      return isTextList(value) ? { op, values: value } : `write a list of 1 to ${MAX_PARTS} texts`;
    case 'at_least':
    case 'at_most':
      return isNumber(value) ? { op, value } : 'write a number, without quotes';
    default:
      return typeof value === 'boolean' ? { op: 'present', value } : 'write true or false';
  }
}

function fail(report: Report, path: Path, message: string): undefined {
  report({ path, message });
  return undefined;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.length <= MAX_PARTS && value.every(isText);
}
