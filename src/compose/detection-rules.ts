import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Config } from '../config/load.ts';
import { ConfigError, type ConfigProblem } from '../config/problem.ts';
import { createCustomRecognizer } from '../detect/custom/recognizer.ts';
import { parseRecognizers } from '../detect/custom/parse.ts';
import { type CustomDefinition } from '../detect/custom/definition.ts';
import { createDenyList } from '../detect/deny-list.ts';
import { type Recognizer } from '../detect/recognizer.ts';

/** What the operator adds to detection: recogniser files and lists. */
export interface DetectionRules {
  readonly recognizers: readonly Recognizer[];
  /** Entities they may find, for policies to name. */
  readonly entities: readonly string[];
  /** `rules@` and a digest of everything that can change a result; undefined where nothing is configured. */
  readonly version: string | undefined;
}

/** Reads and checks the recogniser files; throws one ConfigError with every problem at its file, line and column. */
export function readDetectionRules(config: Config): DetectionRules {
  const { recognizers: files, allow, deny, thresholds } = config.detection;
  const problems: ConfigProblem[] = [];
  const definitions: CustomDefinition[] = [];
  const digest = createHash('sha256').update(JSON.stringify([allow, deny, thresholds]));
  for (const [index, file] of files.entries()) {
    const text = readText(path.resolve(config.baseDirectory, file));
    if (text === undefined) {
      problems.push({ path: `detection.recognizers[${index}]`, message: 'names a file that cannot be read' });
      continue;
    }
    digest.update('\0').update(text);
    const parsed = parseRecognizers(text, file);
    for (const { source, line, column, message } of parsed.problems) {
      problems.push({ path: `${source}:${line}:${column}`, message });
    }
    definitions.push(...(parsed.definitions ?? []));
  }
  if (problems.length > 0) throw new ConfigError(problems);
  const recognizers = [
    ...(definitions.length === 0 ? [] : [createCustomRecognizer(definitions)]),
    ...(Object.keys(deny).length === 0 ? [] : [createDenyList(deny)]),
  ];
  const isPlain = recognizers.length + Object.keys(allow).length + Object.keys(thresholds).length === 0;
  return {
    recognizers,
    entities: [...new Set(recognizers.flatMap(({ entities }) => entities))],
    version: isPlain ? undefined : `rules@${digest.digest('hex').slice(0, 12)}`,
  };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
