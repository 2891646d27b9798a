import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { breaches, floorsBelow, readFloors, writeFloors } from './floors.ts';
import { SAMPLE_FILLS, measureClean, measurePart } from './measure.ts';
import { openShippedDetector } from './open.ts';
import { report, withSection } from './report.ts';
import { type Miss } from './score.ts';

/**
 * Scores the shipped detector on the dev and test parts, writes its section of models/SCORES.md and ends with 1 when a
 * figure is below its floor. `--misses` prints what was missed on train or dev (never test; of clean prompts, those of dev) instead of
 * writing.
 * `--write-floors` sets models/floors.json just below what was measured, for a person to look at and commit.
 */
const FILLS = 12;
const LOWER_FILLS = 6;
const SCORES = path.resolve('models/SCORES.md');
const { values } = parseArgs({
  options: {
    misses: { type: 'string' },
    model: { type: 'string' },
    'write-floors': { type: 'boolean', default: false },
  },
});

function printMisses(misses: readonly Miss[]): void {
  for (const { kind, entity, by, text, around } of misses) {
    process.stdout.write(`${kind}\t${entity}\t${by}\t${JSON.stringify(text)}\t${JSON.stringify(around)}\n`);
  }
}

const { detector, close } = await openShippedDetector(values.model);
try {
  if (values.misses === 'train' || values.misses === 'dev') {
    printMisses((await measurePart(detector, values.misses, 2)).misses);
    for (const [name, { found }] of await measureClean(detector)) {
      if (!name.startsWith('dev/') || name === 'dev/all') continue;
      for (const line of found) process.stdout.write(`clean ${name}\t${line}\n`);
    }
  } else {
    const dev = await measurePart(detector, 'dev', FILLS, LOWER_FILLS);
    const test = await measurePart(detector, 'test', FILLS, LOWER_FILLS);
    const figures = new Map([...dev.figures, ...test.figures]);
    const clean = await measureClean(detector);
    const section = report(detector.version, figures, clean);
    writeFileSync(SCORES, withSection(readFileSync(SCORES, 'utf8'), section));
    process.stdout.write(`${section}\n`);
    if (values['write-floors']) {
      const sample = await measurePart(detector, 'test', SAMPLE_FILLS);
      writeFloors({
        full: floorsBelow(figures, clean, 1.5),
        sample: floorsBelow(sample.figures, clean, 3),
      });
    }
    const found = breaches(readFloors().full, figures, clean);
    for (const line of found) process.stdout.write(`BELOW ITS FLOOR: ${line}\n`);
    if (found.length > 0) process.exitCode = 1;
  }
} finally {
  await close();
}
