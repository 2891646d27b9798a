import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';

const FILE = path.resolve('test/bench/RESULTS.md');

/** Puts one scenario's section into RESULTS.md, in place of its earlier one; other sections stay. */
export function writeSection(title: string, lines: readonly string[]): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const machine = `${new Date().toISOString().slice(0, 10)}, commit ${commit}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`;
  const section = [`## ${title}`, '', machine, '', ...lines, ''].join('\n');
  const before = readSections().filter((text) => !text.startsWith(`## ${title}\n`));
  const head =
    '# Benchmarks\n\nWritten by `npm run bench`; not edited by hand. Figures compare within one section: each is one run on one machine.\n\n';
  writeFileSync(FILE, head + [...before, section].sort().join('\n'));
  process.stdout.write(`${section}\n`);
}

function readSections(): readonly string[] {
  try {
    return readFileSync(FILE, 'utf8')
      .split(/(?=^## )/m)
      .filter((text) => text.startsWith('## '));
  } catch {
    return [];
  }
}
