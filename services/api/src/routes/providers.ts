import { createModelLabels } from '@understudy/metrics';
import { NAMES_AS_SENT, renderProviders } from '../answers/render-provider.ts';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { answers } from '../schemas/answers.ts';
import { providerListSchema } from '../schemas/provider-schemas.ts';
import { addProviderControlRoutes } from './provider-controls.ts';

export function addProviderRoutes(app: ApiApp, parts: ApiParts): void {
  const { dispatch } = parts;
  const maskedNames = createModelLabels(
    dispatch.registry.registration,
    () => dispatch.views().settings,
  );
  app.get(
    '/v1/providers',
    {
      config: { scope: 'read' },
      schema: {
        summary:
          'The configured providers: workers, queues, pauses, cool-downs, waiting jobs, use; model names that callers made up are shown to the scope admin alone',
        response: answers({ 200: providerListSchema }),
      },
    },
    async ({ credential }) => {
      const providers = Object.values(dispatch.views().settings.providers);
      // Another project may have made a name up, and a tenant learns nothing of other projects.
      const nameOf = credential.scopes.includes('admin') ? NAMES_AS_SENT : maskedNames;
      return { object: 'list', data: await renderProviders(dispatch, providers, nameOf) };
    },
  );
  addProviderControlRoutes(app, parts);
}
