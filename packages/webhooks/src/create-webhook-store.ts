import { SCHEMA_VERSION } from '@understudy/contracts';
import { isUnreadable } from '@understudy/job-store';
import type { UnreadableTeller } from '@understudy/runtime';
import { createDeliveries, listDeliveries } from './create-deliveries.ts';
import { wishFor } from './event-orders.ts';
import type { DeliveryReference } from './delivery-records.ts';
import type { EndpointChange, WebhookEndpoint } from './endpoint.ts';
import { findPage, findSettled } from './find-deliveries.ts';
import { newEndpointId, newTestEventId, retoldSecret } from './repeatable-request.ts';
import { createSigningKey, rotateKeys, verifierOf } from './signing-key.ts';
import { forgetDeliveryPayloads } from './forget-job-payload.ts';
import { openWebhookParts } from './webhook-parts.ts';
import type { WebhookPartsOptions } from './webhook-parts.ts';
import type { WebhookStore } from './webhook-store.ts';

/** Deliveries that are made pending again at a time. */
const REOPENED_AT_ONCE = 200;

interface WebhookStoreOptions extends WebhookPartsOptions {
  /** Is told of each delivery that is not listed or redelivered with others, as it cannot be read. */
  tellUnreadable?: UnreadableTeller;
}

/** What the API manages webhooks by. */
export function createWebhookStore(options: WebhookStoreOptions): WebhookStore {
  const { tellUnreadable = () => undefined } = options;
  const parts = { ...openWebhookParts(options), tellUnreadable };
  const { endpoints, defaultSecrets, deliveries, lists, clock } = parts;

  const readEndpoint = async (project: string, id: string) => {
    const endpoint = await endpoints.read(id);
    return endpoint !== undefined && isThere(endpoint, project) ? endpoint : undefined;
  };
  const readDelivery = async (project: string, id: string) => {
    const reference = await lists.find(project, id);
    if (reference === undefined) return undefined;
    const [delivery] = await deliveries.readAll([reference]);
    if (isUnreadable(delivery)) throw delivery.unreadable;
    return delivery;
  };
  const reopen = async (found: readonly DeliveryReference[]): Promise<DeliveryReference[]> => {
    const now = clock.now();
    const reopened = await Promise.all(found.map((one) => deliveries.reopen(one, now)));
    const pending = found.filter((_, index) => reopened[index]);
    await listDeliveries(parts, pending);
    await parts.wake([...new Set(pending.map(({ endpoint }) => endpoint))]);
    return pending;
  };

  return {
    createEndpoint: async (project, draft, request) => {
      const { kind = 'symmetric', secret, ...said } = draft;
      const now = clock.now();
      const key = createSigningKey(kind, now, secret);
      const endpoint: WebhookEndpoint = {
        v: SCHEMA_VERSION,
        id: newEndpointId(request),
        project,
        ...said,
        status: 'enabled',
        keys: [key],
        ...(request === undefined ? {} : { request_fingerprint: request.fingerprint }),
        created_at: now,
        updated_at: now,
      };
      if (await endpoints.create(endpoint)) {
        return { kind: 'made', endpoint, secret: verifierOf(key) };
      }
      const earlier = await endpoints.read(endpoint.id);
      if (earlier === undefined) throw new Error(`${endpoint.id} was there, and is gone`);
      const retold = retoldSecret(earlier, now);
      return {
        kind: 'repeated',
        endpoint: earlier,
        ...(retold === undefined ? {} : { secret: retold }),
      };
    },
    readEndpoint,
    listEndpoints: (project) => endpoints.ofProject(project),
    updateEndpoint: async (project, id, change) => {
      const changed = await endpoints.change(id, (endpoint) =>
        isThere(endpoint, project) ? applyChange(endpoint, change) : undefined,
      );
      // Its next turn may be as far away as what its old address asked for.
      const moved = change.url !== undefined;
      if (changed !== undefined && (moved || changed.status === 'disabled')) await parts.wake([id]);
      return changed;
    },
    removeEndpoint: async (project, id) => {
      const removed = await endpoints.change(
        id,
        (endpoint) =>
          isThere(endpoint, project)
            ? { ...endpoint, status: 'disabled', disabled_reason: 'removed', keys: [] }
            : undefined,
        { forgetInMs: parts.listedMs },
      );
      if (removed === undefined) return false;
      await parts.wake([id]);
      return true;
    },
    rotateKey: async (project, id, { overlapMs, kind, secret }) => {
      let made: string | undefined;
      const endpoint = await endpoints.change(id, (current) => {
        if (!isThere(current, project) || isImplicit(current)) return undefined;
        // A caller's own secret is a symmetric one.
        const ofEndpoint = secret === undefined ? current.keys[0]?.kind : undefined;
        const kept = kind ?? ofEndpoint ?? 'symmetric';
        const key = createSigningKey(kept, clock.now(), secret);
        made = verifierOf(key);
        return { ...current, keys: rotateKeys(current.keys, key, overlapMs) };
      });
      if (endpoint === undefined || made === undefined) return undefined;
      return { endpoint, secret: made };
    },
    sendTestEvent: async (project, id, type, request) => {
      const endpoint = await readEndpoint(project, id);
      if (endpoint === undefined) return undefined;
      const eventId = newTestEventId(request);
      const wish = wishFor({ id: eventId, type, project, at: clock.now() }, endpoint);
      await createDeliveries(parts, [wish], () => 0);
      return readDelivery(project, wish.order.id);
    },
    readDefaultSecret: async (project) => {
      const keys = await defaultSecrets.read(project);
      const [newest] = keys;
      if (newest === undefined) return undefined;
      return { createdAt: newest.created_at, currentKeys: keys.length };
    },
    rotateDefaultSecret: async (project, { overlapMs }) => ({
      secret: verifierOf(await defaultSecrets.rotate(project, overlapMs)),
    }),

    readDelivery: async (project, id) => {
      const delivery = await readDelivery(project, id);
      if (delivery === undefined) return undefined;
      return { delivery, tries: await deliveries.readTries(delivery) };
    },
    listDeliveries: (project, filter, after, limit) =>
      findPage(parts, project, filter, after, limit),
    redeliver: async (project, id) => {
      const reference = await lists.find(project, id);
      if (reference === undefined) return undefined;
      const [reopened] = await reopen([reference]);
      return reopened === undefined ? undefined : readDelivery(project, id);
    },
    redeliverAll: async (project, filter, limit) => {
      const found = await findSettled(parts, project, filter, limit + 1);
      let redelivered = 0;
      for (let start = 0; start < Math.min(limit, found.length); start += REOPENED_AT_ONCE) {
        const page = found.slice(start, Math.min(limit, start + REOPENED_AT_ONCE));
        redelivered += (await reopen(page)).length;
      }
      return { redelivered, more: found.length > limit };
    },
    countDeliveries: async (project, id) => {
      const endpoint = await readEndpoint(project, id);
      if (endpoint === undefined) return { pending: 0, delivered: 0, dead: 0 };
      return deliveries.counts(id, clock.now() - parts.settings.retentionMs);
    },
    forgetPayloads: async (project, job) => {
      await forgetDeliveryPayloads(parts, { project, id: job });
    },
  };
}

/** Those of callbacks have no keys of their own, and their URL is their name. */
function isImplicit({ id }: WebhookEndpoint): boolean {
  return id.startsWith('cb_');
}

function isThere(endpoint: WebhookEndpoint, project: string): boolean {
  return endpoint.project === project && endpoint.disabled_reason !== 'removed';
}

/** Undefined where the change is not for this endpoint. */
function applyChange(
  endpoint: WebhookEndpoint,
  { url, events, include, description, status }: EndpointChange,
): WebhookEndpoint | undefined {
  const changed: WebhookEndpoint = { ...endpoint };
  if (!isImplicit(endpoint)) {
    if (url !== undefined) changed.url = url;
    if (events !== undefined) changed.events = events;
    if (include === null) delete changed.include;
    else if (include !== undefined) changed.include = include;
    if (description === null) delete changed.description;
    else if (description !== undefined) changed.description = description;
  }
  if (status === 'enabled') delete changed.disabled_reason;
  if (status === 'disabled') changed.disabled_reason = endpoint.disabled_reason ?? 'by_owner';
  if (status !== undefined) changed.status = status;
  return changed;
}
