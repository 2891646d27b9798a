// Checks an exported model on onnxruntime-node: the logits of features and answers recorded by record.py, the
// independence of padding, and the time of one thread.   node parity.mjs MODEL_FOLDER RECORDED.json
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const { InferenceSession, Tensor } = createRequire(`${process.cwd()}/`)('onnxruntime-node');

const [folder, recorded] = process.argv.slice(2);
const session = await InferenceSession.create(`${folder}/model.onnx`, {
  executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'all',
});
const cases = JSON.parse(readFileSync(recorded, 'utf8'));

/** Rows [units][width] of several texts as one padded batch. */
function feeds(rows, extra = 0) {
  const longest = Math.max(...rows.map((r) => r.words.length)) + extra;
  const mask = new Float32Array(rows.length * longest);
  const out = {};
  for (const name of ['words', 'bigrams', 'chars', 'shapes', 'gaps']) {
    const width = { bigrams: 2, chars: rows[0].chars.length / rows[0].words.length }[name] ?? 1;
    const data = new Int32Array(rows.length * longest * width);
    rows.forEach((row, i) => data.set(row[name], i * longest * width));
    out[name] = new Tensor('int32', data, width === 1 ? [rows.length, longest] : [rows.length, longest, width]);
  }
  rows.forEach((row, i) => mask.fill(1, i * longest, i * longest + row.words.length));
  return { ...out, mask: new Tensor('float32', mask, [rows.length, longest]) };
}

const labels = (logits) => logits.dims[2];
let worst = 0;
let padded = 0;
for (const c of cases) {
  const { logits } = await session.run(feeds([c]));
  c.logits.forEach((v, i) => (worst = Math.max(worst, Math.abs(v - logits.data[i]))));
  const other = await session.run(feeds([c, cases[0], cases.at(-1)], 7));
  for (let i = 0; i < c.words.length * labels(logits); i++) {
    padded = Math.max(padded, Math.abs(other.logits.data[i] - logits.data[i]));
  }
}
console.log(`largest difference from PyTorch: ${worst.toExponential(2)}; from another batch: ${padded.toExponential(2)}`);

for (const units of [64, 256, 1024]) {
  const base = cases.find((c) => c.words.length >= 8);
  const n = base.words.length;
  const row = Object.fromEntries(['words', 'bigrams', 'chars', 'shapes', 'gaps'].map((name) => {
    const width = base[name].length / n;
    return [name, Array.from({ length: units * width }, (_, i) => base[name][i % base[name].length])];
  }));
  const input = feeds([row]);
  const times = [];
  for (let i = 0; i < 40; i++) {
    const begun = performance.now();
    await session.run(input);
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  console.log(`${units} units: median ${times[20].toFixed(2)} ms, best ${times[0].toFixed(2)} ms`);
}
