import { openLiveSettings } from '@understudy/configuration';
import { createJobStore } from '@understudy/job-store';
import { missingRedis, openMonitoring } from '@understudy/metrics';
import { createGuardedDispatcher } from '@understudy/outbound';
import { createWebhookTurns, serveWebhookTurns } from '@understudy/queue';
import {
  closableOnce,
  createRedisClock,
  endedUnlessAway,
  openRedis,
  repeat,
  unreadableTeller,
} from '@understudy/runtime';
import type { Closable, Logger, ServiceEnvironment } from '@understudy/runtime';
import { openWebhookParts } from '@understudy/webhooks';
import type { DelivererContext } from './deliverer-context.ts';
import { measureTurns } from './measure-turns.ts';
import { mendTurns } from './mend-turns.ts';
import { serveTurn } from './serve-turn.ts';

/** Endpoints that one process serves at a time; each is mostly waiting for its receiver. */
const ENDPOINTS_AT_ONCE = 200;
const MEND_INTERVAL_MS = 15_000;
const TRIM_INTERVAL_MS = 600_000;
/** Tries that last longer after SIGTERM are cut off, within the service's grace period. */
const CUT_OFF_AFTER_MS = 25_000;

/** Starts one replica of the deliverer. Any number of them share the endpoints' turns. */
export async function startDeliverer(
  environment: ServiceEnvironment,
  logger: Logger,
): Promise<Closable> {
  const { redisUrl, keyPrefix, configPath, sealer } = environment;
  const live = openLiveSettings(
    { environment: process.env, credentials: 'ignore', path: configPath },
    logger,
  );
  const { webhooks: settings, outbound, redis: redisSettings } = live.current();
  const monitoring = await openMonitoring('webhook-deliverer', live.current().metrics, logger);
  const { metrics } = monitoring;
  const redis = openRedis(redisUrl, 'patient', logger);
  const blocking = openRedis(redisUrl, 'patient', logger);
  const clock = createRedisClock(redis);
  const queue = createWebhookTurns(redis, keyPrefix);
  const opened = openWebhookParts({ redis, keyPrefix, clock, turns: queue, sealer, settings });
  const parts = { ...opened, turns: measureTurns(opened.turns, metrics) };
  const dispatcher = createGuardedDispatcher(outbound);
  const drain = new AbortController();
  const cutOff = new AbortController();
  const context: DelivererContext = {
    parts,
    queue,
    jobs: createJobStore(redis, keyPrefix, () => redisSettings.replicas, sealer),
    dispatcher,
    clock,
    settings,
    random: Math.random,
    draining: drain.signal,
    stopping: cutOff.signal,
    logger,
    tellUnreadable: unreadableTeller(logger, 'a delivery is left alone, as it cannot be read'),
  };
  await clock.sync();
  const consumer = serveWebhookTurns(
    blocking,
    { keyPrefix, concurrency: ENDPOINTS_AT_ONCE, logger },
    (turn) => serveTurn(context, turn),
  );
  const mending = repeat('mending turns', MEND_INTERVAL_MS, logger, () => mendTurns(context));
  const trimming = repeat('trimming delivery lists', TRIM_INTERVAL_MS, logger, () =>
    parts.lists.trim(clock.now() - parts.listedMs),
  );
  monitoring.readyWhen(() => missingRedis(redis));
  logger.info('serving');

  return closableOnce(async () => {
    drain.abort();
    const cuttingOff = setTimeout(() => cutOff.abort(), CUT_OFF_AFTER_MS);
    await endedUnlessAway(redis, Promise.all([mending.close(), trimming.close()]));
    await endedUnlessAway(redis, consumer.close());
    clearTimeout(cuttingOff);
    await endedUnlessAway(redis, queue.close());
    await dispatcher.close();
    clock.close();
    live.close();
    blocking.disconnect();
    redis.disconnect();
    await monitoring.close();
  });
}
