import { createHash } from 'node:crypto';
import { compileGlob, type Glob } from '../domain/glob.ts';
import { type Runner } from '../domain/runner.ts';

/** A runner that may serve a call, and what the model is called there. */
export interface Candidate {
  readonly runner: Runner;
  readonly model: string;
}

export interface RouteTarget {
  readonly runner: Runner;
  /** What the model is called there; undefined where it has the same name. */
  readonly model: string | undefined;
  /** Share of the calls among the targets of one priority; a whole number from 1. */
  readonly weight: number;
  /** The lowest is tried first. */
  readonly priority: number;
}

export interface Route {
  /** Globs of the names callers use. */
  readonly models: readonly string[];
  readonly targets: readonly RouteTarget[];
}

export interface PlanOptions {
  /**
   * Calls with one key are tried in one order, for as long as the configuration stays: what a runner remembers of a
   * caller's call is found again by the next.
   */
  readonly stickyTo?: string | undefined;
  /** The runner that is known to hold what the call refers to. */
  readonly heldBy?: string | undefined;
}

export interface Routes {
  /** Whom to try, in order; empty when no runner serves the model. */
  plan(model: string, options?: PlanOptions): readonly Candidate[];
  serves(model: string, runner: Runner): boolean;
  /** Names of models that routes give in full: they exist even if no runner lists them. */
  readonly names: readonly string[];
}

/**
 * The first route whose globs match decides; where none does, the first runner, in the order of the configuration, that
 * serves the model, and no other: nothing falls back that was not told to. Targets of one priority share the calls by
 * weight; each is followed by the others of its priority, then by those of the next. A runner whose circuit is open
 * answers at once that it is, so its share goes to the others. `random`: uniform in [0, 1).
 */
export function createRoutes(
  runners: readonly Runner[],
  routes: readonly Route[],
  random: () => number,
): Routes {
  const compiled = routes.map((route) => ({ matches: anyOf(route.models), targets: route.targets }));
  const direct = runners.map((runner) => ({ matches: anyOf(runner.models), runner }));

  function targetsOf(model: string): readonly RouteTarget[] {
    const route = compiled.find(({ matches }) => matches(model));
    if (route !== undefined) return route.targets;
    const found = direct.find(({ matches }) => matches(model));
    return found === undefined ? [] : [{ runner: found.runner, model: undefined, weight: 1, priority: 1 }];
  }

  return {
    names: routes.flatMap(({ models }) => models.filter((name) => !name.includes('*'))),
    serves: (model, runner) => targetsOf(model).some((target) => target.runner === runner),
    plan(model, { stickyTo, heldBy } = {}) {
      const targets = targetsOf(model).filter(
        ({ runner }) => heldBy === undefined || runner.destination.runner === heldBy,
      );
      const order = stickyTo === undefined ? drawn(targets, random) : ranked(targets, stickyTo);
      return order.map((target) => ({ runner: target.runner, model: target.model ?? model }));
    },
  };
}

function anyOf(globs: readonly string[]): Glob {
  const compiled = globs.map(compileGlob);
  return (text) => compiled.some((matches) => matches(text));
}

/**
 * Efraimidis and Spirakis, "Weighted random sampling with a reservoir" (2006): sorted by -ln(u) / weight with u uniform,
 * each place is drawn by weight from those that are left.
 */
function sorted(
  targets: readonly RouteTarget[],
  uniform: (target: RouteTarget) => number,
): readonly RouteTarget[] {
  const keyed = targets.map((target) => ({ target, key: -Math.log(1 - uniform(target)) / target.weight }));
  keyed.sort((a, b) => a.target.priority - b.target.priority || a.key - b.key);
  return keyed.map(({ target }) => target);
}

function drawn(targets: readonly RouteTarget[], random: () => number): readonly RouteTarget[] {
  return targets.length < 2 ? targets : sorted(targets, random);
}

/** Rendezvous hashing: a runner that is added or removed moves only its own share of the keys. */
function ranked(targets: readonly RouteTarget[], key: string): readonly RouteTarget[] {
  return sorted(targets, ({ runner }) => {
    const digest = createHash('sha256')
      .update(JSON.stringify([key, runner.destination.runner]))
      .digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  });
}
