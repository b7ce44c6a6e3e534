import { nearNames } from '@understudy/configuration';
import { canonicalName } from '@understudy/models';
import type { RoutingViews } from './routing-views.ts';

/** Every name a job may ask for now: explicit routes, and what providers know. */
export function knownModels(views: RoutingViews): string[] {
  const names = new Set(Object.keys(views.settings.routes));
  if (views.settings.autoRoutes) {
    for (const provider of Object.keys(views.settings.providers)) {
      const registration = views.registration(provider);
      if (registration === undefined) continue;
      for (const name of Object.keys(registration.models)) names.add(name);
      for (const name of Object.keys(registration.overrides)) names.add(name);
    }
  }
  return [...names].toSorted();
}

/** Up to three known names that may be meant by the one asked for; none where none looks like it. */
export function nearestModels(model: string, views: RoutingViews): string[] {
  return nearNames(canonicalName(model) ?? model, knownModels(views));
}
