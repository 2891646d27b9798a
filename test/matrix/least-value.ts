import ts from 'typescript';

/** Looks like what the vendors sign or encrypt. */
export const SEAL = 'EqQBCgIYAhIkMGFmOGQ3ZWUtNmI5ZC00ZTJlLWI1'.repeat(3);
/** A container that the caller was given by an answer. */
export const OWN_CONTAINER = 'cntr_own';
const NEIGHBOURS: Readonly<Record<string, string>> = {
  model: 'demo',
  encrypted_content: SEAL,
  encrypted_index: SEAL,
  encrypted_stdout: SEAL,
  signature: SEAL,
  url: 'https://example.com/a',
  path: 'a.txt',
  // The product of these tests was given it before.
  container_id: OWN_CONTAINER,
  // A word that nobody has to wait for: beside a delta that is held back, log probabilities are left out.
  delta: 'so ',
  tool_type: 'x1',
};

/** The smallest value that a type has: required members only, no elements, the first of several literals. */
export function leastValue(checker: ts.TypeChecker, type: ts.Type, name = ''): unknown {
  const parts = type.isUnion() ? type.types : [type];
  // The compiler's own order of a union depends on what it read before.
  const literals = parts.flatMap((part) => (part.isStringLiteral() ? [part.value] : [])).sort();
  if (literals[0] !== undefined) return literals[0];
  for (const part of parts) if (part.isNumberLiteral()) return part.value;
  const has = (flag: ts.TypeFlags): boolean => parts.some((part) => (part.flags & flag) !== 0);
  if (has(ts.TypeFlags.BooleanLike)) return parts.some((part) => checker.typeToString(part) === 'true');
  if (has(ts.TypeFlags.String) || parts.some((part) => part.isIntersection())) {
    return NEIGHBOURS[name] ?? 'x1';
  }
  if (has(ts.TypeFlags.Number)) return 1;
  if (parts.some((part) => checker.isArrayType(part) || checker.isTupleType(part))) return [];
  const objects = parts.filter((part) => (part.flags & ts.TypeFlags.Object) !== 0);
  // A text rather than a file, which would be refused for itself.
  const object = objects.find((part) => isText(checker, part)) ?? objects[0];
  if (object === undefined) return has(ts.TypeFlags.Null) ? null : {};
  const required = checker
    .getPropertiesOfType(object)
    .filter((property) => (property.flags & ts.SymbolFlags.Optional) === 0);
  // Thinking that is not sealed is looked up by its id.
  const sealed = object.getProperty('encrypted_content') === undefined ? {} : { encrypted_content: SEAL };
  const members = Object.fromEntries(
    required.map((property) => [
      property.name,
      leastValue(checker, checker.getTypeOfSymbol(property), property.name),
    ]),
  );
  return { ...sealed, ...members };
}

function isText(checker: ts.TypeChecker, type: ts.Type): boolean {
  const says = type.getProperty('type');
  const value = says && checker.getTypeOfSymbol(says);
  return value?.isStringLiteral() === true && value.value === 'text';
}
