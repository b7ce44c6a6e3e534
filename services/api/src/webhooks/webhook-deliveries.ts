import { BrokerError } from '@understudy/contracts';
import type { DeliveryPosition, WebhookStore } from '@understudy/webhooks';
import { mergePages } from '../answers/merge-pages.ts';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { projectsOf } from '../requests/all-projects.ts';
import { answers } from '../schemas/answers.ts';
import {
  deliveryDetailSchema,
  deliveryListSchema,
  deliveryQuerySchema,
  deliverySchema,
  webhookParametersSchema,
} from '../schemas/webhook-schemas.ts';
import { deliveryFilter } from './delivery-filter.ts';
import { renderDelivery, renderReport } from './render-webhook.ts';
import { found, refuseDisabled } from './webhook-refusals.ts';

/** The log of what was sent where, and sending it again. */
export function addWebhookDeliveryRoutes(app: ApiApp, { webhooks, dispatch }: ApiParts): void {
  app.get(
    '/v1/webhooks/deliveries',
    {
      config: { scope: 'read', allProjects: true },
      schema: {
        summary: 'Deliveries, newest first; an event of a job appears within about a second',
        querystring: deliveryQuerySchema,
        response: answers({ 200: deliveryListSchema }, 400),
      },
    },
    async ({ project, query }) => {
      const projects = await projectsOf(dispatch, project);
      const after = await positionOf(webhooks, projects, query.after);
      const filter = deliveryFilter(query);
      const pages = await Promise.all(
        projects.map(async (one) => {
          const listed = await webhooks.listDeliveries(one, filter, after, query.limit);
          return { items: listed.deliveries, next: listed.next };
        }),
      );
      const page = mergePages(pages, query.limit, (delivery) => delivery);
      return {
        object: 'list',
        data: page.items.map(renderDelivery),
        has_more: page.next !== undefined,
        ...(page.next === undefined
          ? {}
          : { next_after: `${page.next.createdAt}-${page.next.id}` }),
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
    async ({ project, params, mayReadContent }) => {
      const report = found(await webhooks.readDelivery(project, params.id), 'delivery');
      return renderReport(report, mayReadContent);
    },
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

/** With its instant: the delivery that a page ends with may be kept no longer. */
const POSITION = /^(\d{1,15})-(del_\w+)$/;

async function positionOf(
  webhooks: WebhookStore,
  projects: readonly string[],
  after: string | undefined,
): Promise<DeliveryPosition | undefined> {
  if (after === undefined) return undefined;
  const [, createdAt, id] = POSITION.exec(after) ?? [];
  if (createdAt !== undefined && id !== undefined) return { createdAt: Number(createdAt), id };
  const reports = await Promise.all(projects.map((one) => webhooks.readDelivery(one, after)));
  const report = reports.find((one) => one !== undefined);
  if (report !== undefined) return { createdAt: report.delivery.createdAt, id: after };
  throw new BrokerError(
    'invalid_request',
    'after names no delivery; give next_after of the page before',
    { param: 'after' },
  );
}
