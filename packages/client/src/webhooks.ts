import { answered, byId } from './connection.ts';
import type { Connection } from './connection.ts';
import { itemsOf } from './pages.ts';
import type {
  NewWebhookEndpoint,
  WebhookDelivery,
  WebhookDeliveryDetail,
  WebhookDeliveryFilter,
  WebhookEndpoint,
  WebhookEndpointChange,
  WebhookEndpointDetail,
  WebhookEndpointWithSecret,
  WebhookEventType,
  WebhookReplay,
  WebhookRotation,
} from './types.ts';

/** Those who hear of every job of the project. */
export interface WebhookEndpoints {
  /** The secret in the answer is told here and, but to a repeat of this very request, never again. */
  create(endpoint: NewWebhookEndpoint): Promise<WebhookEndpointWithSecret>;
  list(): Promise<WebhookEndpoint[]>;
  get(id: string): Promise<WebhookEndpointDetail>;
  update(id: string, change: WebhookEndpointChange): Promise<WebhookEndpoint>;
  delete(id: string): Promise<void>;
  enable(id: string): Promise<WebhookEndpoint>;
  disable(id: string): Promise<WebhookEndpoint>;
  /** Adds a key; the old ones sign too during the grace period. */
  rotate(id: string, rotation?: WebhookRotation): Promise<WebhookEndpointWithSecret>;
  /** Sends again what was made since a time, or what was given up. */
  redeliver(id: string, replay: WebhookReplay): Promise<{ redelivered: number; has_more: boolean }>;
}

export interface WebhookDeliveries {
  /** Newest first. */
  list(filter?: WebhookDeliveryFilter): AsyncGenerator<WebhookDelivery, void, undefined>;
  get(id: string): Promise<WebhookDeliveryDetail>;
  redeliver(id: string): Promise<WebhookDelivery>;
}

export interface Webhooks {
  endpoints: WebhookEndpoints;
  deliveries: WebhookDeliveries;
  /** Makes the secret that signs callbacks without their own, or a new one; told here alone. */
  rotateSecret(rotation?: { grace_period?: string | number }): Promise<{ secret: string }>;
  /** Sends an endpoint an event with made-up data, signed and retried like any other. */
  test(endpointId: string, type?: WebhookEventType): Promise<WebhookDelivery>;
}

const PAGE_LIMIT = 100;

export function createWebhooks(connection: Connection): Webhooks {
  const { api } = connection;
  return {
    endpoints: createEndpoints(connection),
    deliveries: createDeliveries(connection),
    rotateSecret: async (body = {}) =>
      answered(await api.POST('/v1/webhooks/secret/rotate', { body })),
    test: async (id, type) =>
      answered(
        await api.POST('/v1/webhooks/endpoints/{id}/test', {
          params: { path: { id } },
          body: type === undefined ? {} : { type },
        }),
      ),
  };
}

function createEndpoints({ api }: Connection): WebhookEndpoints {
  return {
    create: async (body) => answered(await api.POST('/v1/webhooks/endpoints', { body })),
    list: async () => answered(await api.GET('/v1/webhooks/endpoints')).data,
    get: async (id) => answered(await api.GET('/v1/webhooks/endpoints/{id}', byId(id))),
    update: async (id, body) =>
      answered(await api.PATCH('/v1/webhooks/endpoints/{id}', { ...byId(id), body })),
    delete: async (id) => {
      await api.DELETE('/v1/webhooks/endpoints/{id}', byId(id));
    },
    enable: async (id) => answered(await api.POST('/v1/webhooks/endpoints/{id}/enable', byId(id))),
    disable: async (id) =>
      answered(await api.POST('/v1/webhooks/endpoints/{id}/disable', byId(id))),
    rotate: async (id, body = {}) =>
      answered(await api.POST('/v1/webhooks/endpoints/{id}/rotate', { ...byId(id), body })),
    redeliver: async (id, body) =>
      answered(await api.POST('/v1/webhooks/endpoints/{id}/redeliver', { ...byId(id), body })),
  };
}

function createDeliveries({ api }: Connection): WebhookDeliveries {
  return {
    list: (filter) =>
      itemsOf(async (after) => {
        const query = { ...filter, limit: PAGE_LIMIT, ...(after === undefined ? {} : { after }) };
        return answered(await api.GET('/v1/webhooks/deliveries', { params: { query } }));
      }),
    get: async (id) => answered(await api.GET('/v1/webhooks/deliveries/{id}', byId(id))),
    redeliver: async (id) =>
      answered(await api.POST('/v1/webhooks/deliveries/{id}/redeliver', byId(id))),
  };
}
