import { createWebhookTurns } from '@understudy/queue';
import type { Subscriber } from '@understudy/runtime';
import { createEndpointDirectory } from './endpoint-directory.ts';
import type { EndpointDirectory } from './endpoint-directory.ts';
import { openWebhookParts } from './webhook-parts.ts';
import type { DeliverySettings, WebhookParts, WebhookPartsOptions } from './webhook-parts.ts';

/** What a process needs that makes deliveries and sends none. */
export interface DeliveryMaking {
  parts: WebhookParts;
  directory: EndpointDirectory;
  close(): Promise<void>;
}

/** @param context its `subscriber` is a connection for subscriptions */
export function openDeliveryMaking(
  context: Omit<WebhookPartsOptions, 'turns' | 'settings'> & { subscriber: Subscriber },
  settings: DeliverySettings,
): DeliveryMaking {
  const { redis, subscriber, keyPrefix, clock } = context;
  const turns = createWebhookTurns(redis, keyPrefix);
  const parts = openWebhookParts({ ...context, turns, settings });
  const directory = createEndpointDirectory(
    parts.endpoints,
    subscriber,
    keyPrefix,
    clock.monotonic,
  );
  return { parts, directory, close: () => turns.close() };
}
