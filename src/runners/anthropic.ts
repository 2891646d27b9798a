import { type Runner } from '../domain/runner.ts';
import { createHttpRunner, type HttpRunnerOptions } from './http-runner.ts';

/** The version of Anthropic's API that the messages dialect was written for. */
const API_VERSION = '2023-06-01';

/** Anthropic's own API: it knows us by `x-api-key` and wants to be told its version. */
export function createAnthropicRunner(options: HttpRunnerOptions): Runner {
  return createHttpRunner(options, (apiKey) => ({
    'anthropic-version': API_VERSION,
    ...(apiKey === undefined ? {} : { 'x-api-key': apiKey.reveal() }),
  }));
}
