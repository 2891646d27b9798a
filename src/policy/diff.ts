import { type PolicySet } from './schema.ts';

/** One thing that a set says differently from another. */
export interface PolicyChange {
  /** `rules`, `handling`, `roles`, `cases` … */
  readonly section: string;
  readonly id: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Of what changed: the part, and how it reads before and after. `(nothing)`: it was or is not there. */
  readonly parts: readonly { readonly name: string; readonly before: string; readonly after: string }[];
}

/** By rule, handling, role and case, in the order of the new set; what only moved is no change, for order says nothing. */
export function diffSets(before: PolicySet, after: PolicySet): readonly PolicyChange[] {
  const [old, now]: readonly Readonly<Record<string, unknown>>[] = [{ ...before }, { ...after }];
  const names = new Set([...Object.keys(now ?? {}), ...Object.keys(old ?? {})]);
  return [...names].flatMap((section) => diffSection(section, old?.[section], now?.[section]));
}

/** `+ deny-night: …`, one line a change and one for each part of it. */
export function formatChanges(changes: readonly PolicyChange[]): readonly string[] {
  const lines: string[] = [];
  let section = '';
  for (const change of changes) {
    if (change.section !== section) lines.push(change.section);
    section = change.section;
    const sign = { added: '+', removed: '-', changed: '~' }[change.kind];
    lines.push(change.id === '' ? `  ${sign}` : `  ${sign} ${change.id}`);
    for (const { name, before, after } of change.parts) {
      const told =
        change.kind === 'changed' ? `${before} → ${after}` : change.kind === 'added' ? after : before;
      lines.push(`      ${name === '' ? '' : `${name}: `}${told}`);
    }
  }
  return lines;
}

const NOTHING = '(nothing)';
/** What a section's entries are called by. */
const NAMED_BY = ['id', 'name'] as const;

function diffSection(section: string, before: unknown, after: unknown): readonly PolicyChange[] {
  const [old, now] = [entriesOf(before), entriesOf(after)];
  if (old === undefined || now === undefined) {
    const parts = [{ name: '', before: show(before), after: show(after) }];
    return same(before, after) ? [] : [{ section, id: '', kind: 'changed', parts }];
  }
  const ids = new Set([...now.keys(), ...old.keys()]);
  return [...ids].flatMap((id) => diffEntry(section, id, old.get(id), now.get(id)));
}

function diffEntry(section: string, id: string, before: unknown, after: unknown): readonly PolicyChange[] {
  if (same(before, after)) return [];
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return [{ section, id, kind, parts: partsOf('', before ?? {}, after ?? {}, kind === 'changed') }];
}

/** What differs in an entry; within what changed, down to the member that did. */
function partsOf(prefix: string, before: unknown, after: unknown, deep: boolean): PolicyChange['parts'] {
  const [old, now] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
  const names = [...new Set([...Object.keys(now), ...Object.keys(old)])].filter(
    (name) => (prefix !== '' || !NAMED_BY.some((by) => by === name)) && !same(old[name], now[name]),
  );
  return names.flatMap((name) => {
    const [was, is] = [old[name], now[name]];
    if (deep && isRecord(was) && isRecord(is)) return partsOf(`${prefix}${name}.`, was, is, deep);
    const part = { name: `${prefix}${name}`, before: show(was), after: show(is) };
    return isEmpty(was) && isEmpty(is) ? [] : [part];
  });
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (isRecord(value) && Object.keys(value).length === 0);
}

/** Undefined for what has no entries: a text, a number. */
function entriesOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (value === undefined) return new Map();
  if (Array.isArray(value)) {
    return new Map(value.map((entry: unknown, index) => [idOf(entry) ?? String(index), entry]));
  }
  return isRecord(value) ? new Map(Object.entries(value)) : undefined;
}

function idOf(entry: unknown): string | undefined {
  if (!isRecord(entry)) return undefined;
  for (const by of NAMED_BY) {
    const id = entry[by];
    if (typeof id === 'string') return id;
  }
  return undefined;
}

/** As YAML would write it in one line, near enough to be read. */
function show(value: unknown): string {
  if (value === undefined) return NOTHING;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{ ${members.map(([name, member]) => `${name}: ${show(member)}`).join(', ')} }`;
}

function same(a: unknown, b: unknown): boolean {
  return a === undefined || b === undefined ? a === b : canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    isRecord(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
