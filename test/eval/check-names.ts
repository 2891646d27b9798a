import { readFileSync } from 'node:fs';
import { LOCALES, listsOf } from './lists.ts';

/**
 * check-names.js work/names.json: ends with 1 when a surname, place, street or firm of the test part is in the lists
 * that models/training/names.mjs takes from faker. These lists are not in the repository, so no test can do it. Chinese
 * surnames are not looked at: a hundred of them cover nine people in ten.
 */
function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('usage: check-names.js names.json\n');
  process.exitCode = 2;
} else {
  const known = new Set(strings(JSON.parse(readFileSync(file, 'utf8'))));
  for (const locale of LOCALES) {
    const { surname, street, city, company } = listsOf(locale, 'test');
    for (const entry of [...(locale === 'zh' ? [] : surname), ...street, ...city, ...company]) {
      if (!known.has(entry)) continue;
      process.stdout.write(`${locale}: ${entry}\n`);
      process.exitCode = 1;
    }
  }
}
