import { availableParallelism } from 'node:os';
import { loadNerEngine } from '../../src/detect/ner/load.ts';

/** `ner-load <folder>`: what loading a model costs a process that has done nothing else. */
const before = process.memoryUsage().rss;
const started = performance.now();
const engine = await loadNerEngine({ directory: process.argv[2] ?? '', provider: 'cpu' });
const loadMs = performance.now() - started;
await engine.find(['Maria Gonzalez lives in Springfield.']);
const firstMs = performance.now() - started;
const after = process.memoryUsage().rss;
process.send?.({ loadMs, firstMs, before, after, cores: availableParallelism(), report: engine.report });
await engine.close();
