import { compileGlob } from '../domain/glob.ts';
import { type Runner } from '../domain/runner.ts';

/** The first runner, in the order of the configuration, that serves the model. */
export function routeModel(runners: readonly Runner[], model: string): Runner | undefined {
  return runners.find((runner) => servesModel(runner, model));
}

export function servesModel(runner: Runner, model: string): boolean {
  return runner.models.some((glob) => compileGlob(glob)(model));
}
