import type { ApiApp, ApiParts } from '../api-parts.ts';
import { answers } from '../schemas/answers.ts';
import {
  defaultRotationSchema,
  defaultSecretSchema,
  endpointWithSecretSchema,
  newDefaultSecretSchema,
  rotationSchema,
  webhookParametersSchema,
} from '../schemas/webhook-schemas.ts';
import { gracePeriodMs } from './grace-period.ts';
import { renderDefaultSecret, renderEndpoint } from './render-webhook.ts';
import { found, refuseImplicit, refuseOwnEd25519Key } from './webhook-refusals.ts';

/** The keys that sign: one or more of each endpoint, and the project's for jobs' callbacks. */
export function addWebhookKeyRoutes(app: ApiApp, { dispatch, webhooks }: ApiParts): void {
  app.post(
    '/v1/webhooks/endpoints/:id/rotate',
    {
      config: { scope: 'submit' },
      schema: {
        summary:
          'Adds a key, shown in this answer alone; the old ones sign too during the grace period',
        params: webhookParametersSchema,
        body: rotationSchema.nullish(),
        response: answers({ 200: endpointWithSecretSchema }, 400, 404, 409),
      },
    },
    async ({ project, params, body }) => {
      const { grace_period: gracePeriod, ...key } = body ?? {};
      const overlapMs = gracePeriodMs(gracePeriod);
      refuseOwnEd25519Key(key);
      refuseImplicit(found(await webhooks.readEndpoint(project, params.id), 'endpoint'));
      const rotated = await webhooks.rotateKey(project, params.id, { ...key, overlapMs });
      const { endpoint, secret } = found(rotated, 'endpoint');
      return { ...renderEndpoint(endpoint, dispatch.clock.now()), secret };
    },
  );

  app.get(
    '/v1/webhooks/secret',
    {
      config: { scope: 'read' },
      schema: {
        summary:
          'Whether the project has a default secret, which signs callbacks without their own',
        response: answers({ 200: defaultSecretSchema }),
      },
    },
    async ({ project }) => renderDefaultSecret(await webhooks.readDefaultSecret(project)),
  );

  app.post(
    '/v1/webhooks/secret/rotate',
    {
      config: { scope: 'submit' },
      schema: {
        summary: "Makes the project's default secret or a new one, shown in this answer alone",
        body: defaultRotationSchema.nullish(),
        response: answers({ 200: newDefaultSecretSchema }, 400),
      },
    },
    async ({ project, body }) => {
      const overlapMs = gracePeriodMs(body?.grace_period);
      const { secret } = await webhooks.rotateDefaultSecret(project, { overlapMs });
      return { ...renderDefaultSecret(await webhooks.readDefaultSecret(project)), secret };
    },
  );
}
