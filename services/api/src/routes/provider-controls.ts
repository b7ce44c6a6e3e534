import { suggestName } from '@understudy/configuration';
import type { ProviderSettings } from '@understudy/configuration';
import { BrokerError } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import type { FastifyRequest } from 'fastify';
import { NAMES_AS_SENT, renderProviders } from '../answers/render-provider.ts';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { answers } from '../schemas/answers.ts';
import {
  clearCooldownSchema,
  pauseProviderSchema,
  providerParametersSchema,
  providerSchema,
} from '../schemas/provider-schemas.ts';

/**
 * What an operator does to a provider. Every process hears of it at once by a message, and reads it
 * again every few seconds should that be lost; saying it twice is saying it once.
 */
export function addProviderControlRoutes(app: ApiApp, { dispatch }: ApiParts): void {
  const { availability, clock, cooldowns, pauses } = dispatch;

  app.post(
    '/v1/providers/:id/pause',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Takes a provider out of service: it gets no new calls, and running ones finish',
        params: providerParametersSchema,
        body: pauseProviderSchema.nullish(),
        response: answers({ 200: providerSchema }, 400, 404),
      },
    },
    async (request) =>
      control(dispatch, request, 'a provider was paused', async (provider) => {
        const { changed } = await pauses.pause(provider, clock.now(), request.body?.reason);
        return changed;
      }),
  );

  app.post(
    '/v1/providers/:id/resume',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Puts a paused provider back into service, and lets in who waited for it',
        params: providerParametersSchema,
        response: answers({ 200: providerSchema }, 400, 404),
      },
    },
    async (request) =>
      control(dispatch, request, 'a provider was resumed', async (provider) => {
        const { changed } = await pauses.resume(provider, clock.now());
        return changed;
      }),
  );

  app.post(
    '/v1/providers/:id/clear-cooldown',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Ends the cool-downs of a provider, or that of one model, and lets in who waited',
        params: providerParametersSchema,
        body: clearCooldownSchema.nullish(),
        response: answers({ 200: providerSchema }, 400, 404),
      },
    },
    async (request) =>
      control(dispatch, request, 'cool-downs were cleared', async (provider) => {
        const ended = await cooldowns.clear(provider, request.body?.model, clock.now());
        for (const cooldown of ended) availability.apply(cooldown);
        return ended.length > 0;
      }),
  );
}

/**
 * Does something to the provider that a request names, and answers with what it is now.
 * @param act resolves true when it changed something, which is logged as `what`
 */
async function control(
  dispatch: OpenDispatch,
  { params, caller }: Pick<FastifyRequest, 'caller'> & { params: { id: string } },
  what: string,
  act: (provider: string) => Promise<boolean>,
) {
  const provider = configuredProvider(dispatch, params.id);
  if (await act(provider.name)) {
    dispatch.logger.warn({ provider: provider.name, key: caller.key }, what);
  }
  // The message that this process hears as well may come later than the answer.
  await dispatch.availability.reload([provider.name]);
  const [rendered] = await renderProviders(dispatch, [provider], NAMES_AS_SENT);
  if (rendered === undefined) throw new Error(`provider ${provider.name} was not rendered`);
  return rendered;
}

/** @throws BrokerError 404 naming the one that looks like it, else those there are */
function configuredProvider({ views }: OpenDispatch, id: string): ProviderSettings {
  const { providers } = views().settings;
  const provider = Object.hasOwn(providers, id) ? providers[id] : undefined;
  if (provider !== undefined) return provider;
  const hint = suggestName(id, Object.keys(providers));
  throw new BrokerError(
    'not_found',
    `no provider is called ${JSON.stringify(id.slice(0, 64))}; ${hint}`,
  );
}
