import type { ApiApp, ApiParts } from '../api-parts.ts';
import { renderProvider } from '../render-provider.ts';
import { answers } from '../schemas/answers.ts';
import { providerListSchema } from '../schemas/provider-schemas.ts';

export function addProviderRoutes(app: ApiApp, { dispatch }: ApiParts): void {
  app.get(
    '/v1/providers',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'The configured providers: workers, queues, cool-downs, waiting jobs',
        response: answers({ 200: providerListSchema }),
      },
    },
    async () => {
      const providers = Object.values(dispatch.views().settings.providers);
      const data = await Promise.all(
        providers.map((settings) => renderProvider(dispatch, settings)),
      );
      return { object: 'list', data };
    },
  );
}
