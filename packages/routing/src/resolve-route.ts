import type { RouteSettings, SplitSettings, TargetSettings } from '@understudy/configuration';
import { own } from '@understudy/contracts';
import { canonicalName, lookupInTables, vendorOf } from '@understudy/models';
import type { RoutingViews } from './routing-views.ts';

export interface Route extends RouteSettings {
  /** Made from what providers know, not written by the operator. */
  automatic: boolean;
}

/**
 * The route of a model name: an explicit one of exactly this name, then an explicit one of the
 * same canonical name, then the automatic one. Undefined when nobody knows the name.
 */
export function resolveRoute(model: string, views: RoutingViews, today: string): Route | undefined {
  const { routes, autoRoutes } = views.settings;
  const exact = own(routes, model);
  if (exact !== undefined) return { ...exact, automatic: false };
  const canonical = canonicalName(model);
  if (canonical !== undefined) {
    const sameModel = Object.values(routes).find(({ name }) => canonicalName(name) === canonical);
    if (sameModel !== undefined) return { ...sameModel, automatic: false };
  }
  return autoRoutes ? automaticRoute(model, views, today) : undefined;
}

/**
 * Every configured provider whose tables hold the name: the vendor's own first, then as configured.
 * Those that pass names through make the route of one that nobody's tables hold, and of no other: they
 * may know nothing of it, and nobody named them for it.
 */
function automaticRoute(model: string, views: RoutingViews, today: string): Route | undefined {
  const canonical = canonicalName(model);
  const vendor = canonical === undefined ? undefined : vendorOf(canonical);
  const registered = Object.keys(views.settings.providers).flatMap((provider) => {
    const registration = views.registration(provider);
    return registration === undefined ? [] : [{ provider, registration }];
  });
  const holding = registered.filter(
    ({ registration }) => lookupInTables(model, registration, today).kind !== 'unmapped',
  );
  const found =
    holding.length > 0
      ? holding
      : registered.filter(({ registration }) => registration.passthrough);
  if (found.length === 0) return undefined;
  const rank = ({ registration }: (typeof found)[number]): number =>
    registration.vendor === vendor ? 0 : 1;
  return {
    name: model,
    automatic: true,
    targets: found.toSorted((a, b) => rank(a) - rank(b)).map(({ provider }) => ({ provider })),
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
