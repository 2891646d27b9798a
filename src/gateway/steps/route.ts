import { CordonError } from '../../domain/errors.ts';
import { type Runner } from '../../domain/runner.ts';
import { routeModel, servesModel } from '../../runners/route.ts';

/** The runner for a model; `keeper`: the one that keeps what the call builds on, which no other runner knows. */
export function chooseRunner(runners: readonly Runner[], model: string, keeper: string | undefined): Runner {
  if (keeper !== undefined) return keepingRunner(runners, model, keeper);
  const runner = routeModel(runners, model);
  if (runner !== undefined) return runner;
  throw new CordonError(
    'not_found',
    'No model runner serves this model; GET /v1/models lists those that are.',
    { param: '/model' },
  );
}

function keepingRunner(runners: readonly Runner[], model: string, keeper: string): Runner {
  const runner = runners.find(({ destination }) => destination.runner === keeper);
  if (runner === undefined) {
    throw new CordonError(
      'upstream_unavailable',
      'The model runner that stored what this call builds on is not configured any more.',
    );
  }
  if (servesModel(runner, model)) return runner;
  throw new CordonError(
    'invalid_request',
    'The model runner that stored what this call builds on does not serve this model.',
    { param: '/model' },
  );
}
