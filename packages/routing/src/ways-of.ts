import { hash } from 'node:crypto';
import type { TargetSettings } from '@understudy/configuration';
import { utcDay } from '@understudy/contracts';
import { lookupName } from '@understudy/models';
import { isSplit, widestRoute } from './resolve-route.ts';
import type { RoutingViews } from './routing-views.ts';

/**
 * What names the ways that lead on for jobs of a model: the targets of its route in order, each with
 * the name that would be sent there, and of a split which arms are open to jobs that another was drawn
 * for. Another text means that a job which has nowhere to go may have by now. Whether a target is open
 * or has a worker is no part of it: what changes there wakes those who wait for it. Neither is who may
 * see a job: a target that must not is closed to that job for good, and of an automatic route the
 * targets count that it has only for some jobs.
 */
export function waysOf(model: string, views: RoutingViews, now: number): string {
  const today = utcDay(now);
  const route = widestRoute(model, views, today);
  const wayTo = ({ provider, model: drawn }: TargetSettings): [string, string] => {
    const registration = views.registration(provider);
    const found = registration && lookupName(model, drawn, registration, today);
    return [provider, found?.kind === 'mapped' ? found.model : ''];
  };
  const ways = (route?.targets ?? []).map((target) =>
    isSplit(target) ? target.split.map((arm) => [...wayTo(arm), arm.fallback]) : wayTo(target),
  );
  return hash('sha256', JSON.stringify(ways), 'base64url').slice(0, 22);
}
