import { JsonReader, type JsonReaderOptions } from '../dialects/json-source.ts';

/**
 * JSON as it was written: a value that is passed on keeps its digits, escapes and the order of its names, which
 * JSON.parse would not. `source` is the value's own text.
 */
export type Node =
  | { readonly kind: 'object'; readonly source: string; readonly members: ReadonlyMap<string, Node> }
  | { readonly kind: 'array'; readonly source: string; readonly items: readonly Node[] }
  | { readonly kind: 'string'; readonly source: string; readonly value: string }
  | { readonly kind: 'number'; readonly source: string }
  | { readonly kind: 'boolean'; readonly source: string; readonly value: boolean }
  | { readonly kind: 'null'; readonly source: string };

export type ObjectNode = Extract<Node, { readonly kind: 'object' }>;

/** JSON text, ready to stand inside other JSON text. */
export type Json = string;

/** Throws JsonSourceError on what is no JSON, on duplicate names, and beyond the limits. */
export function readTree(source: string, options: JsonReaderOptions): Node {
  const reader = new JsonReader(source, options);
  const node = read(reader);
  reader.end();
  return node;
}

function read(reader: JsonReader): Node {
  const kind = reader.kind();
  const start = reader.offset;
  const source = (): string => reader.source.slice(start, reader.offset);
  switch (kind) {
    case 'object': {
      const members = new Map<string, Node>();
      reader.object(({ value }) => members.set(value, read(reader)));
      return { kind, source: source(), members };
    }
    case 'array': {
      const items: Node[] = [];
      reader.array(() => items.push(read(reader)));
      return { kind, source: source(), items };
    }
    case 'string': {
      const { value } = reader.string();
      return { kind, source: source(), value };
    }
    case 'boolean': {
      const value = reader.boolean();
      return { kind, source: source(), value };
    }
    default:
      reader.skip();
      return { kind, source: source() };
  }
}

/** The member, unless it is missing or null: the two mean the same wherever we look. */
export function member(node: Node | undefined, name: string): Node | undefined {
  if (node?.kind !== 'object') return undefined;
  const found = node.members.get(name);
  return found?.kind === 'null' ? undefined : found;
}

export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'string' ? node.value : undefined;
}

/** A whole number from 0. */
export function countOf(node: Node | undefined): number | undefined {
  if (node?.kind !== 'number') return undefined;
  const value = Number(node.source);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** An object of the members that are given. */
export function object(members: Readonly<Record<string, Json | undefined>>): Json {
  const parts = Object.entries(members).flatMap(([name, json]) =>
    json === undefined ? [] : [`${JSON.stringify(name)}:${json}`],
  );
  return `{${parts.join(',')}}`;
}

export function array(items: readonly Json[]): Json {
  return `[${items.join(',')}]`;
}

export function string(value: string): Json {
  return JSON.stringify(value);
}
