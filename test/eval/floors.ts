import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type OverRedaction } from './measure.ts';
import { type Figures } from './score.ts';

export interface Floors {
  /** Figure name → least share protected, per cent. */
  readonly protected: Readonly<Record<string, number>>;
  /** Figure name → least overlap precision, per cent. */
  readonly precision: Readonly<Record<string, number>>;
  /** Language or `all` → most false spans per 1,000 words of clean prompts. */
  readonly overRedaction: Readonly<Record<string, number>>;
}

/** models/floors.json: `full` for `npm run eval`, `sample` for the gate in `npm test`. */
export function readFloors(): { readonly full: Floors; readonly sample: Floors } {
  return JSON.parse(readFileSync(path.resolve('models/floors.json'), 'utf8')) as {
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
