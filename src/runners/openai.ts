import { type Runner } from '../domain/runner.ts';
import { createHttpRunner, type HttpRunnerOptions } from './http-runner.ts';

/** An OpenAI-compatible model runner: vendors, and vLLM, SGLang, Ollama, LiteLLM and others. */
export function createOpenaiRunner(options: HttpRunnerOptions): Runner {
  return createHttpRunner(options, (apiKey) =>
    apiKey === undefined ? {} : { authorization: `Bearer ${apiKey.reveal()}` },
  );
}
