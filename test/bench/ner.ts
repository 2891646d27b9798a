import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createDetector } from '../../src/detect/detector.ts';
import { defaultRecognizers } from '../../src/detect/default-recognizers.ts';
import { type LoadedNerEngine, loadNerEngine } from '../../src/detect/ner/load.ts';
import { type ModelParts, readModelParts } from '../../src/detect/ner/model-parts.ts';
import { type ProviderReport } from '../../src/detect/ner/provider.ts';
import { median, quantile } from './load.ts';
import { writeSection } from './results.ts';

const DIRECTORY = path.resolve('models/cordon-fast');
const ROUNDS = 3;
const CALLS = 100;
const SECONDS = 3;
const CONVERSATIONS = 20;
const TURNS = 50;

/** 320 characters that were not read before: `n` stands at the beginning, and the end is cut off. */
const TEXTS = {
  English: (n: number): string =>
    (
      `Case ${n}: hello, I am Maria Gonzalez from Springfield. Please write to maria.gonzalez@example.com or call me at ` +
      `+1 202-555-0143 about the order I placed last week with Globex; the parcel went to my old address. My colleague ` +
      `John O'Neill can sign for it as well. Thank you very much for your help, and have a nice day, all of you there.`
    ).slice(0, 320),
  Chinese: (n: number): string =>
    `案件${n}：你好，我叫王小明，住在北京市朝阳区建国路八十八号，上周在贵公司订购了一台笔记本电脑，至今没有收到货物。请帮我联系负责物流的李娜女士，她的电话是13800138000，也可以发邮件给我的同事张伟。我们公司位于上海市浦东新区，客户经理刘洋之前答应在周五之前送到。`
      .repeat(3)
      .slice(0, 320),
} as const;
type Language = keyof typeof TEXTS;
const LANGUAGES = Object.keys(TEXTS) as Language[];

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Milliseconds of one text after the other, in rounds whose order is reversed each time. */
async function latencies(read: (text: string) => Promise<unknown>): Promise<Record<Language, number[]>> {
  const out: Record<Language, number[]> = { English: [], Chinese: [] };
  let n = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const language of round % 2 === 0 ? LANGUAGES : [...LANGUAGES].reverse()) {
      for (let i = 0; i < 10; i++) await read(TEXTS[language](n++));
      for (let i = 0; i < CALLS; i++) {
        const text = TEXTS[language](n++);
        out[language].push(await timed(() => read(text)));
      }
    }
  }
  return out;
}

/** Model units a second with `callers` at once, each with texts of its own. */
async function throughput(
  engine: LoadedNerEngine,
  { encoder }: ModelParts,
  callers: number,
): Promise<number> {
  const end = performance.now() + SECONDS * 1000;
  let units = 0;
  let n = 0;
  const started = performance.now();
  const call = async (): Promise<void> => {
    while (performance.now() < end) {
      const i = n++;
      const text = TEXTS.English(i).slice(0, 80 + ((i * 37) % 240));
      await engine.find([text]);
      units += encoder.encode(text).starts.length;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return units / ((performance.now() - started) / 1000);
}

/** Milliseconds of a conversation's turns, the whole history sent with each. */
async function conversations(engine: LoadedNerEngine): Promise<{ second: number[]; last: number[] }> {
  const second: number[] = [];
  const last: number[] = [];
  const recognizers = defaultRecognizers({ phoneRegions: ['US', 'GB', 'CN', 'DE'] });
  for (let c = 0; c < CONVERSATIONS; c++) {
    const cacheKey = randomBytes(32);
    const detector = createDetector({ ner: engine, recognizers, cacheKey, timeoutMs: 60_000 });
    const history: { text: string; kind: 'prose' }[] = [];
    for (let turn = 1; turn <= TURNS; turn++) {
      history.push({ text: TEXTS.English(c * TURNS + turn), kind: 'prose' });
      const took = await timed(() => detector.detect([...history]));
      if (turn === 2) second.push(took);
      // Neighbours of the fiftieth cost what it costs, and even out the noise.
      if (turn > TURNS - 3) last.push(took);
    }
  }
  return { second, last };
}

interface LoadReport {
  readonly loadMs: number;
  readonly firstMs: number;
  readonly before: number;
  readonly after: number;
  readonly report: ProviderReport;
}

function measureLoad(): Promise<LoadReport> {
  return new Promise((resolve, reject) => {
    const child = fork(path.join(import.meta.dirname, 'ner-load.js'), [DIRECTORY]);
    child.once('message', (message) => {
      resolve(message as LoadReport);
    });
    child.once('exit', (code) => {
      reject(new Error(`ner-load ended with ${String(code)}`));
    });
  });
}

/** The shipped model on this machine's CPU. */
export async function benchNer(): Promise<void> {
  const loads: LoadReport[] = [];
  for (let round = 0; round < ROUNDS; round++) loads.push(await measureLoad());
  const parts = await readModelParts({ directory: DIRECTORY });
  const engine = await loadNerEngine({ directory: DIRECTORY, provider: 'cpu' });
  const alone = await latencies((text) => engine.find([text]));
  const encoding = LANGUAGES.map((language) => ({
    language,
    units: parts.encoder.encode(TEXTS[language](1)).starts.length,
  }));
  const rates: Record<1 | 32, number[]> = { 1: [], 32: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const order = [1, 32] as const;
    for (const callers of round % 2 === 0 ? order : [...order].reverse()) {
      rates[callers].push(await throughput(engine, parts, callers));
    }
  }
  const { second, last } = await conversations(engine);
  await engine.close();
  const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);
  const raw = (values: readonly number[]): string => values.map((value) => value.toFixed(0)).join(', ');
  const [one, many] = [median(rates[1]), median(rates[32])];
  const ratio = median(last) / median(second);
  writeSection('NER', [
    `\`${engine.version}\` on the cpu. Latency over ${ROUNDS} rounds of ${CALLS} texts, each read for the first time; medians of ${ROUNDS} rounds elsewhere.`,
    '',
    '| 320 new characters | units | p50 ms | p95 ms | best ms |',
    '|---|---|---|---|---|',
    ...encoding.map(({ language, units }) => {
      const ms = alone[language];
      return `| ${language} | ${units} | ${median(ms).toFixed(1)} | ${quantile(ms, 0.95).toFixed(1)} | ${Math.min(...ms).toFixed(1)} |`;
    }),
    '',
    '| figure | value |',
    '|---|---|',
    `| tokens/s, 1 caller | ${one.toFixed(0)} (${raw(rates[1])}) |`,
    `| tokens/s, 32 callers | ${many.toFixed(0)} (${raw(rates[32])}) |`,
    `| 32 callers of 1 | ${(many / one).toFixed(2)} |`,
    `| a conversation's 2nd turn, whole detector, ms | ${median(second).toFixed(2)} |`,
    `| its 50th turn, ms | ${median(last).toFixed(2)} |`,
    `| 50th of 2nd | ${ratio.toFixed(2)} |`,
    `| load, ms | ${median(loads.map(({ loadMs }) => loadMs)).toFixed(0)} |`,
    `| load and first answer, ms | ${median(loads.map(({ firstMs }) => firstMs)).toFixed(0)} |`,
    `| resident memory it adds, MiB | ${mib(median(loads.map(({ before, after }) => after - before)))} |`,
    `| speed that the start-up log tells, tokens/s | ${median(loads.map(({ report }) => report.unitsPerSecond)).toFixed(0)} |`,
  ]);
}
