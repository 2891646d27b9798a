import { type Runner } from '../domain/runner.ts';
import { createHttpRunner } from './http-runner.ts';
import { type OpenaiRunnerOptions } from './openai.ts';

/** The version of Anthropic's API that the messages dialect was written for. */
const API_VERSION = '2023-06-01';

/** Anthropic's own API: it knows us by `x-api-key` and wants to be told its version. Base URL: …/v1. */
export function createAnthropicRunner({ apiKey, ...options }: OpenaiRunnerOptions): Runner {
  return createHttpRunner(options, () => ({
    'anthropic-version': API_VERSION,
    ...(apiKey === undefined ? {} : { 'x-api-key': apiKey.reveal() }),
  }));
}
