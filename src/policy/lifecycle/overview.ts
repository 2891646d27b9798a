import { type Activation, type InForce, type Simulated, type Version } from './ports.ts';

/** How far a version has come. `submitted` says that it was validated and that its cases pass. */
export type VersionState =
  'submitted' | 'simulated' | 'scheduled' | 'active' | 'superseded' | 'expired' | 'withdrawn';

export interface VersionOverview extends Version {
  readonly state: VersionState;
  readonly activations: readonly Activation[];
}

/** Follows from what was decided and from the time, like what is in force itself. */
export function overviewOf(
  facts: {
    readonly versions: readonly Version[];
    readonly activations: readonly Activation[];
    readonly simulations: readonly Simulated[];
    readonly inForce: InForce | undefined;
  },
  nowMs: number,
): readonly VersionOverview[] {
  const simulated = new Set(facts.simulations.map(({ hash }) => hash));
  return facts.versions.map((version) => {
    const activations = facts.activations.filter(({ hash }) => hash === version.hash);
    return { ...version, activations, state: stateOf(version.hash) };

    function stateOf(hash: string): VersionState {
      if (facts.inForce?.base === hash) return 'active';
      const standing = activations.filter(({ withdrawnMs }) => withdrawnMs === undefined);
      if (standing.some(({ fromMs }) => fromMs > nowMs)) return 'scheduled';
      const [latest] = standing;
      if (latest !== undefined) {
        return latest.untilMs !== undefined && latest.untilMs <= nowMs ? 'expired' : 'superseded';
      }
      if (activations.length > 0) return 'withdrawn';
      return simulated.has(hash) ? 'simulated' : 'submitted';
    }
  });
}
