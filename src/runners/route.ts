import { type Runner } from '../domain/runner.ts';

/** True when `name` matches `glob`, in which `*` stands for any run of characters. Linear in both. */
export function matchesGlob(glob: string, name: string): boolean {
  const parts = glob.split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return glob === name;
  const last = parts[parts.length - 1] ?? '';
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let at = first.length;
  const limit = name.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > limit) return false;
    at = found + part.length;
  }
  return true;
}

/** The first runner, in the order of the configuration, that serves the model. */
export function routeModel(runners: readonly Runner[], model: string): Runner | undefined {
  return runners.find((runner) => runner.models.some((glob) => matchesGlob(glob, model)));
}
