import { type Runner } from '../domain/runner.ts';
import { type Secret } from '../domain/secret.ts';
import { createHttpRunner, type HttpRunnerOptions } from './http-runner.ts';

export interface OpenaiRunnerOptions extends HttpRunnerOptions {
  /** Ours, not the caller's: callers never see it and theirs never leaves. */
  readonly apiKey: Secret | undefined;
}

/** An OpenAI-compatible model runner: vendors, and vLLM, SGLang, Ollama, LiteLLM and others. */
export function createOpenaiRunner({ apiKey, ...options }: OpenaiRunnerOptions): Runner {
  return createHttpRunner(options, () =>
    apiKey === undefined ? {} : { authorization: `Bearer ${apiKey.reveal()}` },
  );
}
