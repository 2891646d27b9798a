import { type ObjectShape, type Shape, type StringRule, type TaggedShape } from '../../dialects/shape.ts';
import { type Json, type JsonObject } from '../../domain/json.ts';

/** JSON Schemas of dialects' shapes, with those that occur again (or in themselves) kept by name. */
export interface ShapeSchemas {
  /** `name`: for what has none of its own. */
  schemaOf(shape: Shape, name: string): JsonObject;
  /** Name → schema, of everything that `schemaOf` has referred to so far. */
  readonly named: Readonly<Record<string, JsonObject>>;
}

type Writable = Record<string, Json>;

/**
 * What a shape table says, as JSON Schema. `x-cordon` tells of each string and number what is done with it: `text` is
 * scanned and rewritten, `identifier` is replaced whole, `fixed` is scanned and cannot change, `structure` is part of
 * the format, `opaque` is refused because it cannot be read.
 */
export function createShapeSchemas(): ShapeSchemas {
  const named: Record<string, JsonObject> = {};
  const names = new Map<Shape, string>();

  function schemaOf(shape: Shape, name: string, again: ReadonlySet<Shape>): JsonObject {
    const known = names.get(shape);
    if (known !== undefined) return reference(known);
    if (!again.has(shape)) return alternatives(shape, name, again);
    const own = freeName(name, named);
    names.set(shape, own);
    named[own] = {};
    named[own] = alternatives(shape, name, again);
    return reference(own);
  }

  function alternatives(shape: Shape, name: string, again: ReadonlySet<Shape>): JsonObject {
    const { string, number, boolean, array, object } = shape;
    const kinds: JsonObject[] = [
      ...(string === undefined ? [] : [stringSchema(string)]),
      ...(number === undefined ? [] : [{ type: 'number', 'x-cordon': number }]),
      ...(boolean === undefined ? [] : [{ type: 'boolean' }]),
      ...(array === undefined ? [] : [{ type: 'array', items: schemaOf(array, `${name}Item`, again) }]),
      ...(object === undefined ? [] : objectSchemas(object, name, again)),
      ...(shape.null === undefined ? [] : [{ type: 'null' }]),
    ];
    if (kinds.length === 0) return { not: {} };
    const [only] = kinds;
    return kinds.length === 1 && only !== undefined ? only : { anyOf: kinds };
  }

  function objectSchemas(
    rule: ObjectShape | TaggedShape,
    name: string,
    again: ReadonlySet<Shape>,
  ): readonly JsonObject[] {
    if (!('tag' in rule)) return [objectSchema(rule, name, again)];
    const kinds = [...rule.kinds].flatMap(([kind, shape]) =>
      'tag' in shape
        ? objectSchemas(shape, `${name}${pascal(kind)}`, again)
        : [objectSchema(shape, `${name}${pascal(kind)}`, again, rule.tag)],
    );
    return rule.untagged === undefined ? kinds : [...kinds, objectSchema(rule.untagged, name, again)];
  }

  function objectSchema(
    { keys, rest, required = [] }: ObjectShape,
    name: string,
    again: ReadonlySet<Shape>,
    tag?: string,
  ): JsonObject {
    const properties: Writable = {};
    for (const [key, shape] of keys) properties[key] = schemaOf(shape, `${name}${pascal(key)}`, again);
    const needed = tag === undefined ? required : [...new Set([tag, ...required])];
    return {
      type: 'object',
      ...(keys.size === 0 ? {} : { properties }),
      ...(needed.length === 0 ? {} : { required: needed }),
      additionalProperties: rest === undefined ? false : schemaOf(rest.value, `${name}Value`, again),
    };
  }

  return {
    named,
    schemaOf: (shape, name) => schemaOf(shape, name, recurring(shape)),
  };
}

function reference(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

const DONE_WITH: Readonly<Record<Extract<StringRule, string>, string>> = {
  text: 'text',
  prose: 'text',
  json: 'text',
  identifier: 'identifier',
  fixed: 'fixed',
  opaque: 'opaque',
  attachment: 'opaque',
  file: 'text',
};

function stringSchema(rule: StringRule): JsonObject {
  if (typeof rule === 'string') return { type: 'string', 'x-cordon': DONE_WITH[rule] };
  const { values, pattern, otherwise } = rule;
  return {
    type: 'string',
    'x-cordon': 'structure',
    // What is not among them is looked at instead of refused.
    ...(values === undefined || otherwise !== 'refuse' ? {} : { enum: values }),
    ...(pattern === undefined || otherwise !== 'refuse' ? {} : { pattern }),
  };
}

/** Shapes with members that are met more than once on the way through `shape`. */
function recurring(shape: Shape): ReadonlySet<Shape> {
  const met = new Set<Shape>();
  const again = new Set<Shape>();
  const walk = (at: Shape): void => {
    if (at.array === undefined && at.object === undefined) return;
    if (met.has(at)) {
      again.add(at);
      return;
    }
    met.add(at);
    if (at.array !== undefined) walk(at.array);
    if (at.object !== undefined) for (const member of membersOf(at.object)) walk(member);
  };
  walk(shape);
  return again;
}

function membersOf(rule: ObjectShape | TaggedShape): readonly Shape[] {
  if (!('tag' in rule)) {
    const { keys, rest } = rule;
    return [...keys.values(), ...(rest === undefined ? [] : [rest.value])];
  }
  const kinds = [...rule.kinds.values(), ...(rule.untagged === undefined ? [] : [rule.untagged])];
  return kinds.flatMap(membersOf);
}

function pascal(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}

function freeName(name: string, taken: Readonly<Record<string, unknown>>): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}${n}`;
    if (!Object.hasOwn(taken, candidate)) return candidate;
  }
}
