import { anthropicCountTokens, anthropicMessages } from '../dialects/anthropic-messages.ts';
import { openaiChat } from '../dialects/openai-chat.ts';
import { openaiCompletions } from '../dialects/openai-completions.ts';
import { openaiEmbeddings } from '../dialects/openai-embeddings.ts';
import { openaiCompact, openaiInputTokens, openaiResponses } from '../dialects/openai-responses.ts';
import { type Route } from './route-table.ts';
import { dialectRoute } from './routes/completions.ts';
import {
  CHAT_TEXT,
  COMPACT_TEXT,
  COMPLETIONS_TEXT,
  COUNT_TOKENS_TEXT,
  EMBEDDINGS_TEXT,
  INPUT_TOKENS_TEXT,
  MESSAGES_TEXT,
  RESPONSES_TEXT,
} from './routes/dialect-texts.ts';
import { type DocsRouteOptions, docsRoutes } from './routes/docs.ts';
import { gatewayRoutes } from './routes/gateways.ts';
import { type GuardRouteOptions } from './routes/guardrails.ts';
import { type HealthRouteOptions, healthRoutes, metricsRoute } from './routes/health.ts';
import { type ModelsRouteOptions, modelsRoutes } from './routes/models.ts';
import { presidioRoutes } from './routes/presidio.ts';
import { type StoredRouteOptions, storedRoutes } from './routes/stored.ts';

export interface DataPlaneRouteOptions
  extends HealthRouteOptions, StoredRouteOptions, ModelsRouteOptions, GuardRouteOptions, DocsRouteOptions {
  /** Metrics tell about traffic; on a port that callers reach they are for development. */
  readonly metricsHere: boolean;
}

/** Everything the data plane answers, one line a route (or a family of routes). */
export function declareDataPlane(options: DataPlaneRouteOptions): readonly Route[] {
  const routes: readonly Route[] = [
    dialectRoute(openaiChat, CHAT_TEXT, options),
    dialectRoute(openaiResponses, RESPONSES_TEXT, options),
    dialectRoute(openaiInputTokens, INPUT_TOKENS_TEXT, options),
    dialectRoute(openaiCompact, COMPACT_TEXT, options),
    ...storedRoutes(options),
    dialectRoute(openaiCompletions, COMPLETIONS_TEXT, options),
    dialectRoute(openaiEmbeddings, EMBEDDINGS_TEXT, options),
    dialectRoute(anthropicMessages, MESSAGES_TEXT, options),
    dialectRoute(anthropicCountTokens, COUNT_TOKENS_TEXT, options),
    ...modelsRoutes(options),
    ...presidioRoutes(options),
    ...gatewayRoutes(options),
    ...healthRoutes(options, options.metricsHere),
    ...(options.metricsHere ? [metricsRoute(options)] : []),
    ...(options.docsHere ? docsRoutes(options, () => routes) : []),
  ];
  return routes;
}

/** The control plane's port: `controls` are what needs a token. */
export function declareAdminPlane(
  options: HealthRouteOptions & Pick<DocsRouteOptions, 'version'>,
  controls: readonly Route[],
): readonly Route[] {
  const routes: readonly Route[] = [
    ...controls,
    ...healthRoutes(options, true),
    metricsRoute(options),
    ...docsRoutes({ ...options, docsHere: true }, () => routes),
  ];
  return routes;
}
