import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type OverRedaction } from './measure.ts';
import { type Figures } from './score.ts';

export interface Floors {
  /** Figure name → least share protected, per cent. */
  readonly protected: Readonly<Record<string, number>>;
  /** Figure name → least overlap precision, per cent. */
  readonly precision: Readonly<Record<string, number>>;
  /** Part and language or `all`, such as `test/en` → most false spans per 1,000 words of clean prompts. */
  readonly overRedaction: Readonly<Record<string, number>>;
}

const FILE = path.resolve('models/floors.json');
/** Fewer spans than this say nothing. */
const LEAST_SPANS = 10;

/** models/floors.json: `full` for `npm run eval`, `sample` for the gate in `npm test`. */
export function readFloors(): { readonly full: Floors; readonly sample: Floors } {
  return JSON.parse(readFileSync(FILE, 'utf8')) as {
    full: Floors;
    sample: Floors;
  };
}

/** What is worse than its floor. A figure that was not measured at all is a breach: a floor never passes unseen. */
export function breaches(
  floors: Floors,
  figures: ReadonlyMap<string, Figures>,
  clean: ReadonlyMap<string, OverRedaction>,
): readonly string[] {
  const out: string[] = [];
  const atLeast = (kind: string, name: string, value: number | undefined, floor: number): void => {
    if (value === undefined || value < floor) out.push(`${name} ${kind} ${value ?? 'unmeasured'} < ${floor}`);
  };
  for (const [name, floor] of Object.entries(floors.protected))
    atLeast('protected', name, figures.get(name)?.protected, floor);
  for (const [name, floor] of Object.entries(floors.precision))
    atLeast('precision', name, figures.get(name)?.overlapP, floor);
  for (const [locale, most] of Object.entries(floors.overRedaction)) {
    const value = clean.get(locale)?.perThousand;
    if (value === undefined || value > most)
      out.push(`clean/${locale} false spans ${value ?? 'unmeasured'} > ${most}`);
  }
  return out;
}

export function writeFloors(floors: { readonly full: Floors; readonly sample: Floors }): void {
  writeFileSync(FILE, `${JSON.stringify(floors, null, 2)}\n`);
}

/**
 * Floors a little below what was measured, `margin` points: what a person commits after having looked at the figures.
 * Precision is held by language only, over-redaction by language and in all.
 */
export function floorsBelow(
  figures: ReadonlyMap<string, Figures>,
  clean: ReadonlyMap<string, OverRedaction>,
  margin: number,
): Floors {
  const below = (value: number): number => Math.max(0, Math.round((value - margin) * 10) / 10);
  const protectedFloors: Record<string, number> = {};
  const precision: Record<string, number> = {};
  for (const [name, one] of [...figures].sort(([a], [b]) => (a < b ? -1 : 1))) {
    // Lower-cased text is held over all languages together; by language it is there for the marks.
    if (one.gold < LEAST_SPANS || name.includes('/lower-')) continue;
    if (one.protected !== undefined) protectedFloors[name] = below(one.protected);
    if (!name.includes('variant-') && one.overlapP !== undefined) precision[name] = below(one.overlapP);
  }
  const overRedaction = Object.fromEntries(
    ['test/en', 'test/zh', 'test/all', 'dev/all'].map((name) => [
      name,
      Math.round(((clean.get(name)?.perThousand ?? 0) + 1) * 10) / 10,
    ]),
  );
  return { protected: protectedFloors, precision, overRedaction };
}
