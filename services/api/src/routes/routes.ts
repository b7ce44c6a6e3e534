import { suggestName } from '@understudy/configuration';
import { BrokerError, utcDay } from '@understudy/contracts';
import { explainRoute, isSplit, knownModels, resolveRoute, targetName } from '@understudy/routing';
import type { RoutingViews } from '@understudy/routing';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { findRoute } from '@understudy/submission';
import { instant } from '../answers/instant.ts';
import { renderPause } from '../answers/render-provider.ts';
import { answers } from '../schemas/answers.ts';
import {
  explainQuerySchema,
  explainedRouteSchema,
  modelParametersSchema,
  routeListSchema,
} from '../schemas/provider-schemas.ts';

/** Of names that are not known, so many are told, so long. */
const MOST_NAMED = 5;
const LONGEST_NAMED = 64;

export function addRouteRoutes(app: ApiApp, { dispatch }: ApiParts): void {
  const { clock } = dispatch;

  app.get(
    '/v1/routes',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'All routes: those of the configuration, and those made from what providers know',
        response: answers({ 200: routeListSchema }),
      },
    },
    async () => {
      const views = dispatch.views();
      const today = utcDay(clock.now());
      const data = knownModels(views).flatMap((name) => {
        const route = resolveRoute(name, views, today);
        if (route === undefined) return [];
        const arms = route.targets.flatMap((target) => (isSplit(target) ? target.split : [target]));
        return [
          { object: 'route', name, automatic: route.automatic, targets: arms.map(targetName) },
        ];
      });
      return { object: 'list', data };
    },
  );

  app.get(
    '/v1/routes/:model',
    {
      config: { scope: 'read' },
      schema: {
        summary:
          'Which targets a job for this model would visit now or in an outage, and why one is skipped',
        params: modelParametersSchema,
        querystring: explainQuerySchema,
        response: answers({ 200: explainedRouteSchema }, 400, 404),
      },
    },
    async ({ params, query, project }) => {
      const views = dispatch.views();
      const now = clock.now();
      const without = configuredProviders(query.without, views);
      const explained = explainRoute(params.model, query.endpoint, views, now, without, project);
      // It throws what a submit would meet: the nearest names, or that a worker is not there yet.
      if (explained === undefined) return findRoute(params.model, views, now);
      const { name, automatic, targets } = explained;
      return {
        object: 'route',
        name,
        automatic,
        targets: targets.map(({ until, probed: _probed, ...target }) => {
          const pause = dispatch.availability.pause(target.provider);
          return {
            ...target,
            ...(until === undefined ? {} : { until: instant(until) }),
            ...(target.state === 'paused' && pause !== undefined
              ? { paused: renderPause(pause) }
              : {}),
          };
        }),
      };
    },
  );
}

/** @throws BrokerError naming those that are not configured, and what looks like them */
function configuredProviders(list: string | undefined, { settings }: RoutingViews): string[] {
  const names = (list?.split(',') ?? []).map((name) => name.trim()).filter((name) => name !== '');
  const known = Object.keys(settings.providers);
  const unknown = names.filter((name) => !known.includes(name)).slice(0, MOST_NAMED);
  if (unknown.length === 0) return names;
  const hints = unknown.map(
    (name) => `${JSON.stringify(name.slice(0, LONGEST_NAMED))}: ${suggestName(name, known)}`,
  );
  throw new BrokerError('invalid_request', `without names no provider: ${hints.join('; ')}`, {
    param: 'without',
  });
}
