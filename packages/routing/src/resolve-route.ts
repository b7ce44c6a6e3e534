import type { RouteSettings, SplitSettings, TargetSettings } from '@understudy/configuration';
import { own } from '@understudy/contracts';
import { canonicalName, lookupName, vendorOf } from '@understudy/models';
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

/** Every configured provider that knows the name: the vendor's own first, then as configured. */
function automaticRoute(model: string, views: RoutingViews, today: string): Route | undefined {
  const canonical = canonicalName(model);
  const vendor = canonical === undefined ? undefined : vendorOf(canonical);
  const knowing = Object.keys(views.settings.providers).filter((provider) => {
    const registration = views.registration(provider);
    return (
      registration !== undefined &&
      lookupName(model, undefined, registration, today).kind !== 'unmapped'
    );
  });
  if (knowing.length === 0) return undefined;
  const rank = (provider: string): number =>
    views.registration(provider)?.vendor === vendor ? 0 : 1;
  return {
    name: model,
    automatic: true,
    targets: knowing.toSorted((a, b) => rank(a) - rank(b)).map((provider) => ({ provider })),
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
