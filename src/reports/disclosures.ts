import { CordonError } from '../domain/errors.ts';
import { iso } from './breach.ts';
import { toCsv } from './csv.ts';
import { type DisclosureCount, type ReportSource, type ScopeFilter } from './ports.ts';

const MAX_LINES = 50_000;

/**
 * What was sent where, for what, by month (HIPAA 164.528 asks for date, recipient, what and why). What policy let leave
 * in clear has the handling `disclose`; everything else left as something that stands for it.
 */
export async function accountDisclosures(
  source: ReportSource,
  filter: ScopeFilter,
): Promise<readonly DisclosureCount[]> {
  const lines = await source.disclosures({ ...filter, tags: [...filter.tags, 'allow:true'] }, MAX_LINES + 1);
  if (lines.length <= MAX_LINES) return lines;
  throw new CordonError('payload_too_large', `The report has more than ${MAX_LINES} lines; narrow its time.`);
}

export function disclosuresCsv(lines: readonly DisclosureCount[]): string {
  return toCsv(
    ['month', 'destination', 'purpose', 'entity', 'handling', 'records', 'subjects', 'first', 'last'],
    lines.map((line) => [
      ...[line.month, line.runner, line.purpose ?? '', line.entity, line.handling],
      ...[line.records, line.subjects, iso(line.firstMs), iso(line.lastMs)],
    ]),
  );
}
