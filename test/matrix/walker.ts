import path from 'node:path';
import ts from 'typescript';
import { leastValue } from './least-value.ts';
import { type Roots } from './roots.ts';
import { SCHEMA_PLACES } from './schema-places.ts';

/** A place of a request or an answer where the SDK's types let any string stand. */
export interface Position {
  /** `*` an element, `{}` a value under a name of the caller's, `{key}` that name, `[type=x]` which kind of a union. */
  readonly path: string;
  /** Where `build` puts the text, as steps; for a name, the object that has it. */
  readonly at: readonly string[];
  /** The smallest value of the whole type that has this text here. */
  readonly build: (text: string) => unknown;
}

interface Walk {
  readonly checker: ts.TypeChecker;
  readonly found: Map<string, Position>;
  /** Names of types that are walked once, where they occur first: every event of a stream repeats the response. */
  readonly once: Set<string>;
}

interface Here {
  readonly path: string;
  readonly at: readonly string[];
  readonly wrap: (value: unknown) => unknown;
  readonly above: readonly ts.Type[];
}

/** As `roots.ts` calls it. */
const ROOTS: keyof { readonly Roots: Roots } = 'Roots';
const DISCRIMINATORS = ['role', 'type', 'mode', 'syntax', 'object'];
const SCHEMA_NAMES = new Set(['parameters', 'input_schema', 'output_schema', 'schema']);

/** Reads the declarations that `roots.ts` names; slow (seconds), so a test file does it once. */
export function openRoots(): (
  surface: string,
  side: string,
  options?: { readonly once?: readonly string[] },
) => readonly Position[] {
  const file = path.resolve('test/matrix/roots.ts');
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const symbol = source && checker.getSymbolAtLocation(source);
  const roots = symbol && checker.getExportsOfModule(symbol).find(({ name }) => name === ROOTS);
  if (roots === undefined) throw new Error('roots.ts does not export Roots');
  const member = (type: ts.Type, name: string): ts.Type => {
    const property = type.getProperty(name);
    if (property === undefined) throw new Error(`roots.ts has no ${name}`);
    return checker.getTypeOfSymbol(property);
  };
  return (surface, side, { once = [] } = {}) => {
    const type = member(member(checker.getDeclaredTypeOfSymbol(roots), surface), side);
    const walk: Walk = { checker, found: new Map(), once: new Set(once) };
    visit(walk, type, {
      path: '',
      at: [],
      wrap: side === 'request' ? withModel : (value) => value,
      above: [],
    });
    if (walk.found.size === 0) throw new Error(`no text in ${surface} ${side}: the types were not found`);
    return [...walk.found.values()];
  };
}

/** Some declare it optional; every request of ours has one. */
function withModel(value: unknown): unknown {
  return { model: 'demo', ...(value as object) };
}

function visit(walk: Walk, type: ts.Type, here: Here): void {
  const parts = (type.isUnion() ? type.types : [type]).filter(
    (part) => (part.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) === 0,
  );
  if (parts.some(isFreeString)) add(walk, here, '', (text) => text);
  if (parts.some(isUnknown)) addFree(walk, here);
  const objects = parts.filter((part) => (part.flags & ts.TypeFlags.Object) !== 0);
  const lists = objects.filter((part) => isList(walk.checker, part));
  const records = objects.filter((part) => !lists.includes(part));
  for (const list of lists) {
    for (const element of walk.checker.getTypeArguments(list as ts.TypeReference)) {
      visit(walk, element, {
        ...here,
        path: `${here.path}/*`,
        at: [...here.at, '0'],
        wrap: (value) => here.wrap([value]),
      });
    }
  }
  for (const record of records) {
    const label = records.length > 1 ? labelOf(walk.checker, record) : '';
    visitObject(walk, record, { ...here, path: here.path + label });
  }
}

function visitObject(walk: Walk, type: ts.Type, here: Here): void {
  const { checker } = walk;
  if (here.above.includes(type)) return;
  const name = type.symbol.name;
  if (walk.once.delete(name)) walk.once.add(`${name} seen`);
  else if (walk.once.has(`${name} seen`)) return;
  const above = [...here.above, type];
  const least = (): Record<string, unknown> => leastValue(checker, type) as Record<string, unknown>;
  for (const property of checker.getPropertiesOfType(type)) {
    const key = property.name;
    visit(walk, checker.getTypeOfSymbol(property), {
      path: `${here.path}/${key}`,
      at: [...here.at, key],
      wrap: (value) => here.wrap({ ...least(), [key]: value }),
      above,
    });
  }
  const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
  if (index === undefined) return;
  add(walk, here, '{key}', (text) => ({ ...least(), [text]: leastValue(checker, index.type) }));
  if (SCHEMA_NAMES.has(here.at.at(-1) ?? '')) addSchema(walk, here, least);
  else {
    visit(walk, index.type, {
      path: `${here.path}{}`,
      at: [...here.at, 'named'],
      wrap: (value) => here.wrap({ ...least(), named: value }),
      above,
    });
  }
}

function add(walk: Walk, here: Here, suffix: string, value: (text: string) => unknown): void {
  const where = here.path + suffix;
  if (walk.found.has(where)) return;
  walk.found.set(where, { path: where, at: here.at, build: (text) => here.wrap(value(text)) });
}

/** Any JSON: a string, one further down, and a name. */
function addFree(walk: Walk, here: Here): void {
  if (SCHEMA_NAMES.has(here.at.at(-1) ?? '')) {
    addSchema(walk, here, () => ({}));
    return;
  }
  add(walk, here, '~', (text) => text);
  add(walk, here, '~/deep/*', (text) => ({ deep: [text] }));
  add(walk, here, '~{key}', (text) => ({ [text]: 1 }));
}

function addSchema(walk: Walk, here: Here, least: () => Record<string, unknown>): void {
  for (const [suffix, value] of SCHEMA_PLACES) {
    add(walk, here, `$${suffix}`, (text) => ({ ...least(), ...value(text) }));
  }
}

function isFreeString(type: ts.Type): boolean {
  if ((type.flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral)) !== 0) return true;
  return type.isIntersection() && type.types.some(isFreeString);
}

function isUnknown(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any | ts.TypeFlags.NonPrimitive)) !== 0;
}

function isList(checker: ts.TypeChecker, type: ts.Type): boolean {
  return checker.isArrayType(type) || checker.isTupleType(type);
}

/** Which of several objects this is: what its `role` and `type` say, or else what it is called. */
function labelOf(checker: ts.TypeChecker, type: ts.Type): string {
  const says = DISCRIMINATORS.flatMap((name) => {
    const property = type.getProperty(name);
    if (property === undefined) return [];
    const value = checker.getTypeOfSymbol(property);
    const literals = (value.isUnion() ? value.types : [value]).filter((part) => part.isStringLiteral());
    // The compiler keeps a union in the order in which it came by its parts.
    const sorted = literals.map((part) => part.value).sort();
    return literals.length === 0 ? [] : [`${name}=${sorted.join('|')}`];
  });
  return `[${says.length > 0 ? says.join(' ') : type.symbol.name}]`;
}
