import { parseArgs } from 'node:util';
import { generateCorpus } from './corpus.ts';
import { isPart } from './partition.ts';

/**
 * Prints a part of the corpus, one JSON a line: {"id","locale","kind","variant","text","spans"}. `--jsonl` is the only
 * form there is and may be named for clarity.
 */
const { values } = parseArgs({
  options: {
    part: { type: 'string', default: 'train' },
    fills: { type: 'string', default: '12' },
    jsonl: { type: 'boolean', default: true },
  },
});
const fills = Number(values.fills);
if (!isPart(values.part) || !Number.isInteger(fills) || fills < 1) {
  process.stderr.write('usage: generate.js [--part train|dev|test] [--fills n] [--jsonl]\n');
  process.exitCode = 2;
} else {
  for (const document of generateCorpus({ part: values.part, fills })) {
    process.stdout.write(`${JSON.stringify(document)}\n`);
  }
}
