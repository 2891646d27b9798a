import { marksOf, withInterval } from './marks.ts';
import { type OverRedaction } from './measure.ts';
import { type Figures } from './score.ts';

const BEGIN = '<!-- eval:begin -->';
const END = '<!-- eval:end -->';

/** The text with our section replaced or added; what others wrote around it stays. */
export function withSection(text: string, section: string): string {
  const block = `${BEGIN}\n${section}\n${END}`;
  const start = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (start < 0 || end < start) return `${text.trimEnd()}\n\n${block}\n`;
  return text.slice(0, start) + block + text.slice(end + END.length);
}

const cell = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(1));

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** `figures` by `part/group/entity`. */
export function report(
  version: string,
  figures: ReadonlyMap<string, Figures>,
  clean: ReadonlyMap<string, OverRedaction>,
): string {
  const named = [...figures].map(([name, one]) => {
    const [part = '', group = '', entity = ''] = name.split('/');
    return { part, group, entity, one };
  });
  const out = [
    '## The whole pipeline on prompts (`npm run eval`)',
    '',
    `Detector: ${version.replace(/\(.*?\)/, '')}. Generated prompts, frames, names and formats disjoint between the parts (test/eval/data/README.md has the labelling rules). **protected**: marked spans all of whose letters and digits are inside found spans, with Wilson’s 95 % interval; spans made of the same frame are no independent trials, so the column of frames says how much text stands behind a figure. Overlap figures ask for the same entity. Variants (capitals, typing mistakes, dictated digits …) stand in their own table. Per cent.`,
    '',
    '### Marks (test part)',
    '',
    row(['asked', 'languages', 'measured', '']),
    row(Array<string>(4).fill('---')),
    ...marksOf(figures, clean).map(({ asked, where, got, met }) =>
      row([asked, where, got, met ? 'met' : '**not met**']),
    ),
  ];
  for (const part of ['test', 'dev']) {
    out.push('', `### ${part}: by language and entity`, '');
    out.push(
      row(['language', 'entity', 'spans', 'frames', 'protected', 'exact P / R / F1', 'overlap P / R / F1']),
      row(Array<string>(7).fill('---')),
    );
    const own = named.filter(
      (n) => n.part === part && n.group.length === 2 && n.group !== 'by' && n.one.gold > 0,
    );
    for (const { group, entity, one } of own.sort(byName)) {
      const exact = [one.exactP, one.exactR, one.exactF1].map(cell).join(' / ');
      const overlap = [one.overlapP, one.overlapR, one.overlapF1].map(cell).join(' / ');
      const shown = withInterval(one.covered, one.gold);
      out.push(row([group, entity, String(one.gold), String(one.frames), shown, exact, overlap]));
    }
    out.push(
      '',
      `### ${part}: protected, by variant`,
      '',
      row(['variant', 'entity', 'spans', 'frames', 'protected']),
    );
    out.push(row(Array<string>(5).fill('---')));
    const variants = named.filter((n) => n.part === part && n.group.startsWith('variant-') && n.one.gold > 0);
    for (const { group, entity, one } of variants.sort(byName)) {
      const shown = withInterval(one.covered, one.gold);
      out.push(row([group.slice(8), entity, String(one.gold), String(one.frames), shown]));
    }
    out.push('', `### ${part}: precision (overlap), by recogniser`, '');
    out.push(row(['recogniser', 'precision']), row(['---', '---']));
    for (const { entity, one } of named.filter((n) => n.part === part && n.group === 'by').sort(byName)) {
      out.push(row([entity, cell(one.overlapP)]));
    }
  }
  out.push('', '### Clean prompts: false spans', '');
  out.push(
    row(['part and language', 'words', 'false spans', 'per 1,000 words']),
    row(Array<string>(4).fill('---')),
  );
  for (const [locale, one] of clean) {
    out.push(row([locale, String(one.words), String(one.falseSpans), one.perThousand.toFixed(1)]));
  }
  return out.join('\n');
}

interface Named {
  readonly group: string;
  readonly entity: string;
}

function byName(a: Named, b: Named): number {
  return a.group < b.group ? -1 : a.group > b.group ? 1 : a.entity < b.entity ? -1 : 1;
}
