import { LOCALES, type Locale } from './lists.ts';
import { type OverRedaction } from './measure.ts';
import { type Figures, rate, wilson } from './score.ts';

export interface Mark {
  /** What is asked, with its figure: `PERSON protected ≥ 95`. */
  readonly asked: string;
  readonly where: string;
  readonly got: string;
  readonly met: boolean;
}

/** What a checksum, a numbering plan or a grammar proves; a number plate is but a shape. */
export const VALIDATED: readonly string[] = [
  ...['EMAIL_ADDRESS', 'PHONE_NUMBER', 'CREDIT_CARD', 'IBAN_CODE', 'IP_ADDRESS'],
  ...['US_SSN', 'UK_NHS', 'UK_NINO', 'DE_TAX_ID', 'FR_NIR', 'ES_NIF', 'ES_NIE', 'IT_FISCAL_CODE', 'NL_BSN'],
  ...['BR_CPF', 'CN_MOBILE', 'CN_BANK_CARD', 'CN_RESIDENT_ID', 'CN_USCC'],
];
const FIRST_CLASS: readonly Locale[] = ['en', 'zh'];
const OTHERS = LOCALES.filter((locale) => !FIRST_CLASS.includes(locale));

interface Share {
  readonly covered: number;
  readonly gold: number;
  /** Per cent; NaN where there is nothing. */
  readonly percent: number;
}

/** `97.5 (94.3–98.9)`: a share and its 95 % interval. */
export function withInterval(covered: number, gold: number): string {
  const [low, high] = wilson(covered, gold);
  return `${(rate(covered, gold) ?? NaN).toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`;
}

function pooled(
  figures: ReadonlyMap<string, Figures>,
  groups: readonly string[],
  entities: readonly string[],
): Share {
  const own = groups.flatMap((group) =>
    entities.map((entity) => figures.get(`test/${group}/${entity}`)).filter((one) => one !== undefined),
  );
  const covered = own.reduce((sum, one) => sum + one.covered, 0);
  const gold = own.reduce((sum, one) => sum + one.gold, 0);
  return { covered, gold, percent: (covered / gold) * 100 };
}

function protectedMarks(figures: ReadonlyMap<string, Figures>): readonly Mark[] {
  const out: Mark[] = [];
  const add = (name: string, entities: readonly string[], where: readonly Locale[], least: number): void => {
    const { covered, gold, percent } = pooled(figures, where, entities);
    out.push({
      asked: `${name} protected ≥ ${least}`,
      where: where.length === LOCALES.length ? 'all' : where.join(', '),
      got: `${withInterval(covered, gold)} of ${gold}`,
      met: percent >= least,
    });
  };
  add('validated identifiers', VALIDATED, LOCALES, 99.5);
  for (const locale of LOCALES) add('validated identifiers', VALIDATED, [locale], 99.5);
  for (const locale of LOCALES) add('PERSON', ['PERSON'], [locale], OTHERS.includes(locale) ? 90 : 95);
  for (const locale of LOCALES) add('ADDRESS', ['ADDRESS'], [locale], OTHERS.includes(locale) ? 85 : 90);
  return out;
}

function lowerCaseMarks(figures: ReadonlyMap<string, Figures>): readonly Mark[] {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['PERSON', ['PERSON']],
    ['ADDRESS', ['ADDRESS']],
    ['LOCATION', ['LOCATION']],
    ['validated identifiers', VALIDATED],
  ];
  return rows.flatMap(([name, entities]) =>
    [LOCALES, ['en'], ['zh']].map((where) => {
      const plain = pooled(figures, where, entities);
      const lower = pooled(figures, where.map((locale) => `lower-${locale}`), entities); // prettier-ignore
      const loss = plain.percent - lower.percent;
      return {
        asked: `${name} in lower case at most 5 points below`,
        where: where.length === 1 ? where.join('') : 'all',
        got: `${plain.percent.toFixed(1)} → ${withInterval(lower.covered, lower.gold)} of ${lower.gold}`,
        met: loss <= 5,
      };
    }),
  );
}

/** The marks of the project, from figures of the test part. */
export function marksOf(
  figures: ReadonlyMap<string, Figures>,
  clean: ReadonlyMap<string, OverRedaction>,
): readonly Mark[] {
  const most = 5;
  const overRedaction = ['all', ...LOCALES].map((where) => {
    const one = clean.get(`test/${where}`);
    return {
      asked: `false spans in 1,000 clean words ≤ ${most}`,
      where,
      got: `${one?.perThousand.toFixed(1) ?? '–'} (${one?.falseSpans ?? 0} in ${one?.words ?? 0})`,
      met: one !== undefined && one.perThousand <= most,
    };
  });
  return [...protectedMarks(figures), ...lowerCaseMarks(figures), ...overRedaction];
}
