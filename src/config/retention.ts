import { z } from 'zod';
import { type ConfigProblem } from './problem.ts';

interface Preset {
  /** Records are kept at least this long. */
  readonly minDays: number;
  /** What is meant when no period is given. */
  readonly days: number;
  /** Whether a data subject's keys may be destroyed before that. */
  readonly shredding: boolean;
  readonly regulation: string;
}

/** Years and months are counted at their longest, so that no calendar makes them fall short. */
export const RETENTION_PRESETS = {
  hipaa: {
    minDays: 2_192,
    days: 2_192,
    shredding: true,
    regulation: 'HIPAA, 45 CFR 164.316(b)(2)(i): 6 years',
  },
  pci: { minDays: 366, days: 366, shredding: true, regulation: 'PCI DSS 4.0.1, 10.5.1: 12 months' },
  'ai-act': {
    minDays: 184,
    days: 184,
    shredding: true,
    regulation: 'EU AI Act, Articles 19(1) and 26(6): 6 months',
  },
  pipl: { minDays: 1_096, days: 1_096, shredding: true, regulation: 'PIPL, Article 56: 3 years' },
  'sec-17a-4': {
    minDays: 2_192,
    days: 2_192,
    shredding: false,
    regulation: 'SEC Rule 17a-4, 17 CFR 240.17a-4(a): 6 years',
  },
  /** Storage limitation names no period: short, and yours to justify. */
  'gdpr-minimal': { minDays: 1, days: 90, shredding: true, regulation: 'GDPR, Article 5(1)(e)' },
} as const satisfies Readonly<Record<string, Preset>>;

const PRESET_NAMES = Object.keys(RETENTION_PRESETS) as (keyof typeof RETENTION_PRESETS)[];
/** The longest month: so many months are never shorter than meant. */
const MONTH_DAYS = 31;
const MAX_DAYS = 36_500;

const fields = {
  preset: z.enum(PRESET_NAMES).optional(),
  days: z.int().min(1).max(MAX_DAYS).optional(),
  months: z.int().min(1).max(1_176).optional(),
};

/** How long records are kept. With neither preset nor period they are kept for ever. */
export const retention = z
  .strictObject({
    ...fields,
    tenants: z.record(z.string().min(1).max(512), z.strictObject(fields)).default({}),
  })
  .prefault({});

type RetentionFile = z.output<typeof retention>;
type Term = Pick<RetentionFile, 'preset' | 'days' | 'months'>;

export interface ConfiguredTerms {
  /** Empty: Cordon itself, and every tenant without terms of its own. */
  readonly tenant: string;
  readonly days: number;
  readonly shredding: boolean;
}

/** The terms that are configured, one for each tenant that has some. */
export function retentionTerms({ tenants, ...rest }: RetentionFile): readonly ConfiguredTerms[] {
  const named: readonly (readonly [string, Term])[] = [['', rest], ...Object.entries(tenants)];
  return named.flatMap(([tenant, term]) => {
    const preset = presetOf(term);
    const days = daysOf(term) ?? preset?.days;
    return days === undefined ? [] : [{ tenant, days, shredding: preset?.shredding ?? true }];
  });
}

/** A period shorter than the regulation demands is a mistake, and so are two periods at once. */
export function checkRetention({ tenants, ...rest }: RetentionFile): ConfigProblem[] {
  const named: readonly (readonly [string, Term])[] = [
    ['retention', rest],
    ...Object.entries(tenants).map(([tenant, term]) => [`retention.tenants.${tenant}`, term] as const),
  ];
  return named.flatMap(([path, term]): ConfigProblem[] => {
    if (term.days !== undefined && term.months !== undefined) {
      return [{ path, message: 'has two periods: keep either days or months' }];
    }
    const days = daysOf(term);
    const preset = presetOf(term);
    if (days === undefined || preset === undefined || days >= preset.minDays) return [];
    const message = `must be at least ${preset.minDays} days: ${preset.regulation}`;
    return [{ path: `${path}.${term.days === undefined ? 'months' : 'days'}`, message }];
  });
}

function presetOf({ preset }: Term): Preset | undefined {
  return preset === undefined ? undefined : RETENTION_PRESETS[preset];
}

function daysOf({ days, months }: Term): number | undefined {
  return days ?? (months === undefined ? undefined : months * MONTH_DAYS);
}
