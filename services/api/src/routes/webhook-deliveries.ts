import { BrokerError } from '@understudy/contracts';
import type { DeliveryPosition, WebhookStore } from '@understudy/webhooks';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { deliveryFilter } from '../delivery-filter.ts';
import { renderDelivery, renderReport } from '../render-webhook.ts';
import { answers } from '../schemas/answers.ts';
import {
  deliveryDetailSchema,
  deliveryListSchema,
  deliveryQuerySchema,
  deliverySchema,
  webhookParametersSchema,
} from '../schemas/webhook-schemas.ts';
import { found, refuseDisabled } from '../webhook-refusals.ts';

/** The log of what was sent where, and sending it again. */
export function addWebhookDeliveryRoutes(app: ApiApp, { webhooks }: ApiParts): void {
  app.get(
    '/v1/webhooks/deliveries',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Deliveries, newest first; an event of a job appears within about a second',
        querystring: deliveryQuerySchema,
        response: answers({ 200: deliveryListSchema }, 400),
      },
    },
    async ({ project, query }) => {
      const after = await positionOf(webhooks, project, query.after);
      const filter = deliveryFilter(query);
      const page = await webhooks.listDeliveries(project, filter, after, query.limit);
      return {
        object: 'list',
        data: page.deliveries.map(renderDelivery),
        has_more: page.next !== undefined,
        ...(page.next === undefined ? {} : { next_after: page.next.id }),
      };
    },
  );

  app.get(
    '/v1/webhooks/deliveries/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'A delivery with everything that was tried',
        params: webhookParametersSchema,
        response: answers({ 200: deliveryDetailSchema }, 404),
      },
    },
    async ({ project, params }) =>
      renderReport(found(await webhooks.readDelivery(project, params.id), 'delivery')),
  );

  app.post(
    '/v1/webhooks/deliveries/:id/redeliver',
    {
      config: { scope: 'submit' },
      schema: {
        summary: 'Sends the same event again, with its id and payload and all tries before it',
        params: webhookParametersSchema,
        response: answers({ 202: deliverySchema }, 404, 409),
      },
    },
    async ({ project, params }, reply) => {
      const { delivery } = found(await webhooks.readDelivery(project, params.id), 'delivery');
      const endpoint = await webhooks.readEndpoint(project, delivery.endpoint);
      refuseDisabled(found(endpoint, 'endpoint'));
      reply.code(202);
      return renderDelivery(found(await webhooks.redeliver(project, params.id), 'delivery'));
    },
  );
}

async function positionOf(
  webhooks: WebhookStore,
  project: string,
  after: string | undefined,
): Promise<DeliveryPosition | undefined> {
  if (after === undefined) return undefined;
  const report = await webhooks.readDelivery(project, after);
  if (report !== undefined) return { createdAt: report.delivery.createdAt, id: after };
  throw new BrokerError(
    'invalid_request',
    'after names no delivery; give next_after of the page before',
    { param: 'after' },
  );
}
