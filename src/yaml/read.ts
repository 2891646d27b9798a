import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';

/** Where in a file something stands, as keys and indexes from its root. */
export type YamlPath = readonly (string | number)[];

/** Lines and columns count from 1. */
export interface YamlPlace {
  readonly line: number;
  readonly column: number;
}

export interface YamlProblem extends YamlPlace {
  /** What is wrong and what to write instead; never quotes the file. */
  readonly message: string;
}

/** Plain data and the way back from a path in it to its place; or what keeps the text from being plain data. */
export type YamlReading =
  | {
      readonly value: unknown;
      /** `at: 'key'` points at the key rather than at its value. */
      readonly place: (path: YamlPath, at?: 'key') => YamlPlace;
    }
  | { readonly problems: readonly YamlProblem[] };

export interface YamlOptions {
  /** What a file is called in messages: `policy set`. */
  readonly what: string;
  readonly maxChars: number;
  readonly maxProblems: number;
}

/**
 * YAML text → plain data without aliases, duplicate keys or keys that are not names. Throws nothing: a text that cannot
 * be read is a mistake of its author like any other.
 */
export function readYaml(text: string, options: YamlOptions): YamlReading {
  const refuse = (message: string): YamlReading => ({ problems: [{ line: 1, column: 1, message }] });
  if (text.length > options.maxChars)
    return refuse(`a ${options.what} has at most ${options.maxChars} characters; split it`);
  try {
    return readJson(text, options) ?? read(text, options);
  } catch (error) {
    // Ten thousand nested brackets exhaust the parser's stack.
    if (!(error instanceof RangeError)) throw error;
    return refuse('this file cannot be read; it nests too deeply');
  }
}

/**
 * Sets of a hundred thousand rules are written by machines, as JSON, and the parser of YAML takes minutes over them. What
 * is letter for letter as JSON.stringify writes it has no key twice, for of two the reader keeps one. Places are looked for
 * only when there is something to tell of them.
 */
function readJson(text: string, options: YamlOptions): YamlReading | undefined {
  if (!text.startsWith('{') || text.includes('"__proto__"')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
    const written = text.endsWith('\n') ? text.slice(0, -1) : text;
    if (written !== JSON.stringify(value) && written !== JSON.stringify(value, null, 2)) return undefined;
  } catch {
    return undefined;
  }
  let reading: YamlReading | undefined;
  return {
    value,
    place: (path, at) => {
      reading ??= read(text, options);
      return 'place' in reading ? reading.place(path, at) : { line: 1, column: 1 };
    },
  };
}

function read(text: string, options: YamlOptions): YamlReading {
  const lines = new LineCounter();
  // prettyErrors would copy lines of the file into messages, and with them whatever stands there by mistake.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    strict: true,
    uniqueKeys: true,
  });
  const problems = syntaxProblems(document, lines, options);
  if (problems.length > 0) return { problems };
  return {
    value: document.toJS({ maxAliasCount: 0 }) as unknown,
    place: (path, at) => position(document, lines, path, at),
  };
}

const SYNTAX: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key is written twice in one mapping; keep one of them',
  TAB_AS_INDENT: 'indent with blanks, not with tabs',
  BAD_INDENT: 'the indentation does not fit the lines above',
};

function syntaxProblems(
  document: Document.Parsed,
  lines: LineCounter,
  { what, maxProblems }: YamlOptions,
): YamlProblem[] {
  const at = (offset: number, message: string): YamlProblem => ({ ...toPlace(lines, offset), message });
  const explain = (code: string): string =>
    code === 'MULTIPLE_DOCS'
      ? `write one ${what} per file; remove the --- line`
      : (SYNTAX[code] ?? `this is not plain YAML (${code.toLowerCase()})`);
  const problems = [...document.errors, ...document.warnings]
    .slice(0, maxProblems)
    .map(({ pos, code }) => at(pos[0], explain(code)));
  if (problems.length > 0) return problems;
  visit(document, {
    Alias: (_, node) => {
      problems.push(
        at(node.range?.[0] ?? 0, `write this out; a ${what} has no aliases, so that it reads as it is`),
      );
    },
    Pair: (_, pair) => {
      if (isScalar(pair.key) && typeof pair.key.value === 'string' && pair.key.value !== '__proto__') return;
      const offset = isNode(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
      problems.push(at(offset, 'a key here must be a plain name in quotes or without'));
    },
  });
  return problems;
}

function toPlace(lines: LineCounter, offset: number): YamlPlace {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** The deepest node on the path that exists: a missing key is reported at the mapping that lacks it. */
function position(
  document: Document.Parsed,
  lines: LineCounter,
  path: YamlPath,
  at: 'key' | undefined,
): YamlPlace {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const [index, part] of path.entries()) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === part) : undefined;
    const next: unknown = pair === undefined ? step(node, part) : (pair.value ?? pair.key);
    if (!isNode(next)) break;
    const byKey = index === path.length - 1 && (at === 'key' || !isScalar(next));
    const anchor = byKey && isNode(pair?.key) ? pair.key : next;
    offset = anchor.range?.[0] ?? offset;
    node = next;
  }
  return toPlace(lines, offset);
}

function step(node: unknown, part: string | number): unknown {
  if (typeof node !== 'object' || node === null || !('items' in node) || !Array.isArray(node.items))
    return undefined;
  return typeof part === 'number' ? node.items[part] : undefined;
}
