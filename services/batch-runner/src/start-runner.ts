import { randomUUID } from 'node:crypto';
import { batchMember, createBatchRuns } from '@understudy/batch-store';
import type { BatchReference, BatchRuns } from '@understudy/batch-store';
import { openLiveSettings } from '@understudy/configuration';
import { createAdmission, openDispatch } from '@understudy/dispatch';
import { openFileStore, usedBytesKey } from '@understudy/file-store';
import { createLimits } from '@understudy/limits';
import { measuring, missingForPlanning, openMonitoring } from '@understudy/metrics';
import { closableOnce, endedUnlessAway, repeat } from '@understudy/runtime';
import type { Closable, Logger, Refuse, ServiceEnvironment } from '@understudy/runtime';
import { LEASE_MS, holdBatch } from './hold-batch.ts';
import type { RunningHold } from './hold-batch.ts';
import { measureRuns } from './measure-runs.ts';
import { openBatchTelling } from './open-batch-telling.ts';
import type { RunnerContext } from './runner-context.ts';

/** How soon a batch is found whose announcement was missed. */
const LOOK_INTERVAL_MS = 1500;
const SWEEP_INTERVAL_MS = 600_000;
/** Batches that one process works on; others are left to other replicas, or wait. */
const BATCHES_AT_ONCE = 50;
const LOOKED_AT = 1000;
/** A name without a batch: its creation was refused, or cut off. Nobody is still creating it. */
const GONE_AFTER_MS = 300_000;

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
  const holder = randomUUID();
  const holds = new Map<string, RunningHold>();
  let stopping = false;

  const take = async (batch: BatchReference, since: number): Promise<void> => {
    const member = batchMember(batch);
    if (stopping || holds.has(member) || holds.size >= BATCHES_AT_ONCE) return;
    const now = clock.now();
    const claim = await runs.claim(batch, holder, now, now + LEASE_MS);
    if (claim.kind === 'missing') await forgetGone(runs, batch, now - since);
    if (claim.kind !== 'claimed') return;
    holds.set(
      member,
      holdBatch(context, claim.lease, () => holds.delete(member)),
    );
  };
  const looking = repeat('looking for batches', LOOK_INTERVAL_MS, logger, async () => {
    // Without workers and routes known, every line would seem to name an unknown model.
    if (!dispatch.isLoaded()) return;
    for (const { batch, since } of await runs.unfinished(LOOKED_AT)) await take(batch, since);
  });
  runs.onWake((batch) => {
    const hold = holds.get(batchMember(batch));
    if (hold === undefined) looking.trigger();
    else hold.trigger();
  });
  const sweeping = repeat('sweeping files', SWEEP_INTERVAL_MS, logger, async () => {
    await files.sweep(clock.now());
  });

  return closableOnce(async () => {
    stopping = true;
    await endedUnlessAway(redis, looking.close());
    await Promise.all([...holds.values()].map((hold) => hold.close()));
    await endedUnlessAway(redis, sweeping.close());
    await endedUnlessAway(redis, telling.close());
    live.close();
    await dispatch.close();
    await monitoring.close();
  });
}

async function forgetGone(runs: BatchRuns, batch: BatchReference, ageMs: number): Promise<void> {
  if (ageMs > GONE_AFTER_MS) await runs.leave(batch);
}
