import { explainRoute, knownModels } from '@understudy/routing';
import type { RoutingViews } from '@understudy/routing';

/** Names of routes, those of the configuration always, and whether any target takes a job now. */
export interface RouteStates {
  open: string[];
  closed: string[];
}

/**
 * Which routes are closed: every target cools down, is paused, has no worker or does not know the
 * model. Routes that are made from what providers know are many, so of them only the closed ones are
 * told, and none is looked at unless `anyShut`: a provider or a model cools down, is paused or has
 * no worker. One of them whose targets are all retired is not told of: a job there fails, and waits
 * for nothing that an operator could open.
 */
export function routeStates(views: RoutingViews, now: number, anyShut: boolean): RouteStates {
  const configured = Object.keys(views.settings.routes);
  const automatic = anyShut
    ? knownModels(views).filter((name) => !Object.hasOwn(views.settings.routes, name))
    : [];
  const statesOf = (name: string): string[] =>
    (explainRoute(name, undefined, views, now)?.targets ?? []).map(({ state }) => state);
  const closed = configured.filter((name) => !takesJobs(statesOf(name)));
  const waitedFor = automatic.filter((name) => {
    const states = statesOf(name);
    return !takesJobs(states) && !areRetired(states);
  });
  return {
    open: configured.filter((name) => !closed.includes(name)),
    closed: [...closed, ...waitedFor],
  };
}

/** One that is probed after a cool-down takes a job as well. */
function takesJobs(states: readonly string[]): boolean {
  return states.some((state) => state === 'open' || state === 'probing');
}

function areRetired(states: readonly string[]): boolean {
  return states.every((state) => state === 'retired');
}
