import { BrokerError, utcDay } from '@understudy/contracts';
import {
  isPermitted,
  isSplit,
  nearestModels,
  permits,
  projectRule,
  resolveRoute,
} from '@understudy/routing';
import type { Choice, Route, RoutingViews } from '@understudy/routing';
import type { Submission } from './submission.ts';
import { vendorStateIn } from './vendor-state.ts';

/** A worker that starts has told what it knows within this time. */
const WORKER_START_SECONDS = 2;

/**
 * The route a submission takes, as known now.
 * @throws BrokerError when there is none, or the submission names what cannot be honoured
 */
export function checkSubmission(
  project: string,
  submission: Submission,
  views: RoutingViews,
  now: number,
): Route {
  checkProviders(submission, views);
  const { body, providers } = submission;
  const choice = { project, providers };
  const route = findRoute(body.model, views, now, choice);
  checkProjectRule(body.model, choice, route, views);
  checkStatefulness(submission, () => permittedProviders(route, choice, views));
  return route;
}

/**
 * The route of a model for a job; without a job, of one that anybody may see.
 * @throws BrokerError 404 with the nearest names; 503 while a worker might still bring the name
 */
export function findRoute(model: string, views: RoutingViews, now: number, choice?: Choice): Route {
  const route = resolveRoute(model, views, utcDay(now), choice);
  if (route !== undefined) return route;
  // Only an automatic route can still appear; explicit ones are all known.
  refuseUntilStarted(model, views.settings.autoRoutes ? silentProviders(views) : []);
  const nearest = nearestModels(model, views).map((name) => `"${name}"`);
  const hint =
    nearest.length === 0
      ? 'GET /v1/models lists those there are, and an operator can add it to a provider\'s "models"'
      : `did you mean ${nearest.join(' or ')}?`;
  throw new BrokerError('model_not_found', `no route leads to the model "${model}"; ${hint}`, {
    param: 'body.model',
  });
}

/** Those of whom no worker has told yet what they know. */
function silentProviders({ settings, registration }: RoutingViews): string[] {
  return Object.keys(settings.providers).filter((name) => registration(name) === undefined);
}

function refuseUntilStarted(model: string, silent: readonly string[]): void {
  if (silent.length === 0) return;
  throw new BrokerError(
    'unavailable',
    `the model "${model}" is not known yet: the worker of ${silent.join(', ')} has not started`,
    { retryAfterSeconds: WORKER_START_SECONDS },
  );
}

/**
 * A job that nobody may answer because of its project is refused, and its caller told why.
 * @throws BrokerError 403; 503 while a worker that has not started might still take it
 */
function checkProjectRule(model: string, choice: Choice, route: Route, views: RoutingViews): void {
  const { settings } = views;
  const rule = projectRule(choice.project, settings);
  if (rule === undefined) return;
  const possible = providersOf(route).filter(
    (name) => permits(route.providers, name) && permits(choice.providers, name),
  );
  if (possible.length === 0 || possible.some((name) => permits(rule, name))) return;
  const silent = route.automatic ? silentProviders(views) : [];
  refuseUntilStarted(
    model,
    silent.filter((name) => isPermitted(name, route, choice, settings)),
  );
  const { only, except } = rule;
  const said = [
    ...(only === undefined ? [] : [`only to ${only.join(', ')}`]),
    ...(except === undefined ? [] : [`not to ${except.join(', ')}`]),
  ];
  throw new BrokerError(
    'forbidden',
    `jobs of this project go ${said.join(' and ')}, and this one for the model "${model}" ` +
      `could go to ${possible.join(', ')} alone`,
    { param: choice.providers === undefined ? 'body.model' : 'providers' },
  );
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
function checkStatefulness({ body }: Submission, permitted: () => readonly string[]): void {
  const member = vendorStateIn(body);
  if (member === undefined) return;
  const possible = permitted();
  if (possible.length === 1) return;
  throw new BrokerError(
    'invalid_request',
    `${member} is known to one provider only, and ${possible.length} may answer this job; ` +
      'name one with "providers": {"only": ["…"]}, or on a vendor\'s path with ' +
      '"Understudy-Providers: only=…", or send what it stands for',
    { param: `body.${member}` },
  );
}

/** The providers that may answer a job: its route's, as far as route, project and job permit them. */
export function permittedProviders(
  route: Route,
  choice: Choice,
  { settings }: RoutingViews,
): string[] {
  return providersOf(route).filter((name) => isPermitted(name, route, choice, settings));
}

/** Every provider a route may lead to, each once. */
export function providersOf(route: Route): string[] {
  const arms = route.targets.flatMap((target) => (isSplit(target) ? target.split : [target]));
  return [...new Set(arms.map(({ provider }) => provider))];
}
