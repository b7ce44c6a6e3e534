import { readAlone } from '@understudy/job-store';
import type { UnreadableRecord } from '@understudy/job-store';
import { loadScript, repliesOf, replyList } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import type { WebhookEndpoint } from './endpoint.ts';
import { deadReasonSchema, deliveryStateSchema, listedOrderSchema } from './delivery.ts';
import type { Delivery, DeliveryOrder, DeliveryTry, ListedDelivery } from './delivery.ts';
import { createDeliverySeal } from './delivery-seal.ts';
import type { DeliverySeal } from './delivery-seal.ts';
import { createEndpointSeal } from './endpoint-seal.ts';
import { endpointKeys, logKey } from './webhook-keys.ts';
import type { DeliveryCounts } from './webhook-store.ts';

const createScript = loadScript(new URL('./scripts/create-delivery.lua', import.meta.url));
const forgetPayloadScript = loadScript(new URL('./scripts/forget-payload.lua', import.meta.url));
const reopenScript = loadScript(new URL('./scripts/reopen.lua', import.meta.url));

/** Each is a step of its own in Redis. */
const FORGOTTEN_AT_ONCE = 200;

/** A delivery, named. */
export interface DeliveryReference {
  endpoint: string;
  id: string;
}

/** A delivery to be made. */
export interface NewDelivery {
  order: DeliveryOrder;
  dueAt: number;
  /** The endpoint to be made with it where it is not there yet: that of a callback. */
  implicit?: WebhookEndpoint;
}

export interface DeliveryRecords {
  /** Makes it pending, once, however often it is called. One script. */
  create(delivery: NewDelivery, now: number, forgetInMs: number): Promise<boolean>;
  /** Undefined where one is no longer kept; each is read by itself. One round trip. */
  readAll(
    references: readonly DeliveryReference[],
  ): Promise<(Delivery | UnreadableRecord | undefined)[]>;
  /** As `readAll`, without opening anything: it needs no key. */
  readListed(
    references: readonly DeliveryReference[],
  ): Promise<(ListedDelivery | UnreadableRecord | undefined)[]>;
  readTries(reference: DeliveryReference): Promise<DeliveryTry[]>;
  /** Pending again, due now. False when it or its endpoint is gone. */
  reopen(reference: DeliveryReference, now: number): Promise<boolean>;
  countPending(endpoint: string): Promise<number>;
  /** Of settled ones only those that were settled at `settledSince` or after. */
  counts(endpoint: string, settledSince: number): Promise<DeliveryCounts>;
  /** Ids of an endpoint's dead letters, the first to die first. */
  deadOf(endpoint: string, from: number, limit: number): Promise<string[]>;
  /** Forgets the rendered payloads, and the answers in them; none is kept there again. */
  forgetPayloads(references: readonly DeliveryReference[]): Promise<void>;
}

export function createDeliveryRecords(
  redis: Redis,
  prefix: string,
  sealer: Sealer,
): DeliveryRecords {
  const sealEndpoint = createEndpointSeal(sealer);
  const keyOf = ({ endpoint, id }: DeliveryReference): string =>
    `${endpointKeys(prefix, endpoint).deliveries}${id}`;
  const countPending = (endpoint: string): Promise<number> =>
    redis.zcard(endpointKeys(prefix, endpoint).open);
  return {
    create: async ({ order, dueAt, implicit }, now, forgetInMs) => {
      const keys = endpointKeys(prefix, order.endpoint);
      const reply = await createScript.run(
        redis,
        [keyOf(order), keys.due, keys.open, keys.endpoint],
        [
          createDeliverySeal(sealer, keyOf(order)).orderText(order),
          order.id,
          now,
          dueAt,
          implicit === undefined ? '' : sealEndpoint.text(implicit, keys.endpoint),
          forgetInMs,
        ],
      );
      return Number(reply) === 1;
    },
    readAll: async (references) => {
      const pipeline = redis.pipeline();
      for (const reference of references) {
        pipeline.hgetall(keyOf(reference));
        pipeline.zscore(endpointKeys(prefix, reference.endpoint).due, reference.id);
      }
      const replies = await repliesOf(pipeline.exec());
      return references.map((reference, index) =>
        readAlone(() =>
          parseDelivery(
            replies[2 * index],
            replies[2 * index + 1],
            createDeliverySeal(sealer, keyOf(reference)),
          ),
        ),
      );
    },
    readListed: async (references) => {
      const pipeline = redis.pipeline();
      for (const reference of references) {
        pipeline.hmget(keyOf(reference), 'order', 'st', 'created');
      }
      const replies = await repliesOf(pipeline.exec());
      return replies.map((fields) => readAlone(() => parseListed(fields)));
    },
    readTries: async (reference) => {
      const rows = await redis.lrange(logKey(keyOf(reference)), 0, -1);
      const total = Number((await redis.hget(keyOf(reference), 'log')) ?? rows.length);
      const first = total - rows.length + 1;
      return rows.map((row, index) =>
        createDeliverySeal(sealer, keyOf(reference)).try(row, first + index),
      );
    },
    reopen: async (reference, now) => {
      const keys = endpointKeys(prefix, reference.endpoint);
      const key = keyOf(reference);
      const reply = await reopenScript.run(
        redis,
        [key, logKey(key), keys.due, keys.open, keys.dead, keys.endpoint, keys.delivered],
        [reference.id, now],
      );
      return Number(reply) === 1;
    },
    countPending,
    counts: async (endpoint, settledSince) => {
      const keys = endpointKeys(prefix, endpoint);
      const [pending, delivered, dead] = await Promise.all([
        countPending(endpoint),
        redis.zcount(keys.delivered, settledSince, '+inf'),
        redis.zcount(keys.dead, settledSince, '+inf'),
      ]);
      return { pending, delivered, dead };
    },
    deadOf: (endpoint, from, limit) =>
      redis.zrange(endpointKeys(prefix, endpoint).dead, String(from), String(from + limit - 1)),
    forgetPayloads: async (references) => {
      for (let start = 0; start < references.length; start += FORGOTTEN_AT_ONCE) {
        const page = references.slice(start, start + FORGOTTEN_AT_ONCE);
        await Promise.all(page.map((one) => forgetPayloadScript.run(redis, [keyOf(one)], [])));
      }
    },
  };
}

function parseDelivery(
  fields: unknown,
  dueScore: unknown,
  seal: Pick<DeliverySeal, 'order'>,
): Delivery | undefined {
  if (!isTextRecord(fields) || fields['order'] === undefined) return undefined;
  const order = seal.order(fields['order']);
  const state = deliveryStateSchema.parse(fields['st']);
  const { reason, settled, status } = fields;
  return {
    id: order.id,
    project: order.event.project,
    endpoint: order.endpoint,
    url: order.url,
    event: order.event,
    state,
    tries: Number(fields['tries']),
    createdAt: Number(fields['created']),
    ...(typeof dueScore === 'string' ? { nextAt: Number(dueScore) } : {}),
    ...(settled === undefined ? {} : { settledAt: Number(settled) }),
    ...(reason === undefined ? {} : { reason: deadReasonSchema.parse(reason) }),
    ...(status === undefined ? {} : { lastStatus: Number(status) }),
  };
}

function parseListed(fields: unknown): ListedDelivery | undefined {
  const [order, state, created] = replyList(fields);
  if (typeof order !== 'string') return undefined;
  const { id, endpoint, event } = listedOrderSchema.parse(JSON.parse(order));
  return {
    id,
    project: event.project,
    endpoint,
    event,
    state: deliveryStateSchema.parse(state),
    createdAt: Number(created),
  };
}

function isTextRecord(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null;
}
