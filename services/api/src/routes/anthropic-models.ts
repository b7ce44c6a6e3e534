import { BrokerError } from '@understudy/contracts';
import { knownModels } from '@understudy/routing';
import { findRoute } from '@understudy/submission';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { ANTHROPIC_PREFIX } from '../requests/surfaces.ts';
import { anthropicAnswers } from '../schemas/answers.ts';
import {
  anthropicModelListSchema,
  anthropicModelQuerySchema,
  anthropicModelSchema,
  modelParametersSchema,
} from '../schemas/provider-schemas.ts';
import type { AnthropicModel } from '../schemas/provider-schemas.ts';

export function addAnthropicModelRoutes(app: ApiApp, { dispatch }: ApiParts): void {
  app.get(
    `${ANTHROPIC_PREFIX}/models`,
    {
      config: { scope: 'read', surface: 'anthropic' },
      schema: {
        summary: 'Every model a message may ask for, in the shape of the Anthropic list',
        querystring: anthropicModelQuerySchema,
        response: anthropicAnswers({ 200: anthropicModelListSchema }, 400),
      },
    },
    async ({ query: { before_id: before, after_id: after, limit } }) => {
      const names = knownModels(dispatch.views());
      const first = after === undefined ? 0 : placeOf(after, names, 'after_id') + 1;
      const end = before === undefined ? names.length : placeOf(before, names, 'before_id');
      const between = names.slice(first, end);
      // Going backwards, a page is what stands right before the model named.
      const backwards = before !== undefined && after === undefined;
      const page = backwards ? between.slice(-limit) : between.slice(0, limit);
      return {
        data: page.map(describe),
        has_more: page.length < between.length,
        first_id: page[0] ?? null,
        last_id: page.at(-1) ?? null,
      };
    },
  );

  app.get(
    `${ANTHROPIC_PREFIX}/models/:model`,
    {
      config: { scope: 'read', surface: 'anthropic' },
      schema: {
        summary: 'A model a message may ask for, also by another of its names',
        params: modelParametersSchema,
        response: anthropicAnswers({ 200: anthropicModelSchema }, 404),
      },
    },
    async ({ params }) => {
      findRoute(params.model, dispatch.views(), dispatch.clock.now());
      return describe(params.model);
    },
  );
}

function describe(id: string): AnthropicModel {
  return { type: 'model', id, display_name: id, created_at: new Date(0).toISOString() };
}

function placeOf(model: string, names: readonly string[], param: string): number {
  const place = names.indexOf(model);
  if (place !== -1) return place;
  throw new BrokerError('invalid_request', `${param} names a model that is not in the list`, {
    param,
  });
}
