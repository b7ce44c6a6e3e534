import type { RouteSettings, SplitSettings, TargetSettings } from '@understudy/configuration';
import { own } from '@understudy/contracts';
import { canonicalName, lookupInTables, vendorOf } from '@understudy/models';
import { isPermitted } from './provider-rules.ts';
import type { Choice } from './provider-rules.ts';
import type { RoutingViews } from './routing-views.ts';

export interface Route extends RouteSettings {
  /** Made from what providers know, not written by the operator. */
  automatic: boolean;
}

/**
 * The route of a model name: an explicit one of exactly this name, then an explicit one of the
 * same canonical name, then the automatic one. Undefined when nobody knows the name.
 * @param job who may see it decides on an automatic route; absent, one that anybody may see
 */
export function resolveRoute(
  model: string,
  views: RoutingViews,
  today: string,
  job?: Choice,
): Route | undefined {
  return routeFor(
    model,
    views,
    today,
    (provider) => job === undefined || isPermitted(provider, undefined, job, views.settings),
  );
}

/** The same with every target that it has for some job. */
export function widestRoute(model: string, views: RoutingViews, today: string): Route | undefined {
  return routeFor(model, views, today, () => false);
}

/** @param maySee whether a provider may see the job */
function routeFor(
  model: string,
  views: RoutingViews,
  today: string,
  maySee: (provider: string) => boolean,
): Route | undefined {
  const { routes, autoRoutes } = views.settings;
  const exact = own(routes, model);
  if (exact !== undefined) return { ...exact, automatic: false };
  const canonical = canonicalName(model);
  if (canonical !== undefined) {
    const sameModel = Object.values(routes).find(({ name }) => canonicalName(name) === canonical);
    if (sameModel !== undefined) return { ...sameModel, automatic: false };
  }
  return autoRoutes ? automaticRoute(model, views, today, maySee) : undefined;
}

/**
 * Every configured provider whose tables hold the name: the vendor's own first, then as configured.
 * Where none of these may see the job, or there is none, those that pass names through come after them,
 * and are on no other route: they may know nothing of the name, and nobody named them for it.
 */
function automaticRoute(
  model: string,
  views: RoutingViews,
  today: string,
  maySee: (provider: string) => boolean,
): Route | undefined {
  const canonical = canonicalName(model);
  const vendor = canonical === undefined ? undefined : vendorOf(canonical);
  const registered = Object.keys(views.settings.providers).flatMap((provider) => {
    const registration = views.registration(provider);
    return registration === undefined ? [] : [{ provider, registration }];
  });
  const holding = registered.filter(
    ({ registration }) => lookupInTables(model, registration, today).kind !== 'unmapped',
  );
  const passing = holding.some(({ provider }) => maySee(provider))
    ? []
    : registered.filter((one) => one.registration.passthrough && !holding.includes(one));
  if (holding.length + passing.length === 0) return undefined;
  const rank = ({ registration }: (typeof registered)[number]): number =>
    registration.vendor === vendor ? 0 : 1;
  const ranked = [holding, passing].flatMap((some) => some.toSorted((a, b) => rank(a) - rank(b)));
  return {
    name: model,
    automatic: true,
    targets: ranked.map(({ provider }) => ({ provider })),
    splitBy: 'job',
    maxCalls: views.settings.defaults.maxCalls,
    onRefusal: 'accept',
    onLoss: 'drop',
    verdicts: [],
  };
}

export function isSplit(target: TargetSettings | SplitSettings): target is SplitSettings {
  return 'split' in target;
}
