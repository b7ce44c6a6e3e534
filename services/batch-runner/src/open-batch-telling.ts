import type { BatchRecord } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import { createWebhookTurns } from '@understudy/queue';
import {
  createBatchDeliveries,
  createEndpointDirectory,
  openWebhookParts,
} from '@understudy/webhooks';

/** Tells of the ends of batches by webhooks. */
export interface BatchTelling {
  /** Telling again, as after a crash in the midst of it, makes no delivery twice. */
  tell(batch: BatchRecord): Promise<void>;
  close(): Promise<void>;
}

export function openBatchTelling(dispatch: OpenDispatch): BatchTelling {
  const { redis, subscriber, keyPrefix, clock, views } = dispatch;
  const turns = createWebhookTurns(redis, keyPrefix);
  const openParts = () =>
    openWebhookParts({ ...dispatch, turns, settings: views().settings.webhooks });
  const directory = createEndpointDirectory(
    openParts().endpoints,
    subscriber,
    keyPrefix,
    clock.monotonic,
  );
  return {
    tell: (batch) => createBatchDeliveries(openParts(), directory, batch, dispatch.random),
    close: () => turns.close(),
  };
}
