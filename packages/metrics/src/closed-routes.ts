import { explainRoute, knownModels } from '@understudy/routing';
import type { ExplainedTarget, RoutingViews } from '@understudy/routing';

/** Names of routes, those of the configuration always, and whether any target takes a job now. */
export interface RouteStates {
  open: string[];
  closed: string[];
}

/**
 * Which routes are closed: every target cools down, is probed, is paused, has no worker or does not
 * know the model. Routes that are made from what providers know are many, so of them only the closed ones are
 * told, and none is looked at unless `anyShut`: a provider or a model cools down, is paused or has
 * no worker. One of them whose targets are all retired is not told of: a job there fails, and waits
 * for nothing that an operator could open.
 * @param isWaitedFor whether jobs wait for a provider's model to open
 */
export function routeStates(
  views: RoutingViews,
  now: number,
  anyShut: boolean,
  isWaitedFor: (provider: string, model: string) => boolean,
): RouteStates {
  const configured = Object.keys(views.settings.routes);
  const automatic = anyShut
    ? knownModels(views).filter((name) => !Object.hasOwn(views.settings.routes, name))
    : [];
  /**
   * After a cool-down one call at a time may try. While others wait for it to succeed the target
   * takes none of them, whether a call tries just now or the next one is on its way: in an outage
   * by timeouts that changes every few seconds, for hours.
   */
  const takesJobs = ({ state, probed, provider, model_sent: model }: ExplainedTarget): boolean =>
    state === 'open' ||
    (state === 'probing' &&
      probed !== true &&
      (model === undefined || !isWaitedFor(provider, model)));
  const targetsOf = (name: string): ExplainedTarget[] =>
    explainRoute(name, undefined, views, now)?.targets ?? [];
  const closed = configured.filter((name) => !targetsOf(name).some(takesJobs));
  const waitedFor = automatic.filter((name) => {
    const targets = targetsOf(name);
    return !targets.some(takesJobs) && !areRetired(targets);
  });
  return {
    open: configured.filter((name) => !closed.includes(name)),
    closed: [...closed, ...waitedFor],
  };
}

function areRetired(targets: readonly ExplainedTarget[]): boolean {
  return targets.every(({ state }) => state === 'retired');
}
