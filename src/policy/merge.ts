import { type Member } from './include.ts';
import { type Finding, type Locate, type Path, type PolicyProblem } from './problem.ts';
import { type PolicySet, type Purpose, type Role } from './schema.ts';
import { didYouMean } from './suggest.ts';

const SECTIONS = ['rules', 'handling', 'output'] as const;
type Section = (typeof SECTIONS)[number];

/** Where an entry of the merged set was written. */
interface Origin {
  readonly member: Member;
  /** Its place in the section of that file. */
  readonly index: number;
}

export interface Merged {
  readonly set: PolicySet;
  /** For findings whose paths are those of the merged set. */
  readonly locate: Locate;
  readonly problems: readonly PolicyProblem[];
}

/**
 * One set of all its files: the set's own entries first, then those of its includes in order, so that of two rules that
 * say the same the set's own is the one that is named. Nothing is replaced or left out in silence: two entries of one id
 * are a problem unless the outer one says `override`, or `disable` leaves the inner one out.
 */
export function mergeMembers(members: readonly [Member, ...Member[]]): Merged {
  const [root] = members;
  const problems: PolicyProblem[] = [];
  const disabled = disabledIds(members, problems);
  const origins: Record<Section, Origin[]> = { rules: [], handling: [], output: [] };
  for (const section of SECTIONS) {
    origins[section] = mergeSection(section, members, disabled, problems);
  }
  const roles = mergeNamed('roles', members, isUsed, problems);
  const purposes = mergeNamed('purposes', members, () => true, problems);
  const { version, kind, name, description, cases } = root.document;
  const set: PolicySet = {
    ...{ version, kind, name, description },
    purposes: purposes.values,
    roles: roles.values,
    rules: origins.rules.map(({ member, index }) => plain(member.document.rules[index])),
    handling: origins.handling.map(({ member, index }) => plain(member.document.handling[index])),
    output: origins.output.map(({ member, index }) => plain(member.document.output[index])),
    cases,
  };
  const locate: Locate = (finding) => {
    const [section, index, ...rest] = finding.path;
    if (isSection(section) && typeof index === 'number') {
      const origin = origins[section][index];
      if (origin !== undefined) return move(origin.member, finding, [section, origin.index, ...rest]);
    }
    if ((section === 'roles' || section === 'purposes') && typeof index === 'string') {
      const member = (section === 'roles' ? roles : purposes).members.get(index);
      if (member !== undefined) return member.locate(finding);
    }
    return root.locate(finding);
  };
  return { set, locate, problems };
}

function mergeSection(
  section: Section,
  members: readonly Member[],
  disabled: ReadonlyMap<string, readonly Member[]>,
  problems: PolicyProblem[],
): Origin[] {
  const origins: Origin[] = [];
  const taken = new Map<string, Origin>();
  for (const member of members) {
    for (const [index, { id }] of member.document[section].entries()) {
      if (disabled.get(id)?.some((by) => covers(by, member)) === true) continue;
      const outer = taken.get(id);
      // Within one file, check.ts says that ids are single.
      if (outer !== undefined && outer.member !== member) {
        const included = covers(outer.member, member);
        if (included && outer.member.document[section][outer.index]?.override === true) continue;
        problems.push(
          included
            ? outer.member.locate({ path: [section, outer.index, 'id'], message: TAKEN_INSIDE })
            : member.locate({ path: [section, index, 'id'], message: TAKEN_BESIDE }),
        );
        continue;
      }
      if (outer === undefined) taken.set(id, { member, index });
      origins.push({ member, index });
    }
  }
  checkOverrides(section, members, problems);
  return origins;
}

const TAKEN_INSIDE = 'an included rule has this id; write override: true to replace it, or disable it';
const TAKEN_BESIDE =
  'a rule of another file of the set has this id; disable one of them where both are included';

function checkOverrides(section: Section, members: readonly Member[], problems: PolicyProblem[]): void {
  for (const member of members) {
    for (const [index, { id, override }] of member.document[section].entries()) {
      if (override !== true) continue;
      const ids = idsInside(member, members, [section]);
      if (ids.has(id)) continue;
      const message = `override replaces an included rule, and none of this section has this id${didYouMean(id, ids)}`;
      problems.push(member.locate({ path: [section, index, 'override'], at: 'key', message }));
    }
  }
}

/** Id → the files that leave it out. Only what a file includes can be left out by it. */
function disabledIds(
  members: readonly Member[],
  problems: PolicyProblem[],
): ReadonlyMap<string, readonly Member[]> {
  const disabled = new Map<string, Member[]>();
  for (const member of members) {
    const ids = idsInside(member, members, SECTIONS);
    for (const [index, id] of member.document.disable.entries()) {
      if (ids.has(id)) disabled.set(id, [...(disabled.get(id) ?? []), member]);
      else {
        const message = `no included rule has this id${didYouMean(id, ids)}`;
        problems.push(member.locate({ path: ['disable', index], message }));
      }
    }
  }
  return disabled;
}

function idsInside(
  outer: Member,
  members: readonly Member[],
  sections: readonly Section[],
): ReadonlySet<string> {
  const inside = members.filter((member) => covers(outer, member));
  return new Set(
    inside.flatMap(({ document }) => sections.flatMap((section) => document[section].map(({ id }) => id))),
  );
}

function covers(outer: Member, inner: Member): boolean {
  return inner.key !== undefined && outer.inner.has(inner.key);
}

interface Named<Value> {
  readonly values: Readonly<Record<string, Value>>;
  readonly members: ReadonlyMap<string, Member>;
}

/** A role that says nothing (`NAME: {}`) only declares that it is used, in as many files as like; else once. */
function mergeNamed<Kind extends 'roles' | 'purposes'>(
  kind: Kind,
  members: readonly Member[],
  counts: (value: Role | Purpose) => boolean,
  problems: PolicyProblem[],
): Named<Member['document'][Kind][string]> {
  const values = new Map<string, Member['document'][Kind][string]>();
  const homes = new Map<string, Member>();
  for (const member of members) {
    // A pack cannot know what its users are about.
    if (kind === 'purposes' && member.key !== undefined && member.document.kind === 'pack') continue;
    const entries = Object.entries(member.document[kind]) as [string, Member['document'][Kind][string]][];
    for (const [name, value] of entries) {
      const known = values.get(name);
      if (known !== undefined && counts(known) && counts(value)) {
        const message = 'this is said in another file of the set as well; keep one of them';
        problems.push(member.locate({ path: [kind, name], at: 'key', message }));
      }
      if (known !== undefined && (counts(known) || !counts(value))) continue;
      values.set(name, value);
      homes.set(name, member);
    }
  }
  return { values: Object.fromEntries(values), members: homes };
}

function isUsed(role: Role | Purpose): boolean {
  return 'members' in role && (role.members.length > 0 || role.inherits.length > 0);
}

/** How an entry came to be here is no part of what it says, nor of the set's hash. */
function plain<Entry extends { readonly override?: true | undefined }>(entry: Entry | undefined): Entry {
  if (entry === undefined) throw new TypeError('a merged entry has no origin');
  return Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'override')) as Entry;
}

function move(member: Member, finding: Finding, path: Path): PolicyProblem {
  return member.locate({ ...finding, path });
}

function isSection(part: unknown): part is Section {
  return SECTIONS.some((section) => section === part);
}
