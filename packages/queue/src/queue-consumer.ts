import { SCHEMA_VERSION, queueEntrySchema } from '@understudy/contracts';
import type { QueueEntry } from '@understudy/contracts';
import { isRedisUnavailable } from '@understudy/runtime';
import type { Logger, Redis } from '@understudy/runtime';
import { DelayedError, Worker, createRedisBackend } from 'bullmq';
import { openQueueHandle } from './queue-handle.ts';
import { queueName, queuePrefix } from './queue-name.ts';
import { queueTroubleReporter } from './queue-trouble.ts';
import { turnBackend } from './turn-backend.ts';

/** How long a worker may be silent before its turns are given to another: recovery within 15 s. */
const LOCK_DURATION_MS = 10_000;
const STALLED_INTERVAL_MS = 2500;
/** A healthy job must never fail by stalling; poisonous ones are counted on the record. */
const MAX_STALLED_COUNT = 1_000_000;
/** A completion that met a broken connection is tried again after this. */
const RUN_RETRY_DELAY_MS = 1000;
/** Entries that BullMQ keeps in the event stream of a queue; nothing of ours reads it. */
const KEPT_EVENTS = 1000;
/** A turn that is given back rests: first so long, or shorter where it is on its way; then longer, */
const FIRST_REST_MS = { left: 500, unreadable: 500, early: 100 };
/** up to this, so that a queue full of them costs little and a new worker finds them soon. */
const LONGEST_REST_MS = 10_000;

/** A turn that has not come after so many starts comes from a move that was never made. */
const MOST_EARLY_STARTS = 6;

/** Whether a turn was seen to, is for a worker of a newer release or with a key, or has not come yet. */
export type TurnService = 'served' | 'left' | 'unreadable' | 'early';

export interface ConsumerOptions {
  provider: string;
  keyPrefix: string;
  /** Calls at a time, per process and over all replicas. */
  concurrency: number;
  requestsPerMinute?: number;
  logger: Logger;
}

export interface QueueConsumer {
  /** Takes no more turns. Resolves when those that run have ended. */
  close(): Promise<void>;
}

/**
 * Takes turns from a provider's queue in priority order. The handler settles everything on the
 * record itself and returns nothing: BullMQ would store what it returns. A handler that throws
 * loses its entry, which is logged; the due time of the record brings it back. A turn that it leaves
 * goes back into the queue at its own number, after a rest in which others may start who can serve
 * it; one that is early comes again some times.
 * @param redis a connection for blocking use; the consumer makes one more from it
 */
export async function startQueueConsumer(
  redis: Redis,
  options: ConsumerOptions,
  handle: (entry: QueueEntry) => Promise<TurnService>,
): Promise<QueueConsumer> {
  const { provider, concurrency, requestsPerMinute, logger } = options;
  const name = queueName(provider);
  const prefix = queuePrefix(options.keyPrefix);

  const queue = openQueueHandle(name, {
    connection: redis,
    prefix,
    streams: { events: { maxLen: KEPT_EVENTS } },
  });
  await queue.setGlobalConcurrency(concurrency);

  const serve = async (data: unknown): Promise<TurnService> => {
    const entry = queueEntrySchema.parse(data);
    return entry.v > SCHEMA_VERSION ? 'left' : handle(entry);
  };
  const worker = new Worker<QueueEntry>(
    name,
    async (job, token) => {
      const service = await serve(job.data);
      const starts = job.attemptsStarted;
      if (service === 'served' || (service === 'early' && starts >= MOST_EARLY_STARTS)) return;
      const rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS[service] * 2 ** (starts - 1));
      if (service === 'left') {
        logger.warn(
          { provider, job: job.data.id, project: job.data.project },
          'a turn was left to workers of a newer release',
        );
      }
      await job.moveToDelayed(Date.now() + rest, token);
      throw new DelayedError();
    },
    {
      connection: redis,
      prefix,
      concurrency,
      lockDuration: LOCK_DURATION_MS,
      stalledInterval: STALLED_INTERVAL_MS,
      maxStalledCount: MAX_STALLED_COUNT,
      runRetryDelay: RUN_RETRY_DELAY_MS,
      // A kept entry would turn a repeated add of its id into nothing.
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
      ...(requestsPerMinute === undefined ? {} : { limiter: limiterOf(requestsPerMinute) }),
    },
    // BullMQ's own scripts count what a limit is for.
    requestsPerMinute === undefined
      ? turnBackend(redis, options.keyPrefix, provider, LOCK_DURATION_MS)
      : createRedisBackend,
  );
  worker.on('error', queueTroubleReporter(logger, { provider }));
  worker.on('failed', (job, error) => {
    // A Redis that is away is told of by its connection.
    if (isRedisUnavailable(error)) return;
    const { id, project } = job?.data ?? {};
    logger.error({ provider, job: id, project, err: error }, 'a turn broke off');
  });

  return {
    close: async () => {
      await worker.close();
      await queue.close();
    },
  };
}

/** A window of about a second, so that a minute's allowance is not spent in its first second. */
function limiterOf(requestsPerMinute: number): { max: number; duration: number } {
  const max = Math.max(1, Math.round(requestsPerMinute / 60));
  return { max, duration: Math.ceil((max * 60_000) / requestsPerMinute) };
}
