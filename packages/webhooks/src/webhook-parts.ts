import type { Clock, Redis } from '@understudy/runtime';
import type { WebhookTurns } from '@understudy/queue';
import { createSealer } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { createDefaultSecrets } from './default-secrets.ts';
import type { DefaultSecrets } from './default-secrets.ts';
import { createDeliveryLists } from './delivery-lists.ts';
import type { DeliveryLists } from './delivery-lists.ts';
import { createDeliveryRecords } from './delivery-records.ts';
import type { DeliveryRecords } from './delivery-records.ts';
import { createDeliveryTurns } from './create-delivery-turns.ts';
import type { DeliveryTurns } from './delivery-turns.ts';
import { createEndpointRecords } from './endpoint-records.ts';
import type { EndpointRecords } from './endpoint-records.ts';
import { scheduleSpanMs } from './retry-schedule.ts';

/** What of the settings deliveries go by. Durations in milliseconds. */
export interface DeliverySettings {
  retriesMs: readonly number[];
  retentionMs: number;
}

export interface WebhookPartsOptions {
  redis: Redis;
  keyPrefix: string;
  clock: Clock;
  turns: WebhookTurns;
  settings: DeliverySettings;
  /** Encrypts secrets, payloads and what receivers answered; without keys where absent. */
  sealer?: Sealer;
}

/** Everything of webhooks in Redis, for the API, the relay and the deliverer. */
export interface WebhookParts {
  endpoints: EndpointRecords;
  defaultSecrets: DefaultSecrets;
  deliveries: DeliveryRecords;
  lists: DeliveryLists;
  turns: DeliveryTurns;
  clock: Clock;
  settings: DeliverySettings;
  /** How long lists and implicit endpoints outlive the making of a delivery. */
  listedMs: number;
  /** Queues the turns that serve what is due at these endpoints. Doing it twice changes nothing. */
  wake(endpoints: readonly string[]): Promise<void>;
}

/** An endpoint is looked at so long after it was woken, in case its turn was lost. */
const LOOK_AGAIN_MS = 60_000;

export function openWebhookParts(options: WebhookPartsOptions): WebhookParts {
  const { redis, keyPrefix, clock, settings, sealer = createSealer([]) } = options;
  const turns = createDeliveryTurns(redis, keyPrefix, sealer);
  // A delivery may take its whole schedule before it is kept, and be redelivered once.
  const listedMs = 2 * (settings.retentionMs + scheduleSpanMs(settings.retriesMs));
  return {
    endpoints: createEndpointRecords(redis, keyPrefix, clock, sealer),
    defaultSecrets: createDefaultSecrets(redis, keyPrefix, clock, sealer),
    deliveries: createDeliveryRecords(redis, keyPrefix, sealer),
    lists: createDeliveryLists(redis, keyPrefix, listedMs),
    turns,
    clock,
    settings,
    listedMs,
    wake: async (endpoints) => {
      const now = clock.now();
      await turns.markActive(endpoints, now + LOOK_AGAIN_MS);
      for (const endpoint of endpoints) {
        const plan = await turns.wake(endpoint, now);
        if (plan === undefined) continue;
        await options.turns.add({ endpoint, turn: plan.turn }, plan.at - now);
      }
    },
  };
}
