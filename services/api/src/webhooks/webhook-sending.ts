import type { ApiApp, ApiParts } from '../api-parts.ts';
import { idempotentRequest } from '../keys/idempotent-request.ts';
import { mismatch } from '../requests/idempotency-key.ts';
import { answers } from '../schemas/answers.ts';
import {
  deliverySchema,
  replayedSchema,
  replaySchema,
  testEventSchema,
  webhookParametersSchema,
} from '../schemas/webhook-schemas.ts';
import { deliveryFilter } from './delivery-filter.ts';
import { renderDelivery } from './render-webhook.ts';
import { found, refuseDisabled } from './webhook-refusals.ts';

/** One request changes so many deliveries at most; each is a step of its own in Redis. */
const MOST_REDELIVERED = 10_000;

/** What an endpoint is sent because its owner asks for it. */
export function addWebhookSendingRoutes(app: ApiApp, { webhooks }: ApiParts): void {
  app.post(
    '/v1/webhooks/endpoints/:id/test',
    {
      config: { scope: 'submit' },
      schema: {
        summary: 'Sends an event with made-up data, signed and retried like any other',
        params: webhookParametersSchema,
        body: testEventSchema.nullish(),
        response: answers({ 202: deliverySchema }, 400, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const { project, body } = request;
      const { id } = request.params;
      refuseDisabled(found(await webhooks.readEndpoint(project, id), 'endpoint'));
      const type = body?.type ?? 'job.completed';
      const sent = await webhooks.sendTestEvent(project, id, type, idempotentRequest(request));
      const delivery = found(sent, 'endpoint');
      if (delivery.event.type !== type) throw mismatch();
      reply.code(202).header('location', `/v1/webhooks/deliveries/${delivery.id}`);
      return renderDelivery(delivery);
    },
  );

  app.post(
    '/v1/webhooks/endpoints/:id/redeliver',
    {
      config: { scope: 'submit' },
      schema: {
        summary: 'Sends again what was made since a time, or what was given up, oldest first',
        params: webhookParametersSchema,
        body: replaySchema,
        response: answers({ 202: replayedSchema }, 400, 404, 409),
      },
    },
    async ({ project, params: { id }, body }, reply) => {
      refuseDisabled(found(await webhooks.readEndpoint(project, id), 'endpoint'));
      const { dead_letters: deadLetters, ...times } = body;
      const filter = deliveryFilter({
        ...times,
        endpoint: id,
        state: deadLetters === true ? 'dead' : undefined,
      });
      const { redelivered, more } = await webhooks.redeliverAll(project, filter, MOST_REDELIVERED);
      reply.code(202);
      return { object: 'webhook_replay', endpoint: id, redelivered, has_more: more };
    },
  );
}
