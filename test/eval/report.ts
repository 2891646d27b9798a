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
    `Detector: ${version.replace(/\(.*?\)/, '')}. Generated prompts, frames, names and formats disjoint between the parts (test/eval). **protected**: marked spans all of whose letters and digits are inside found spans. Overlap figures ask for the same entity. Variants (capitals, typing mistakes, dictated digits …) stand in their own table. Per cent.`,
  ];
  for (const part of ['test', 'dev']) {
    out.push('', `### ${part}: by language and entity`, '');
    out.push(row(['language', 'entity', 'spans', 'protected', 'exact P / R / F1', 'overlap P / R / F1']));
    out.push(row(Array<string>(6).fill('---')));
    const own = named.filter(
      (n) => n.part === part && n.group.length === 2 && n.group !== 'by' && n.one.gold > 0,
    );
    for (const { group, entity, one } of own.sort(byName)) {
      const exact = [one.exactP, one.exactR, one.exactF1].map(cell).join(' / ');
      const overlap = [one.overlapP, one.overlapR, one.overlapF1].map(cell).join(' / ');
      out.push(row([group, entity, String(one.gold), cell(one.protected), exact, overlap]));
    }
    out.push('', `### ${part}: protected, by variant`, '', row(['variant', 'entity', 'spans', 'protected']));
    out.push(row(Array<string>(4).fill('---')));
    const variants = named.filter((n) => n.part === part && n.group.startsWith('variant-') && n.one.gold > 0);
    for (const { group, entity, one } of variants.sort(byName)) {
      out.push(row([group.slice(8), entity, String(one.gold), cell(one.protected)]));
    }
    out.push('', `### ${part}: precision (overlap), by recogniser`, '');
    out.push(row(['recogniser', 'precision']), row(['---', '---']));
    for (const { entity, one } of named.filter((n) => n.part === part && n.group === 'by').sort(byName)) {
      out.push(row([entity, cell(one.overlapP)]));
    }
  }
  out.push('', '### Clean prompts: false spans', '');
  out.push(row(['language', 'words', 'false spans', 'per 1,000 words']), row(Array<string>(4).fill('---')));
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
