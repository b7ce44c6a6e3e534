import type { Logger, Redis } from '@understudy/runtime';
import { Worker } from 'bullmq';
import { z } from 'zod';
import { openQueueHandle } from './queue-handle.ts';
import { queueName } from './queue-name.ts';
import { queueTroubleReporter } from './queue-trouble.ts';

/** A time in which one deliverer serves one endpoint. A later turn makes an earlier one stale. */
const webhookTurnSchema = z.object({ v: z.int(), endpoint: z.string(), turn: z.int() });
export type WebhookTurn = Omit<z.infer<typeof webhookTurnSchema>, 'v'>;

const TURN_VERSION = 1;
const KEPT_EVENTS = 1000;
const LOCK_DURATION_MS = 10_000;
const STALLED_INTERVAL_MS = 2500;
/** The record of the endpoint decides whether a turn still counts, however often it stalled. */
const MAX_STALLED_COUNT = 1_000_000;
/** A turn whose handler throws, as when Redis is away, comes again until it is served. */
const RETRY_FOR_EVER = { attempts: 1_000_000, backoff: { type: 'fixed', delay: 1000 } };

/** Apart from the queues of providers, one of which may be named alike. */
export function webhookQueueOptions(redis: Redis, keyPrefix: string) {
  return { connection: redis, prefix: `${keyPrefix}:webhook-queue` };
}
export const WEBHOOK_QUEUE = queueName('webhooks');

export interface WebhookTurns {
  /** Adds a turn that is served after `delayMs`. Adding it again while it waits or runs changes nothing. */
  add(turn: WebhookTurn, delayMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Shares the connection that is handed in; the caller closes it. */
export function createWebhookTurns(redis: Redis, keyPrefix: string): WebhookTurns {
  const queue = openQueueHandle(WEBHOOK_QUEUE, {
    ...webhookQueueOptions(redis, keyPrefix),
    streams: { events: { maxLen: KEPT_EVENTS } },
  });
  return {
    add: async ({ endpoint, turn }, delayMs) => {
      await queue.add(
        'turn',
        { v: TURN_VERSION, endpoint, turn },
        { jobId: `${endpoint}.${turn}`, delay: Math.max(0, Math.ceil(delayMs)), ...RETRY_FOR_EVER },
      );
    },
    close: () => queue.close(),
  };
}

export interface WebhookTurnConsumer {
  /** Takes no more turns. Resolves when those that run have ended. */
  close(): Promise<void>;
}

/**
 * Serves endpoint turns, `concurrency` at a time in this process. One that was not served to its
 * end, because its process died or the handler threw, is served again.
 * @param redis a connection for blocking use; the consumer makes one more from it
 */
export function serveWebhookTurns(
  redis: Redis,
  options: { keyPrefix: string; concurrency: number; logger: Logger },
  serve: (turn: WebhookTurn) => Promise<void>,
): WebhookTurnConsumer {
  const { keyPrefix, concurrency, logger } = options;
  const worker = new Worker(
    WEBHOOK_QUEUE,
    async (job) => {
      const { endpoint, turn } = webhookTurnSchema.parse(job.data);
      await serve({ endpoint, turn });
    },
    {
      ...webhookQueueOptions(redis, keyPrefix),
      concurrency,
      lockDuration: LOCK_DURATION_MS,
      stalledInterval: STALLED_INTERVAL_MS,
      maxStalledCount: MAX_STALLED_COUNT,
      runRetryDelay: 1000,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  const warn = queueTroubleReporter(logger, { queue: 'webhooks' });
  worker.on('error', warn);
  worker.on('failed', (_job, error) => warn(error));
  return { close: () => worker.close() };
}
