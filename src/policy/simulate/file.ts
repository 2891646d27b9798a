import { z } from 'zod';
import { caseInput } from '../cases.ts';
import { givenSchema } from '../schema.ts';
import { name } from '../words.ts';
import { type SimulatedCall } from './call.ts';

/** One call a line: what a case of a policy set says under `given`, and what is found in it. */
const line = givenSchema.extend({
  operation: name.default('chat'),
  entities: z.record(z.string(), z.int().min(1)).default({}),
  opaque: z.boolean().default(false),
});

/** JSON Lines → calls; throws a RangeError that names the first bad line and what is wrong with it. */
export function parseCalls(text: string, nowMs: number): readonly SimulatedCall[] {
  return text
    .split('\n')
    .map((source, index) => ({ source: source.trim(), number: index + 1 }))
    .filter(({ source }) => source !== '')
    .map(({ source, number }) => parseCall(source, number, nowMs));
}

function parseCall(source: string, number: number, nowMs: number): SimulatedCall {
  const parsed = line.safeParse(parseJson(source, number));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new RangeError(`line ${number}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'malformed'}`);
  }
  const { entities, opaque, ...given } = parsed.data;
  const { destination, ...input } = caseInput(given, nowMs);
  return {
    ...input,
    ...{ id: `line ${number}`, person: given.subject, entities, opaque },
    destinations: [destination],
  };
}

function parseJson(source: string, number: number): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw new RangeError(`line ${number}: this is not JSON; write one call a line`);
  }
}
