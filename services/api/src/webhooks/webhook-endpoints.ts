import type { WebhookEndpoint } from '@understudy/webhooks';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { checkWebhookUrl } from '@understudy/submission';
import { idempotentRequest } from '../keys/idempotent-request.ts';
import { renderEndpoint } from './render-webhook.ts';
import { answers } from '../schemas/answers.ts';
import {
  endpointChangeSchema,
  endpointDetailSchema,
  endpointListSchema,
  endpointSchema,
  endpointWithSecretSchema,
  newEndpointSchema,
  removedEndpointSchema,
  webhookParametersSchema,
} from '../schemas/webhook-schemas.ts';
import { registerEndpoint } from './register-endpoint.ts';
import { found, refuseImplicit, refuseSendingUnread } from './webhook-refusals.ts';

/** Registration of those who hear of every job of a project. */
export function addWebhookEndpointRoutes(app: ApiApp, { dispatch, webhooks }: ApiParts): void {
  const render = (endpoint: WebhookEndpoint) => renderEndpoint(endpoint, dispatch.clock.now());
  const outbound = () => dispatch.views().settings.outbound;

  app.post(
    '/v1/webhooks/endpoints',
    {
      config: { scope: 'submit' },
      schema: {
        summary:
          'Registers an endpoint; the secret in the answer is shown again to a repeat with its Idempotency-Key alone. include needs the scope read too',
        body: newEndpointSchema,
        response: answers({ 201: endpointWithSecretSchema }, 400, 403, 409, 422),
      },
    },
    async (request, reply) => {
      const { project, body, mayReadContent } = request;
      refuseSendingUnread(mayReadContent, { include: body.include });
      const wanted = { ...body, url: checkWebhookUrl(body.url, outbound(), 'url') };
      const made = await registerEndpoint(webhooks, project, wanted, idempotentRequest(request));
      const { endpoint, secret } = made;
      if (made.kind === 'repeated') reply.header('idempotency-replayed', 'true');
      reply.code(201).header('location', `/v1/webhooks/endpoints/${endpoint.id}`);
      return { ...render(endpoint), secret };
    },
  );

  app.get(
    '/v1/webhooks/endpoints',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'The registered endpoints, oldest first',
        response: answers({ 200: endpointListSchema }),
      },
    },
    async ({ project }) => {
      const endpoints = await webhooks.listEndpoints(project);
      return { object: 'list', data: endpoints.map(render) };
    },
  );

  app.get(
    '/v1/webhooks/endpoints/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'An endpoint and how its deliveries stand; also that of callbacks to one URL',
        params: webhookParametersSchema,
        response: answers({ 200: endpointDetailSchema }, 404),
      },
    },
    async ({ project, params }) => {
      const endpoint = found(await webhooks.readEndpoint(project, params.id), 'endpoint');
      const deliveries = await webhooks.countDeliveries(project, params.id);
      return { ...render(endpoint), deliveries };
    },
  );

  app.patch(
    '/v1/webhooks/endpoints/:id',
    {
      config: { scope: 'submit' },
      schema: {
        summary:
          'Changes an endpoint; null takes a member away. url and include need the scope read too',
        params: webhookParametersSchema,
        body: endpointChangeSchema,
        response: answers({ 200: endpointSchema }, 400, 403, 404, 409),
      },
    },
    async ({ project, params, body, mayReadContent }) => {
      refuseSendingUnread(mayReadContent, body);
      const { id } = params;
      const before = found(await webhooks.readEndpoint(project, id), 'endpoint');
      refuseImplicit(before);
      const url =
        body.url === undefined ? {} : { url: checkWebhookUrl(body.url, outbound(), 'url') };
      const change = { ...body, ...url };
      return render(found(await webhooks.updateEndpoint(project, id, change), 'endpoint'));
    },
  );

  app.delete(
    '/v1/webhooks/endpoints/:id',
    {
      config: { scope: 'submit' },
      schema: {
        summary: 'Removes an endpoint; what was still to be delivered to it is given up',
        params: webhookParametersSchema,
        response: answers({ 200: removedEndpointSchema }, 404, 409),
      },
    },
    async ({ project, params: { id } }) => {
      refuseImplicit(found(await webhooks.readEndpoint(project, id), 'endpoint'));
      found((await webhooks.removeEndpoint(project, id)) || undefined, 'endpoint');
      return { id, object: 'webhook_endpoint', deleted: true };
    },
  );

  for (const [action, status] of [
    ['disable', 'disabled'],
    ['enable', 'enabled'],
  ] as const) {
    app.post(
      `/v1/webhooks/endpoints/:id/${action}`,
      {
        config: { scope: 'submit' },
        schema: {
          summary:
            action === 'disable'
              ? 'Sends nothing more there; what was pending is given up and can be redelivered'
              : 'Sends there again, also after the endpoint had answered 410',
          params: webhookParametersSchema,
          response: answers({ 200: endpointSchema }, 404),
        },
      },
      async ({ project, params: { id } }) =>
        render(found(await webhooks.updateEndpoint(project, id, { status }), 'endpoint')),
    );
  }
}
