import { canonicalName, vendorOf } from '@understudy/models';
import { knownModels, resolveRoute } from '@understudy/routing';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { providersOf } from '@understudy/submission';
import { answers } from '../schemas/answers.ts';
import { modelListSchema } from '../schemas/provider-schemas.ts';

export function addModelRoutes(app: ApiApp, { dispatch }: ApiParts): void {
  app.get(
    '/v1/models',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Every model a job may ask for, in the shape of the OpenAI list',
        response: answers({ 200: modelListSchema }),
      },
    },
    async () => {
      const views = dispatch.views();
      const today = new Date(dispatch.clock.now()).toISOString().slice(0, 10);
      const data = knownModels(views).map((id) => {
        const route = resolveRoute(id, views, today);
        const canonical = canonicalName(id);
        const vendor = canonical === undefined ? undefined : vendorOf(canonical);
        return {
          id,
          object: 'model',
          created: 0,
          owned_by: vendor ?? 'understudy',
          providers: route === undefined ? [] : providersOf(route),
        };
      });
      return { object: 'list', data };
    },
  );
}
