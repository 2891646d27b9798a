import { type Dialect, type ParsedRequest } from '../../dialects/dialect.ts';
import { type Runner, type RunnerRequest } from '../../domain/runner.ts';
import { type Candidate } from '../../runners/route.ts';
import { renameModel } from '../../translate/rename-model.ts';
import { translateRequest, vendorOf } from '../../translate/translate.ts';
import { type Translated } from '../../translate/translated.ts';
import { untranslatable } from '../../translate/untranslatable.ts';

/** A protected call as one runner is to get it. */
export interface Outbound extends Pick<RunnerRequest, 'method' | 'path' | 'body'> {
  readonly runner: Runner;
  /** Features of the vendor's; no other vendor is told of them. */
  readonly betas: readonly string[];
  /** Given when the runner speaks another vendor's API than the caller. */
  readonly translated: Translated | undefined;
}

/** Only ever sees the protected body. Throws `untranslatable` for what the runner could not be told. */
export function prepareOutbound(
  { runner, model }: Candidate,
  dialect: Dialect,
  request: Pick<ParsedRequest, 'model' | 'target'>,
  call: { readonly body: string; readonly betas: readonly string[]; readonly nowMs: number },
): Outbound {
  const { body, betas, nowMs } = call;
  const speaks = runner.speaks.includes(vendorOf(dialect));
  if (request.target !== undefined) {
    if (!speaks) throw untranslatable('', 'calls at this endpoint');
    const { method, path, sendsBody } = request.target;
    const sent = sendsBody === true ? body : undefined;
    return { method, path, runner, body: sent, betas: [], translated: undefined };
  }
  if (speaks) {
    const renamed = model === request.model ? body : renameModel(body, model);
    return { runner, method: 'POST', path: dialect.path, body: renamed, betas, translated: undefined };
  }
  const translated = translateRequest(dialect, body, { model, nowS: Math.floor(nowMs / 1000) });
  return { runner, method: 'POST', path: translated.path, body: translated.body, betas: [], translated };
}
