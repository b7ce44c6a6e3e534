import { BrokerError, utcDay } from '@understudy/contracts';
import { isSplit, nearestModels, resolveRoute } from '@understudy/routing';
import type { Route, RoutingViews } from '@understudy/routing';
import type { Submission } from './submission.ts';
import { vendorStateIn } from './vendor-state.ts';

/** A worker that starts has told what it knows within this time. */
const WORKER_START_SECONDS = 2;

/**
 * The route a submission takes, as known now.
 * @throws BrokerError when there is none, or the submission names what cannot be honoured
 */
export function checkSubmission(submission: Submission, views: RoutingViews, now: number): Route {
  checkProviders(submission, views);
  const route = findRoute(submission.body.model, views, now);
  checkStatefulness(submission, route);
  return route;
}

/** @throws BrokerError 404 with the nearest names; 503 while a worker might still bring the name */
export function findRoute(model: string, views: RoutingViews, now: number): Route {
  const route = resolveRoute(model, views, utcDay(now));
  if (route !== undefined) return route;
  const { autoRoutes, providers } = views.settings;
  // Only an automatic route can still appear; explicit ones are all known.
  const silent = Object.keys(autoRoutes ? providers : {}).filter(
    (provider) => views.registration(provider) === undefined,
  );
  if (silent.length > 0) {
    throw new BrokerError(
      'unavailable',
      `the model "${model}" is not known yet: the worker of ${silent.join(', ')} has not started`,
      { retryAfterSeconds: WORKER_START_SECONDS },
    );
  }
  const nearest = nearestModels(model, views).map((name) => `"${name}"`);
  const hint =
    nearest.length === 0
      ? 'GET /v1/models lists those there are'
      : `did you mean ${nearest.join(' or ')}?`;
  throw new BrokerError('model_not_found', `no route leads to the model "${model}"; ${hint}`, {
    param: 'body.model',
  });
}

/** A misspelt name in `except` would send a job to where it must not go. */
export function checkProviders(
  { providers }: Pick<Submission, 'providers'>,
  views: RoutingViews,
): void {
  if (providers === undefined) return;
  const [member, names] =
    'only' in providers
      ? (['only', providers.only] as const)
      : (['except', providers.except] as const);
  const configured = Object.keys(views.settings.providers);
  const unknown = names.find((name) => !configured.includes(name));
  if (unknown === undefined) return;
  throw new BrokerError(
    'invalid_request',
    `providers.${member} names "${unknown}", which is not configured; there are ${configured.join(', ')}`,
    { param: `providers.${member}` },
  );
}

/** What a vendor stored under an id is at that vendor's account alone. */
function checkStatefulness({ body, providers }: Submission, route: Route): void {
  const member = vendorStateIn(body);
  if (member === undefined) return;
  const possible = permittedProviders(route, providers);
  if (possible.length === 1) return;
  throw new BrokerError(
    'invalid_request',
    `${member} is known to one provider only, and ${possible.length} may answer this job; ` +
      'name one with "providers": {"only": ["…"]}, or on a vendor\'s path with ' +
      '"Understudy-Providers: only=…", or send what it stands for',
    { param: `body.${member}` },
  );
}

/** The providers that may answer a job: its route's, as far as route and job permit them. */
export function permittedProviders(route: Route, choice: Submission['providers']): string[] {
  return providersOf(route).filter(
    (name) => permits(choice, name) && permits(route.providers, name),
  );
}

function permits(rule: { only?: string[]; except?: string[] } | undefined, name: string): boolean {
  return (rule?.only?.includes(name) ?? true) && rule?.except?.includes(name) !== true;
}

/** Every provider a route may lead to, each once. */
export function providersOf(route: Route): string[] {
  const arms = route.targets.flatMap((target) => (isSplit(target) ? target.split : [target]));
  return [...new Set(arms.map(({ provider }) => provider))];
}
