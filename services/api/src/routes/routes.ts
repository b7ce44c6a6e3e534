import { explainRoute, isSplit, knownModels, resolveRoute, targetName } from '@understudy/routing';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { findRoute } from '@understudy/submission';
import { instant } from '../render-attempt.ts';
import { answers } from '../schemas/answers.ts';
import {
  explainQuerySchema,
  explainedRouteSchema,
  modelParametersSchema,
  routeListSchema,
} from '../schemas/provider-schemas.ts';

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
      const today = new Date(clock.now()).toISOString().slice(0, 10);
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
        summary: 'Which targets a job for this model would visit now, and why one would be skipped',
        params: modelParametersSchema,
        querystring: explainQuerySchema,
        response: answers({ 200: explainedRouteSchema }, 400, 404),
      },
    },
    async ({ params, query }) => {
      const views = dispatch.views();
      const now = clock.now();
      const explained = explainRoute(params.model, query.endpoint, views, now);
      // It throws what a submit would meet: the nearest names, or that a worker is not there yet.
      if (explained === undefined) return findRoute(params.model, views, now);
      const { name, automatic, targets } = explained;
      return {
        object: 'route',
        name,
        automatic,
        targets: targets.map(({ until, ...target }) =>
          until === undefined ? target : { ...target, until: instant(until) },
        ),
      };
    },
  );
}
