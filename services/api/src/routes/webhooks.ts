import type { ApiApp, ApiParts } from '../api-parts.ts';
import { addWebhookDeliveryRoutes } from '../webhooks/webhook-deliveries.ts';
import { addWebhookEndpointRoutes } from '../webhooks/webhook-endpoints.ts';
import { addWebhookKeyRoutes } from '../webhooks/webhook-keys.ts';
import { addWebhookSendingRoutes } from '../webhooks/webhook-sending.ts';

/**
 * Everything below `/v1/webhooks`. Whoever may submit decides where a project's events go, as the
 * callbacks of jobs do: a tenant manages its own endpoints, and needs no key that opens all projects.
 */
export function addWebhookRoutes(app: ApiApp, parts: ApiParts): void {
  addWebhookEndpointRoutes(app, parts);
  addWebhookKeyRoutes(app, parts);
  addWebhookSendingRoutes(app, parts);
  addWebhookDeliveryRoutes(app, parts);
}
