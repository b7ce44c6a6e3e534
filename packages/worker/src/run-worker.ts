import { randomUUID } from 'node:crypto';
import { BEAT_INTERVAL_MS, createRegistryWriter } from '@understudy/availability';
import { openLiveSettings } from '@understudy/configuration';
import type { RecordVersions } from '@understudy/contracts';
import { openDispatch, subscribeToCancels } from '@understudy/dispatch';
import { measuring, missingForPlanning, openMonitoring } from '@understudy/metrics';
import type { ProviderKind } from '@understudy/provider';
import { startQueueConsumer } from '@understudy/queue';
import {
  closableOnce,
  createLogger,
  endedUnlessAway,
  openRedis,
  repeat,
  runService,
  withEnvironment,
} from '@understudy/runtime';
import type { Logger, Refuse, RunningService, ServiceEnvironment } from '@understudy/runtime';
import { traced } from '@understudy/tracing';
import { checkChosen, chosenProviders } from './chosen-providers.ts';
import { endTurns } from './end-turns.ts';
import { createImageFetcher } from './image-fetcher.ts';
import { processTurn } from './process-turn.ts';
import { createRecoveringTargets } from './recovering-targets.ts';
import { createRunningTurns } from './running-turns.ts';
import { serveProviders } from './serve-providers.ts';
import { stopEnded } from './stop-ended.ts';
import { createStoppingBatches } from './stopping-batches.ts';
import type { WorkerContext } from './worker-context.ts';

/** A cancel whose message was missed is noticed after this long at most. */
const LOOK_AGAIN_INTERVAL_MS = 5000;
const DEFAULT_GRACE_PERIOD_MS = 30_000;

/** The whole life of a worker service: its one starting line. */
export async function runWorker(kind: ProviderKind): Promise<void> {
  const service = `worker-${kind.name}`;
  const logger = createLogger(service, 'info');
  await runService(
    logger,
    DEFAULT_GRACE_PERIOD_MS,
    traced(
      service,
      logger,
      withEnvironment(logger, (environment, refuse) =>
        startWorker(kind, environment, process.env, logger, refuse),
      ),
    ),
  );
}

/**
 * Starts serving the configured providers of the kind, one queue each: all of them, or those that
 * `UNDERSTUDY_PROVIDERS` names. It resolves the credentials of these and of no others.
 * @param recordVersions the forms of the job record; this release's unless given
 */
export async function startWorker(
  kind: ProviderKind,
  environment: ServiceEnvironment,
  variables: Readonly<Record<string, string | undefined>>,
  logger: Logger,
  refuse?: Refuse,
  recordVersions?: RecordVersions,
): Promise<RunningService> {
  const { redisUrl, keyPrefix, configPath, sealer } = environment;
  const chosen = chosenProviders(variables);
  const live = openLiveSettings(
    {
      environment: variables,
      credentials: { of: (name, ofKind) => ofKind === kind.name && chosen(name) },
      path: configPath,
    },
    logger,
  );
  const settings = live.current;
  // Once: whoever stops this process allows it the time that it had asked for at its start.
  const { gracePeriodMs } = settings().defaults;
  checkChosen(variables, settings());
  const providers = serveProviders(kind, settings(), chosen);
  const service = `worker-${kind.name}`;
  const monitoring = await openMonitoring(service, settings().metrics, logger);
  const dispatch = openDispatch({
    redisUrl,
    keyPrefix,
    patience: 'patient',
    sealer,
    settings,
    logger,
    ...measuring(monitoring.metrics, settings),
    ...(refuse === undefined ? {} : { refuse }),
    ...(recordVersions === undefined ? {} : { recordVersions }),
  });
  const { outbound } = settings();
  const images = outbound.fetchImages
    ? createImageFetcher(outbound, () => performance.now())
    : undefined;
  const worker: WorkerContext = {
    dispatch,
    providers,
    running: createRunningTurns(),
    stopping: createStoppingBatches(dispatch.clock),
    recovering: createRecoveringTargets(dispatch),
    settings,
    ...(images === undefined ? {} : { images }),
  };
  // Whoever waits for a target that just opened is let in by the successes that follow.
  dispatch.availability.onChange((change) => {
    if (change?.opened === true) worker.recovering.opened(change.provider);
  });
  subscribeToCancels(dispatch.subscriber, keyPrefix, {
    jobEnded: (id) => worker.running.stop(id, 'job_ended'),
    batchStops: worker.stopping.note,
  });

  await dispatch.firstLoad();
  const registry = createRegistryWriter(
    dispatch.redis,
    keyPrefix,
    `${kind.name}-${randomUUID()}`,
    dispatch.clock,
  );
  await registry.register([...providers.values()].map(({ registration }) => registration));
  const beat = repeat('saying that this worker lives', BEAT_INTERVAL_MS, logger, registry.beat);
  const lookAgain = repeat('looking for ended jobs', LOOK_AGAIN_INTERVAL_MS, logger, () =>
    stopEnded(worker),
  );

  const blocking = openRedis(redisUrl, 'patient', logger);
  const consumers = await Promise.all(
    [...providers.values()].map((provider) =>
      startQueueConsumer(
        blocking,
        {
          provider: provider.settings.name,
          keyPrefix,
          concurrency: provider.settings.concurrency,
          ...(provider.settings.requestsPerMinute === undefined
            ? {}
            : { requestsPerMinute: provider.settings.requestsPerMinute }),
          logger,
        },
        (entry) => processTurn(worker, provider, entry),
      ),
    ),
  );
  monitoring.readyWhen(() => missingForPlanning(dispatch));
  logger.info({ providers: [...providers.keys()] }, 'serving');

  const { close } = closableOnce(async () => {
    await endTurns(worker, consumers, gracePeriodMs);
    await endedUnlessAway(dispatch.redis, Promise.all([beat.close(), lookAgain.close()]));
    await endedUnlessAway(dispatch.redis, registry.leave());
    for (const { connection, dispatcher } of providers.values()) {
      await connection.close?.();
      await dispatcher.close();
    }
    await images?.close();
    live.close();
    blocking.disconnect();
    await dispatch.close();
    await monitoring.close();
  });
  return { close, gracePeriodMs };
}
