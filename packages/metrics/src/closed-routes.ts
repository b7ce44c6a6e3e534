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
 * told, and none is looked at unless `anyCooling`.
 */
export function routeStates(views: RoutingViews, now: number, anyCooling: boolean): RouteStates {
  const configured = Object.keys(views.settings.routes);
  const automatic = anyCooling
    ? knownModels(views).filter((name) => !Object.hasOwn(views.settings.routes, name))
    : [];
  const isClosed = (name: string): boolean => {
    const targets = explainRoute(name, undefined, views, now)?.targets ?? [];
    return targets.every(({ state }) => state !== 'open');
  };
  return {
    open: configured.filter((name) => !isClosed(name)),
    closed: [...configured, ...automatic].filter(isClosed),
  };
}
