import { benchExport } from './export.ts';
import { benchLayers } from './layers.ts';
import { benchNer } from './ner.ts';
import { benchPolicy } from './policy.ts';
import { benchRestore } from './restore.ts';
import { benchSearch } from './search.ts';
import { benchSimulate } from './simulate.ts';

const SCENARIOS: Readonly<Record<string, () => Promise<void>>> = {
  export: benchExport,
  layers: benchLayers,
  ner: benchNer,
  policy: benchPolicy,
  restore: benchRestore,
  search: benchSearch,
  simulate: benchSimulate,
};

/** `npm run bench [scenario…]`: without names, all of them. Writes test/bench/RESULTS.md. */
const wanted = process.argv.slice(2);
for (const name of wanted.length === 0 ? Object.keys(SCENARIOS) : wanted) {
  const scenario = SCENARIOS[name];
  if (scenario === undefined)
    throw new Error(`there is no scenario ${name}; there are: ${Object.keys(SCENARIOS).join(', ')}`);
  await scenario();
}
