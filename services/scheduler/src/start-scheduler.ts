import { openLiveSettings } from '@understudy/configuration';
import { openDispatch } from '@understudy/dispatch';
import { measuring, openMonitoring } from '@understudy/metrics';
import { closableOnce, endedUnlessAway, repeat } from '@understudy/runtime';
import type { Closable, Logger, Refuse, ServiceEnvironment } from '@understudy/runtime';
import { ageQueues } from './age-queues.ts';
import { createLeadership } from './leadership.ts';
import { createQueueLeaver } from './leave-unserved-queues.ts';
import { createWayFinder } from './look-for-ways.ts';
import { makeRoom } from './make-room.ts';
import { measureScheduler } from './measure-scheduler.ts';
import { createTargetOpener } from './target-opener.ts';
import { openDeliveryRelay } from './relay-deliveries.ts';
import { createBatchRelay } from './relay-batches.ts';
import { createLimitRelay } from './relay-limits.ts';
import { relayOutbox } from './relay-outbox.ts';
import { createStatisticsRelay } from './relay-statistics.ts';
import { renumberQueues } from './renumber-queues.ts';
import { trimRetention } from './trim-retention.ts';
import { visitDueJobs } from './visit-due-jobs.ts';
import { createVisitTally } from './visit-tally.ts';

const DUE_INTERVAL_MS = 500;
const RELAY_INTERVAL_MS = 500;
const TARGETS_INTERVAL_MS = 1000;
/** Ageing is a matter of minutes; short settings are met as well. */
const AGEING_INTERVAL_MS = 2000;
/** Numbers last for hundreds of thousands of jobs. */
const RENUMBERING_INTERVAL_MS = 10_000;
/** An operator who gives a route another target in an outage waits for it. */
const WAYS_INTERVAL_MS = 5000;
const MEMORY_INTERVAL_MS = 1000;
const LONGEST_TRIM_INTERVAL_MS = 600_000;

/**
 * Starts one replica of the scheduler. All replicas stand ready; the one that leads wakes,
 * ages and expires jobs, mends interrupted hand-overs, probes after cool-downs, keeps the lists.
 */
export async function startScheduler(
  environment: ServiceEnvironment,
  logger: Logger,
  refuse: Refuse,
): Promise<Closable> {
  const { redisUrl, keyPrefix, configPath, sealer } = environment;
  const live = openLiveSettings(
    { environment: process.env, credentials: 'ignore', path: configPath },
    logger,
  );
  const monitoring = await openMonitoring('scheduler', live.current().metrics, logger);
  const dispatch = openDispatch({
    redisUrl,
    keyPrefix,
    patience: 'patient',
    sealer,
    settings: live.current,
    logger,
    ...measuring(monitoring.metrics, live.current),
    refuse,
  });
  // Short retentions are kept as well.
  const trimIntervalMs = Math.min(LONGEST_TRIM_INTERVAL_MS, live.current().defaults.retentionMs);
  const tally = createVisitTally(dispatch.clock, logger);
  const openTargets = createTargetOpener(dispatch);
  const deliveries = openDeliveryRelay(dispatch);
  const tellBatches = createBatchRelay(dispatch);
  const countUse = createLimitRelay(dispatch);
  const countStatistics = createStatisticsRelay(dispatch);
  const leadership = createLeadership(dispatch.redis, keyPrefix, logger);
  const measures = measureScheduler(monitoring, dispatch, leadership);
  const whileLeading = (name: string, intervalMs: number, work: () => Promise<number | void>) =>
    repeat(name, intervalMs, logger, async () => {
      return dispatch.isLoaded() && leadership.isLeader() ? work() : undefined;
    });
  const opening = whileLeading('opening targets', TARGETS_INTERVAL_MS, openTargets);
  const leaver = createQueueLeaver(dispatch);
  const leaving = whileLeading('leaving unserved queues', TARGETS_INTERVAL_MS, leaver.leave);
  dispatch.availability.onChange(() => {
    opening.trigger();
    leaving.trigger();
  });
  const duties = [
    opening,
    leaving,
    whileLeading('visiting due jobs', DUE_INTERVAL_MS, async () => {
      const visits = await visitDueJobs(dispatch, deliveries.forget);
      tally.add(visits);
      measures.visited(visits);
    }),
    whileLeading('relaying events', RELAY_INTERVAL_MS, () =>
      relayOutbox(
        dispatch,
        [countUse, countStatistics, tellBatches, deliveries.relay],
        measures.relayed,
      ),
    ),
    whileLeading('ageing queues', AGEING_INTERVAL_MS, () => ageQueues(dispatch)),
    whileLeading('renumbering queues', RENUMBERING_INTERVAL_MS, () => renumberQueues(dispatch)),
    whileLeading('looking for ways', WAYS_INTERVAL_MS, createWayFinder(dispatch)),
    whileLeading('making room', MEMORY_INTERVAL_MS, async () => {
      measures.dropped(await makeRoom(dispatch));
    }),
    whileLeading('trimming lists', trimIntervalMs, () => trimRetention(dispatch)),
  ];

  return closableOnce(async () => {
    await endedUnlessAway(dispatch.redis, Promise.all(duties.map((duty) => duty.close())));
    await leadership.close();
    await endedUnlessAway(dispatch.redis, deliveries.close());
    live.close();
    await dispatch.close();
    await monitoring.close();
  });
}
