import { LRUCache } from 'lru-cache';
import { type AdmitInput, type PolicySnapshot } from '../../domain/policy.ts';
import { buildPolicy } from '../build.ts';
import { type Vocabulary } from '../check.ts';
import { type PolicyProblem } from '../problem.ts';
import { type PolicySet } from '../schema.ts';
import { createSnapshot, type PolicyAlert } from '../snapshot.ts';
import { parseBundle, type PolicyBundle, sha256Hex } from './bundle.ts';
import { hashInForce, ruleOf, type StoredException } from './exception.ts';
import { type InForce, type PolicyFeed } from './ports.ts';

export interface VersionBuilder {
  /** Text → a set that passed its cases, or what is wrong with it. */
  build(bundle: PolicyBundle): Promise<BuiltVersion>;
  /** A version by itself, without what stands beside it; undefined when there is none of this hash. */
  versionOf(hash: string): Promise<PolicySnapshot | undefined>;
  /** A version that was in force; throws when its text is missing, is not what its hash says, or is refused. */
  setOf(hash: string): Promise<PolicySet>;
  /**
   * The snapshot of one number, now or years later, from the texts its hashes name. Throws when a text is missing, is
   * not what its hash says, or is refused: what cannot be proved is not enforced.
   */
  load(
    row: Pick<InForce, 'base' | 'hash' | 'sinceMs'> & { readonly number?: number },
  ): Promise<PolicySnapshot>;
}

export type BuiltVersion =
  | { readonly set: PolicySet; readonly snapshot: PolicySnapshot; readonly problems: readonly [] }
  | { readonly set: undefined; readonly snapshot: undefined; readonly problems: readonly PolicyProblem[] };

export interface VersionBuilderOptions {
  readonly feed: Pick<PolicyFeed, 'bundle' | 'exceptionsAt'>;
  readonly vocabulary: Vocabulary;
  readonly onAlert: (alert: PolicyAlert) => void;
  /** Keyed hash of a value, hex; as the digests of false positives were made. */
  readonly digest: ValueDigest;
}

export type ValueDigest = (tenant: string, entity: string, value: string) => string;

/** A rollback, or an exception that comes or goes, does not compile the version again. */
const BUILT_KEPT = 8;
/** How problems name the set's own file. */
const SOURCE = 'policy.yaml';

export function createVersionBuilder(options: VersionBuilderOptions): VersionBuilder {
  const { feed, vocabulary, onAlert, digest } = options;
  const sets = new LRUCache<string, PolicySet>({ max: BUILT_KEPT });

  const build = (bundle: PolicyBundle): Promise<BuiltVersion> => {
    const policy = { ...bundle, source: SOURCE };
    return buildPolicy(policy, vocabulary, onAlert);
  };

  const setOf = async (hash: string): Promise<PolicySet> => {
    const known = sets.get(hash);
    if (known !== undefined) return known;
    const text = await feed.bundle(hash);
    if (text === undefined) throw new RangeError('a version that is in force has no text');
    if (sha256Hex(text) !== hash) throw new RangeError('a version is not what its hash says');
    const { set } = await build(parseBundle(JSON.parse(text)));
    if (set === undefined) throw new RangeError('a version that is in force is refused by this process');
    sets.set(hash, set);
    return set;
  };

  return {
    build,
    async versionOf(hash) {
      const text = await feed.bundle(hash);
      if (text === undefined || sha256Hex(text) !== hash) return undefined;
      return (await build(parseBundle(JSON.parse(text)))).snapshot;
    },
    setOf,
    async load({ number, base, hash, sinceMs }) {
      const [set, exceptions] = await Promise.all([setOf(base), feed.exceptionsAt(sinceMs)]);
      const beside = exceptions.map((one) => one.hash);
      if (hashInForce(base, beside) !== hash) {
        throw new RangeError('what stands beside a version is not what its hash says');
      }
      const rules = exceptions.map(ruleOf).filter((rule) => rule !== undefined);
      const snapshot = await createSnapshot(
        rules.length === 0 ? set : { ...set, rules: [...set.rules, ...rules] },
        onAlert,
        vocabulary.extraEntities,
      );
      return Object.freeze({
        ...snapshot,
        hash,
        number,
        explain: (input: AdmitInput) => ({ ...snapshot.explain(input), policyHash: hash }),
        isFalsePositive: falsePositives(exceptions, digest),
      });
    },
  };
}

/** Undefined when there are none, so that a call without any pays nothing. */
function falsePositives(
  exceptions: readonly StoredException[],
  digest: ValueDigest,
): PolicySnapshot['isFalsePositive'] {
  const digests = new Map<string, Set<string>>();
  for (const { exception } of exceptions) {
    if (exception.kind !== 'false_positive') continue;
    const key = JSON.stringify([exception.tenant, exception.entity]);
    digests.set(key, (digests.get(key) ?? new Set()).add(exception.digest));
  }
  if (digests.size === 0) return undefined;
  return (tenant, entity, value) =>
    digests.get(JSON.stringify([tenant, entity]))?.has(digest(tenant, entity, value)) === true;
}
