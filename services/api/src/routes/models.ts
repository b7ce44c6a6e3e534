import { utcDay } from '@understudy/contracts';
import { canonicalName, vendorOf } from '@understudy/models';
import { knownModels, resolveRoute } from '@understudy/routing';
import { findRoute, providersOf } from '@understudy/submission';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { OPENAI_PREFIXES } from '../requests/surfaces.ts';
import { answers } from '../schemas/answers.ts';
import {
  modelListSchema,
  modelParametersSchema,
  modelSchema,
} from '../schemas/provider-schemas.ts';

export function addModelRoutes(app: ApiApp, { dispatch }: ApiParts): void {
  const describe = (id: string) => {
    const views = dispatch.views();
    const today = utcDay(dispatch.clock.now());
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
  };

  for (const prefix of OPENAI_PREFIXES) {
    app.get(
      `${prefix}/models`,
      {
        config: { scope: 'read', surface: 'openai' },
        schema: {
          summary: 'Every model a job may ask for, in the shape of the OpenAI list',
          response: answers({ 200: modelListSchema }),
        },
      },
      async () => ({ object: 'list', data: knownModels(dispatch.views()).map(describe) }),
    );
    app.get(
      `${prefix}/models/:model`,
      {
        config: { scope: 'read', surface: 'openai' },
        schema: {
          summary: 'A model a job may ask for, also by another of its names',
          params: modelParametersSchema,
          response: answers({ 200: modelSchema }, 404),
        },
      },
      async ({ params }) => {
        findRoute(params.model, dispatch.views(), dispatch.clock.now());
        return describe(params.model);
      },
    );
  }
}
