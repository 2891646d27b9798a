import { type TextSlot } from '../domain/call.ts';
import { type Form, formatForm, patternForm } from './declared-forms.ts';

/** What the schema of a tool declares of one of its arguments. */
export interface Arguments {
  readonly forms: readonly Form[];
  /** The texts of each `enum` or `const`, as they came and as they leave. */
  readonly choices: readonly { readonly declared: ReadonlySet<string>; readonly sent: ReadonlySet<string> }[];
}

/** Arguments as JSON in a string, and as JSON of their own; the tool's name stands beside them. */
const ARGUMENT = /^(.*)\/(?:arguments#|input)(\/.*)$/s;
const TOOL_NAME = /^(\/(?:tools|functions)\/\d+(?:\/function|\/custom)?)\/name$/;
/** Schemas that may hold for one place: more than a reader would follow either. */
const MAX_NODES = 64;
const MAX_STEPS = 64;
const MAX_CHOICES = 1000;

/** The schemas of the tools that a request declares, read from its slots: no second pass over its JSON. */
export class ToolSchemas {
  readonly #texts: readonly string[];
  readonly #slots: readonly TextSlot[];
  /** Pointer of a declared string → its slot. */
  readonly #places = new Map<string, number>();
  /** Every pointer that leads to a string. */
  readonly #known = new Set<string>();
  readonly #names = new Map<string, string>();
  readonly #roots = new Map<string, readonly string[]>();

  constructor(slots: readonly TextSlot[], texts: readonly string[]) {
    this.#slots = slots;
    this.#texts = texts;
    for (const [i, { pointer, text }] of slots.entries()) {
      if (pointer.endsWith('/name')) this.#names.set(pointer, text);
      if (!pointer.startsWith('/tools/') && !pointer.startsWith('/functions/')) continue;
      this.#places.set(pointer, i);
      for (let end = pointer.length; end > 0; end = pointer.lastIndexOf('/', end - 1)) {
        const above = pointer.slice(0, end);
        if (this.#known.has(above)) break;
        this.#known.add(above);
      }
      const tool = TOOL_NAME.exec(pointer)?.[1];
      if (tool !== undefined) {
        this.#roots.set(text, [
          ...(this.#roots.get(text) ?? []),
          `${tool}/parameters`,
          `${tool}/input_schema`,
        ]);
      }
    }
  }

  /** Undefined where no argument of a declared tool stands. */
  argumentAt(pointer: string): Arguments | undefined {
    const [, call, path = ''] = ARGUMENT.exec(pointer) ?? [];
    const name = call === undefined ? undefined : this.#names.get(`${call}/name`);
    const steps = path.split('/').slice(1);
    if (name === undefined || steps.length > MAX_STEPS) return undefined;
    const nodes = (this.#roots.get(name) ?? []).flatMap((root) =>
      steps.reduce<readonly string[]>(
        (at, step) => this.#expanded(root, this.#below(at, step)),
        this.#expanded(root, [root]),
      ),
    );
    return nodes.length === 0 ? undefined : this.#declaredAt(nodes);
  }

  #declaredAt(nodes: readonly string[]): Arguments {
    const forms: Form[] = [];
    const choices: Arguments['choices'][number][] = [];
    for (const node of nodes) {
      const format = this.#text(`${node}/format`);
      const pattern = this.#text(`${node}/pattern`);
      const form = format === undefined ? undefined : formatForm(format);
      if (form !== undefined) forms.push(form);
      if (pattern !== undefined) forms.push(patternForm(pattern));
      const listed = this.#choices(node);
      if (listed.length === 0) continue;
      choices.push({
        declared: new Set(listed.map((i) => this.#slots[i]?.text ?? '')),
        sent: new Set(listed.map((i) => this.#texts[i] ?? '')),
      });
    }
    return { forms, choices };
  }

  #choices(node: string): readonly number[] {
    const found: number[] = [];
    const constant = this.#places.get(`${node}/const`);
    if (constant !== undefined) found.push(constant);
    if (!this.#known.has(`${node}/enum`)) return found;
    for (let i = 0; i < MAX_CHOICES; i++) {
      const place = this.#places.get(`${node}/enum/${i}`);
      if (place !== undefined) found.push(place);
    }
    return found;
  }

  #text(pointer: string): string | undefined {
    const place = this.#places.get(pointer);
    return place === undefined ? undefined : this.#slots[place]?.text;
  }

  #below(nodes: readonly string[], step: string): readonly string[] {
    return nodes.flatMap((node) => {
      const own = `${node}/properties/${step}`;
      if (this.#known.has(own)) return [own];
      return [`${node}/items`, `${node}/prefixItems/${step}`, `${node}/additionalProperties`].filter(
        (below) => this.#known.has(below) && (/^\d+$/.test(step) || below.endsWith('Properties')),
      );
    });
  }

  /** The nodes with all that they are made of: alternatives, and what they refer to. */
  #expanded(root: string, nodes: readonly string[]): readonly string[] {
    const all = new Set(nodes.filter((node) => this.#known.has(node)));
    for (const node of all) {
      if (all.size >= MAX_NODES) break;
      const reference = this.#text(`${node}/$ref`);
      if (reference?.startsWith('#') === true) all.add(root + reference.slice(1));
      for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
        if (!this.#known.has(`${node}/${keyword}`)) continue;
        // An alternative that says nothing in strings, such as null, is not among the known ones.
        for (let i = 0; i < MAX_NODES; i++) {
          const alternative = `${node}/${keyword}/${i}`;
          if (this.#known.has(alternative)) all.add(alternative);
        }
      }
    }
    return [...all];
  }
}
