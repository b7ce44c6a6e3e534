import type { Job } from '../../api/contract.ts';

export type Endpoint = Job['endpoint'];

export const ENDPOINTS: readonly Endpoint[] = [
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/messages',
  '/v1/embeddings',
];

/** What is asked about a route; it lives in the address of the page. */
export interface RouteQuestion {
  model?: string;
  endpoint?: Endpoint;
  /** Providers that are to be thought of as down. */
  without: readonly string[];
}

export function readRouteQuestion(query: Readonly<Record<string, string>>): RouteQuestion {
  const endpoint = ENDPOINTS.find((known) => known === query['endpoint']);
  const model = query['model'];
  const without = (query['without'] ?? '').split(',').filter((name) => name !== '');
  return {
    ...(model === undefined || model === '' ? {} : { model }),
    ...(endpoint === undefined ? {} : { endpoint }),
    without: [...new Set(without)],
  };
}

export function routeAddress({ model, endpoint, without }: RouteQuestion): string {
  const query = new URLSearchParams();
  if (model !== undefined) query.set('model', model);
  if (endpoint !== undefined) query.set('endpoint', endpoint);
  if (without.length > 0) query.set('without', without.join(','));
  return query.size === 0 ? '/console/routes' : `/console/routes?${query}`;
}

/** Takes a provider in or out of those that are thought of as down. */
export function toggleOutage(
  question: RouteQuestion,
  provider: string,
  isDown: boolean,
): RouteQuestion {
  const others = question.without.filter((name) => name !== provider);
  return { ...question, without: isDown ? [...others, provider] : others };
}

/** The same question from a shell, whatever the model is called. */
export function explainCommand(
  origin: string,
  { model, endpoint, without }: RouteQuestion & { model: string },
): string {
  const query = new URLSearchParams({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(without.length === 0 ? {} : { without: without.join(',') }),
  });
  // In an address a quote may stand as it is; in the shell's quotes it would end them.
  const name = encodeURIComponent(model).replaceAll("'", '%27');
  const path = `/v1/routes/${name}${query.size === 0 ? '' : `?${query}`}`;
  return `curl -s '${origin}${path}' -H "authorization: Bearer $UNDERSTUDY_API_KEY"`;
}
