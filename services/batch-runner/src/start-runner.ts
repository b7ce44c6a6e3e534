import { randomUUID } from 'node:crypto';
import { createBatchRuns } from '@understudy/batch-store';
import { openLiveSettings } from '@understudy/configuration';
import { createAdmission, openDispatch } from '@understudy/dispatch';
import { openFileStore, usedBytesKey } from '@understudy/file-store';
import { createLimits } from '@understudy/limits';
import { measuring, missingForPlanning, openMonitoring } from '@understudy/metrics';
import { closableOnce, endedUnlessAway, repeat } from '@understudy/runtime';
import type { Closable, Logger, Refuse, ServiceEnvironment } from '@understudy/runtime';
import { createHeldBatches } from './held-batches.ts';
import { measureRuns } from './measure-runs.ts';
import { openBatchTelling } from './open-batch-telling.ts';
import type { RunnerContext } from './runner-context.ts';
import { sweepFiles } from './sweep-files.ts';
import { PORTION } from './unfinished-batches.ts';

/** How soon a batch is found whose announcement was missed. */
const LOOK_INTERVAL_MS = 1500;
const SWEEP_INTERVAL_MS = 600_000;
const BATCHES_AT_ONCE = 50;
/** Longer than it takes until lost ends are looked for, and until an unknown model is an error. */
const IDLE_MS = 40_000;
/** Each turn begins with small parts, so that it should not be short. */
const TURN_MS = 180_000;

/** Starts one replica of the runner. Any number of them share the batches. */
export async function startRunner(
  environment: ServiceEnvironment,
  logger: Logger,
  refuse: Refuse,
): Promise<Closable> {
  const { redisUrl, keyPrefix, configPath, sealer } = environment;
  const live = openLiveSettings(
    { environment: process.env, credentials: 'ignore', path: configPath },
    logger,
  );
  const monitoring = await openMonitoring('batch-runner', live.current().metrics, logger);
  const { metrics } = monitoring;
  const dispatch = openDispatch({
    redisUrl,
    keyPrefix,
    patience: 'patient',
    sealer,
    settings: live.current,
    logger,
    ...measuring(metrics, live.current),
    refuse,
  });
  const { redis, subscriber, clock } = dispatch;
  const settings = live.current().files;
  const { files, bytes } = await openFileStore({ redis, keyPrefix, sealer, settings, logger });
  const telling = openBatchTelling(dispatch);
  const runs = measureRuns(createBatchRuns(redis, keyPrefix, subscriber, sealer), metrics);
  const context: RunnerContext = {
    runs,
    files,
    bytes,
    dispatch,
    limits: createLimits(redis, keyPrefix, (project) => usedBytesKey(keyPrefix, project)),
    admission: createAdmission(redis, () => live.current().redis, clock, logger),
    tell: telling.tell,
  };
  monitoring.readyWhen(() => missingForPlanning(dispatch));
  const held = createHeldBatches(context, {
    holder: randomUUID(),
    most: BATCHES_AT_ONCE,
    portion: PORTION,
    idleMs: IDLE_MS,
    turnMs: TURN_MS,
  });
  const looking = repeat('looking for batches', LOOK_INTERVAL_MS, logger, async () => {
    // Without workers and routes known, every line would seem to name an unknown model.
    if (dispatch.isLoaded()) await held.look();
  });
  runs.onWake((batch) => {
    if (!held.trigger(batch)) looking.trigger();
  });
  const sweeping = repeat('sweeping files', SWEEP_INTERVAL_MS, logger, () => sweepFiles(context));

  return closableOnce(async () => {
    held.stopTaking();
    await endedUnlessAway(redis, looking.close());
    await held.close();
    await endedUnlessAway(redis, sweeping.close());
    await endedUnlessAway(redis, telling.close());
    live.close();
    await dispatch.close();
    await monitoring.close();
  });
}
