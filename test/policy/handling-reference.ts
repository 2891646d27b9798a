import { type AdmitInput } from '../../src/domain/policy.ts';
import { HANDLINGS } from '../../src/domain/handling.ts';

export interface ReferenceHandling {
  readonly id: string;
  readonly entities: readonly string[];
  readonly handling: string;
  readonly subjects?: readonly string[];
  readonly operations?: readonly string[];
  readonly destinations?: {
    readonly trust?: string;
    readonly region?: readonly string[];
    readonly runner?: readonly string[];
  };
}

/**
 * The rules of handling.ts's comment, one after the other, over the set as written. `held`: the caller's selectors with
 * roles followed; `family` of the entity. Returns the rule's id, undefined when none applies.
 */
export function handle(
  rules: readonly ReferenceHandling[],
  input: AdmitInput,
  held: ReadonlySet<string>,
  entity: string,
  family: string | undefined,
): string | undefined {
  const { runner, trust, region } = input.destination;
  const fits = (patterns: readonly string[], text: string): boolean =>
    patterns.some(
      (pattern) =>
        pattern === '*' ||
        pattern === text ||
        (pattern.endsWith('*') && text.startsWith(pattern.slice(0, -1))),
    );
  const applies = ({ subjects, operations, destinations = {}, handling }: ReferenceHandling): boolean =>
    (subjects?.some((subject) => held.has(subject)) ?? true) &&
    (operations?.some((one) => one === '*' || one === input.operation) ?? true) &&
    (destinations.trust ?? trust) === trust &&
    fits(destinations.runner ?? ['*'], runner) &&
    (destinations.region === undefined ||
      (region === 'unknown' ? handling === 'block' : fits(destinations.region, region)));
  const some = (list: readonly string[] | undefined, all = '*'): boolean =>
    list !== undefined && !list.includes(all);
  const close = ({
    subjects,
    operations,
    destinations: { trust: kind, region: place, runner: at } = {},
  }: ReferenceHandling): number =>
    (some(subjects, 'any') ? 100 : 0) +
    (some(operations) ? 10 : 0) +
    (some(at) ? 2 : kind !== undefined || some(place) ? 1 : 0);
  for (const target of [entity, family, '*']) {
    const left = rules.filter(
      (rule) => target !== undefined && rule.entities.includes(target) && applies(rule),
    );
    const strictness = ({ handling }: ReferenceHandling): number =>
      HANDLINGS.findIndex((one) => one === handling);
    const block = left.find(({ handling }) => handling === 'block');
    if (block !== undefined) return block.id;
    const closest = left.filter((rule) => left.every((other) => close(other) <= close(rule)));
    const [first] = closest.filter((rule) => closest.every((other) => strictness(other) <= strictness(rule)));
    if (first !== undefined) return first.id;
  }
  return undefined;
}
