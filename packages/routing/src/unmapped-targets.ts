import { explainRoute } from './explain-route.ts';
import type { RoutingViews } from './routing-views.ts';

export interface UnmappedTarget {
  route: string;
  provider: string;
}

/**
 * Targets of written routes whose provider has told what it knows, and knows no model by the route's
 * name: no job is ever sent there. Each provider once for each route.
 */
export function unmappedTargets(views: RoutingViews, now: number): UnmappedTarget[] {
  return Object.keys(views.settings.routes).flatMap((route) => {
    const targets = explainRoute(route, undefined, views, now)?.targets ?? [];
    const unmapped = targets.filter(({ state }) => state === 'unmapped');
    const providers = new Set(unmapped.map(({ provider }) => provider));
    return [...providers].map((provider) => ({ route, provider }));
  });
}
