import type { ApiApp, ApiParts } from '../api-parts.ts';
import { addWebhookDeliveryRoutes } from './webhook-deliveries.ts';
import { addWebhookEndpointRoutes } from './webhook-endpoints.ts';
import { addWebhookKeyRoutes } from './webhook-keys.ts';
import { addWebhookSendingRoutes } from './webhook-sending.ts';

/** Everything below `/v1/webhooks`. Who decides where a project's events go needs an admin key. */
export function addWebhookRoutes(app: ApiApp, parts: ApiParts): void {
  addWebhookEndpointRoutes(app, parts);
  addWebhookKeyRoutes(app, parts);
  addWebhookSendingRoutes(app, parts);
  addWebhookDeliveryRoutes(app, parts);
}
