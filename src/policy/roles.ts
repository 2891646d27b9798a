import { type Role } from './schema.ts';
import { type Report } from './problem.ts';
import { didYouMean } from './suggest.ts';

/** Far beyond any organisation chart; a deeper chain is refused loudly (casbin's own role manager stops at 10 in silence). */
export const MAX_ROLE_DEPTH = 32;

const MAX_ROLES = 1000;
/** Holders of all roles together: layers of roles that each inherit from all of the next multiply without a bound. */
const MAX_HOLDERS = 250_000;
const ROLE = 'role:';

type Roles = Readonly<Record<string, Role>>;

/** Refuses undeclared parents, cycles, chains deeper than MAX_ROLE_DEPTH and more than MAX_ROLES roles. */
export function checkRoles(roles: Roles, report: Report): void {
  if (Object.keys(roles).length > MAX_ROLES) {
    report({ path: ['roles'], message: `at most ${MAX_ROLES} roles` });
    return;
  }
  const links = parentLinks(roles);
  const depths = new Map<string, number>();
  const open = new Set<string>();
  const depthOf = (role: string): number => {
    const known = open.has(role) ? Number.POSITIVE_INFINITY : depths.get(role);
    if (known !== undefined) return known;
    open.add(role);
    const depth = 1 + Math.max(0, ...(links.get(role) ?? []).map(depthOf));
    open.delete(role);
    depths.set(role, depth);
    return depth;
  };
  let deep = false;
  for (const [role, { inherits }] of Object.entries(roles)) {
    for (const [index, parent] of inherits.entries()) {
      if (!Object.hasOwn(roles, parent)) {
        report({
          path: ['roles', role, 'inherits', index],
          message: `this role is not declared; add it under roles${didYouMean(parent, Object.keys(roles))}`,
        });
      }
    }
    const depth = depthOf(role);
    deep ||= depth > MAX_ROLE_DEPTH;
    if (depth === Number.POSITIVE_INFINITY) {
      report({
        path: ['roles', role],
        message: 'this role is in a circle of inheritance or leads to one; cut a link',
      });
    } else if (depth > MAX_ROLE_DEPTH) {
      report({
        path: ['roles', role],
        message: `roles may inherit at most ${MAX_ROLE_DEPTH} deep; flatten this chain`,
      });
    }
  }
  if (!deep && holdersOf(roles) === undefined) {
    const message = `the roles of a set have at most ${MAX_HOLDERS} holders, inherited ones counted each time`;
    report({ path: ['roles'], at: 'key', message });
  }
}

/**
 * For each role every selector that holds it: itself, its members, and the same of every role below it. Computed
 * once, so that a decision looks up what it needs and no depth limit can apply. `roles` must have passed checkRoles.
 */
export function roleHolders(roles: Roles): ReadonlyMap<string, ReadonlySet<string>> {
  const holders = holdersOf(roles);
  if (holders === undefined) throw new RangeError('the roles of the set have too many holders');
  return holders;
}

/** Undefined when there are more of them than MAX_HOLDERS. */
function holdersOf(roles: Roles): ReadonlyMap<string, ReadonlySet<string>> | undefined {
  const heirs = new Map<string, string[]>();
  for (const [role, parents] of parentLinks(roles)) {
    for (const parent of parents) append(heirs, parent, role);
  }
  const holders = new Map<string, ReadonlySet<string>>();
  let count = 0;
  const collect = (role: string): ReadonlySet<string> => {
    const known = holders.get(role);
    if (known !== undefined) return known;
    const all = new Set([
      `role:${role}`,
      ...(Object.hasOwn(roles, role) ? (roles[role]?.members ?? []) : []),
    ]);
    for (const heir of heirs.get(role) ?? []) {
      for (const holder of collect(heir)) all.add(holder);
      if (count + all.size > MAX_HOLDERS) break;
    }
    count += all.size;
    holders.set(role, all);
    return all;
  };
  for (const role of Object.keys(roles)) {
    collect(role);
    if (count > MAX_HOLDERS) return undefined;
  }
  return holders;
}

/** Selectors with each role spelt out as everyone who holds it. */
export function expandSelectors(
  selectors: readonly string[],
  holders: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const expanded = new Set<string>();
  for (const selector of selectors) {
    expanded.add(selector);
    if (!selector.startsWith(ROLE)) continue;
    for (const holder of holders.get(selector.slice(ROLE.length)) ?? []) expanded.add(holder);
  }
  return expanded;
}

/** Role → the roles it holds as well: those it inherits and those that name it as a member. */
function parentLinks(roles: Roles): ReadonlyMap<string, readonly string[]> {
  const links = new Map<string, string[]>();
  for (const [role, { inherits, members }] of Object.entries(roles)) {
    for (const parent of inherits) append(links, role, parent);
    for (const member of members) {
      if (member.startsWith(ROLE)) append(links, member.slice(ROLE.length), role);
    }
  }
  return links;
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
