import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { abortEverywhere } from './aborts.ts';
import { jumpClock } from './clock.ts';
import { canMount, fillDisk } from './disk.ts';
import { killPostgres, killProcess, stopBackends } from './kills.ts';
import { type FaultReport, isClean } from './scene.ts';
import { deadSink } from './sinks.ts';

/** `npm run faults [-- seed=TEXT] [scenario…]`: each named fault at its full count, and test/faults/RESULTS.md when all were run. */
const given = process.argv.slice(2);
const seed =
  given.find((word) => word.startsWith('seed='))?.slice(5) ?? new Date().toISOString().slice(0, 10);
const wanted = given.filter((word) => !word.startsWith('seed='));

const onProgress = (round: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${round} `);
  else if (round % 10 === 0) process.stderr.write(`${round} `);
};

const SCENARIOS: Readonly<Record<string, () => Promise<FaultReport>>> = {
  'kill-process-100': () => killProcess({ rounds: 100, seed, onProgress }),
  'kill-postgres-30': () => killPostgres({ rounds: 30, seed, onProgress }),
  'stop-backends-10': () => stopBackends({ rounds: 10, seed, onProgress }),
  'disk-full-3': () => fillDisk({ rounds: 3, seed, onProgress }),
  'dead-sink': deadSink,
  'abort-at-every-event': () => abortEverywhere({ onProgress }),
  'clock-plus-minus-1h-10': () => jumpClock({ rounds: 10, seed, onProgress }),
};

const COLUMNS = [
  ...[
    'forwarded',
    'acknowledged',
    'interrupted',
    'undecided',
    'lost',
    'duplicates',
    'orphans',
    'open',
    'problems',
  ],
] as const satisfies readonly (keyof FaultReport)[];

const rows: string[] = [];
const unknown = wanted.filter((name) => !(name in SCENARIOS));
if (unknown.length > 0)
  throw new Error(`there is no fault ${unknown.join(', ')}; there are: ${Object.keys(SCENARIOS).join(', ')}`);
let unclean = 0;
for (const [name, run] of Object.entries(SCENARIOS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (name.startsWith('disk') && !canMount()) {
    process.stdout.write(`${name}: not run: it mounts a small file system, which takes root on Linux\n`);
    continue;
  }
  const start = Date.now();
  const report = await run();
  const seconds = Math.round((Date.now() - start) / 1_000);
  if (!isClean(report)) unclean += 1;
  rows.push(`| ${[name, ...COLUMNS.map((column) => report[column]), seconds].join(' | ')} |`);
  process.stdout.write(`\n${name} (seed ${seed}, ${seconds} s): ${JSON.stringify(report)}\n`);
}
if (wanted.length === 0) {
  const head = ['fault and rounds', ...COLUMNS, 'seconds'];
  const table = [head, head.map(() => '---')].map((cells) => `| ${cells.join(' | ')} |`);
  const title = `# Faults\n\nWritten by \`npm run faults\` on ${new Date().toISOString().slice(0, 10)}, seed ${seed}; not edited by hand. From \`undecided\` on, every figure must be zero.\n`;
  writeFileSync(path.resolve('test/faults/RESULTS.md'), `${[title, ...table, ...rows].join('\n')}\n`);
}
process.exitCode = unclean === 0 ? 0 : 1;
