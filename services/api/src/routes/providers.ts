import { renderProviders } from '../answers/render-provider.ts';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { answers } from '../schemas/answers.ts';
import { providerListSchema } from '../schemas/provider-schemas.ts';
import { addProviderControlRoutes } from './provider-controls.ts';

export function addProviderRoutes(app: ApiApp, parts: ApiParts): void {
  const { dispatch } = parts;
  app.get(
    '/v1/providers',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'The configured providers: workers, queues, pauses, cool-downs, waiting jobs, use',
        response: answers({ 200: providerListSchema }),
      },
    },
    async () => {
      const providers = Object.values(dispatch.views().settings.providers);
      return { object: 'list', data: await renderProviders(dispatch, providers) };
    },
  );
  addProviderControlRoutes(app, parts);
}
