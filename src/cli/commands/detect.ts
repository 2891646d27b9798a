import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { modelDirectory, openDetection } from '../../compose/detection.ts';
import { type Config, loadConfig } from '../../config/load.ts';
import { type Detector, type Span } from '../../domain/span.ts';
import { print, printJson } from '../output.ts';

interface DetectOptions {
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly model?: string;
}

export function detectCommand(setExitCode: (code: number) => void): Command {
  return new Command('detect')
    .description('find personal data in a text from a file or standard input, as the proxy would')
    .argument('[file]', 'what to read; without it, standard input')
    .option('--json', 'one text in, one JSON out: {"spans":[{start,end,entity,score,recognizer}]}')
    .option('--jsonl', 'one JSON a line in, {"id","text"}; one a line out, {"id","spans":[…]}')
    .option(
      '--model <folder>',
      'another model than the configured one: a folder below models/, or a path to one',
    )
    .action(async (file: string | undefined, options: DetectOptions) => {
      const detection = await openDetection(withModel(loadConfig(), options.model), () => undefined);
      try {
        const input = file === undefined ? process.stdin : createReadStream(file, 'utf8');
        if (options.jsonl === true) await detectLines(detection.detector, input, setExitCode);
        else await detectWhole(detection.detector, input, options.json === true);
      } finally {
        await detection.close();
      }
    });
}

/** The configuration with another model, which is in this process and has no pin. */
function withModel(config: Config, model: string | undefined): Config {
  if (model === undefined) return config;
  const directory = modelDirectory(model, process.cwd());
  const detection = { ...config.detection, model: directory, manifest_sha256: undefined, remote: undefined };
  return { ...config, detection };
}

async function detectWhole(detector: Detector, input: NodeJS.ReadableStream, asJson: boolean): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString('utf8');
  const [spans = []] = await detector.detect([{ text, kind: 'prose' }]);
  if (asJson) {
    printJson({ spans: spans.map(toOutput) });
    return;
  }
  for (const span of spans) {
    print(
      `${span.start}-${span.end}\t${span.entity}\t${span.score.toFixed(2)}\t${span.recognizer}\t${text.slice(span.start, span.end)}`,
    );
  }
}

const BATCH = 64;

/** A line that is not `{"id","text"}` is answered with an error in its place, so that lines in and out stay paired. */
async function detectLines(
  detector: Detector,
  input: NodeJS.ReadableStream,
  setExitCode: (code: number) => void,
): Promise<void> {
  let batch: { readonly id: unknown; readonly text: string | undefined }[] = [];
  const flush = async (): Promise<void> => {
    const found = await detector.detect(batch.map(({ text = '' }) => ({ text, kind: 'prose' })));
    for (const [i, { id, text }] of batch.entries()) {
      if (text === undefined) {
        printJson({ id, error: 'expected {"id": …, "text": "…"}' });
        setExitCode(1);
      } else printJson({ id, spans: (found[i] ?? []).map(toOutput) });
    }
    batch = [];
  };
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    batch.push(parseLine(line));
    if (batch.length === BATCH) await flush();
  }
  await flush();
}

function parseLine(line: string): { readonly id: unknown; readonly text: string | undefined } {
  try {
    const parsed = JSON.parse(line) as { readonly id?: unknown; readonly text?: unknown } | null;
    return { id: parsed?.id ?? null, text: typeof parsed?.text === 'string' ? parsed.text : undefined };
  } catch {
    return { id: null, text: undefined };
  }
}

function toOutput({ start, end, entity, score, recognizer }: Span): object {
  return { start, end, entity, score: Math.round(score * 1e4) / 1e4, recognizer };
}
