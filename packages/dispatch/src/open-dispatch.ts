import {
  createAvailabilityView,
  createCooldowns,
  createPauseView,
  createPauses,
  createRegistryView,
  createStaleNames,
  createStaleNameView,
  createWaitingRooms,
} from '@understudy/availability';
import type {
  AvailabilityView,
  Cooldowns,
  Pauses,
  RegistryView,
  StaleNames,
  StaleNameView,
} from '@understudy/availability';
import type { Settings } from '@understudy/configuration';
import type { RecordVersions } from '@understudy/contracts';
import { createJobStore } from '@understudy/job-store';
import type { JobStore } from '@understudy/job-store';
import { createProjectLimits } from '@understudy/limits';
import type { ProjectLimits } from '@understudy/limits';
import { createQueueProducer } from '@understudy/queue';
import {
  createRedisClock,
  durabilityRefusal,
  endedUnlessAway,
  openRedis,
  openSubscriber,
  readAssumedDurability,
  readRedisDurability,
  repeat,
} from '@understudy/runtime';
import type { ConnectionPatience, Logger, Redis, Refuse, Subscriber } from '@understudy/runtime';
import { createSealer } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import type { DispatchContext } from './dispatch-context.ts';
import { loggedStore } from './logged-store.ts';
import { withProjectLimits } from './with-project-limits.ts';

/** How old this process's picture of workers and cool-downs gets when no message comes. */
const RELOAD_INTERVAL_MS = 5000;

export interface DispatchOptions {
  redisUrl: string;
  keyPrefix: string;
  patience: ConnectionPatience;
  /** Encrypts what is kept; without keys where absent. */
  sealer?: Sealer;
  /** Asked each time, so that changed routes are taken up. */
  settings(): Settings;
  logger: Logger;
  /** The forms of the job record; this release's where absent. */
  recordVersions?: RecordVersions;
  /** Wraps the store, so that its changes of jobs are measured. */
  measure?(store: JobStore, registry: Pick<RegistryView, 'registration'>): JobStore;
  /** Called when this Redis would lose jobs, or is too old; where absent, Redis is not asked. */
  refuse?: Refuse;
}

/** A context over connections of its own, with views that keep themselves up to date. */
export interface OpenDispatch extends DispatchContext {
  cooldowns: Cooldowns;
  pauses: Pauses;
  availability: AvailabilityView;
  staleNames: StaleNames;
  staleNameView: StaleNameView;
  registry: RegistryView;
  /** What administrators let projects have; the settings of `views` hold it already. */
  projectLimits: ProjectLimits;
  subscriber: Subscriber;
  /** True once workers and cool-downs were read, so that planning sees them. */
  isLoaded(): boolean;
  /** Resolves when `isLoaded` has become true, however long Redis is away. */
  firstLoad(): Promise<void>;
  /** Reads workers and cool-downs now. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens everything a process needs to plan and place jobs. Does not wait for Redis: while it is
 * away, `isLoaded` stays false and steps fail or wait, as `patience` says.
 */
export function openDispatch(options: DispatchOptions): OpenDispatch {
  const { redisUrl, keyPrefix, logger, settings, sealer = createSealer([]) } = options;
  const { measure = (store) => store } = options;
  const redis = openRedis(redisUrl, options.patience, logger);
  const background = openRedis(redisUrl, 'patient', logger);
  const subscriber = openSubscriber(redisUrl, logger);
  const clock = createRedisClock(background);
  const cooldowns = createCooldowns(redis, keyPrefix);
  const queue = createQueueProducer(redis, keyPrefix);

  const backgroundCooldowns = createCooldowns(background, keyPrefix);
  const availability = createAvailabilityView(
    backgroundCooldowns,
    createPauseView(createPauses(background, keyPrefix), subscriber, keyPrefix),
    subscriber,
    keyPrefix,
    clock,
  );
  const backgroundStaleNames = createStaleNames(background, keyPrefix);
  const staleNameView = createStaleNameView(backgroundStaleNames, subscriber, keyPrefix);
  const registry = createRegistryView(background, subscriber, keyPrefix, clock);
  const projectLimits = createProjectLimits({
    redis,
    background,
    subscriber,
    keyPrefix,
    heard: () => reloading.trigger(),
  });
  const limitedSettings = withProjectLimits(settings, projectLimits.current);

  let loaded = false;
  const first = Promise.withResolvers<void>();
  const reload = async (): Promise<void> => {
    const providers = Object.keys(settings().providers);
    if (!loaded) {
      if (!(await isDurable(background, options))) return;
      await clock.sync();
    }
    await registry.reload(providers);
    await availability.reload(providers);
    await staleNameView.reload(providers);
    await projectLimits.reload();
    loaded = true;
    first.resolve();
  };
  const reloading = repeat('reading workers and cool-downs', RELOAD_INTERVAL_MS, logger, reload);
  registry.onAnnouncement(() => reloading.trigger());
  subscriber.on('ready', () => reloading.trigger());

  return {
    store: measure(
      loggedStore(
        createJobStore(
          redis,
          keyPrefix,
          () => settings().redis.replicas,
          sealer,
          options.recordVersions,
        ),
        logger,
      ),
      registry,
    ),
    queue,
    rooms: createWaitingRooms(redis, keyPrefix),
    cooldowns,
    pauses: createPauses(redis, keyPrefix),
    availability,
    staleNames: createStaleNames(redis, keyPrefix),
    staleNameView,
    registry,
    projectLimits,
    subscriber,
    redis,
    clock,
    keyPrefix,
    sealer,
    logger,
    random: Math.random,
    views: () => ({
      settings: limitedSettings(),
      registration: registry.registration,
      isAlive: registry.isAlive,
      availability: availability.state,
      staleName: staleNameView.resting,
    }),
    isLoaded: () => loaded,
    firstLoad: () => first.promise,
    reload,
    close: async () => {
      clock.close();
      await endedUnlessAway(background, reloading.close());
      await endedUnlessAway(redis, queue.close());
      background.disconnect();
      subscriber.disconnect();
      redis.disconnect();
    },
  };
}

/**
 * Accepted means kept: a Redis that forgets is refused, unless the operator answers for it; one that is
 * too old is in any case.
 */
async function isDurable(
  redis: Redis,
  { settings, refuse, logger }: DispatchOptions,
): Promise<boolean> {
  if (refuse === undefined) return true;
  const isAssumed = settings().redis.durability === 'assumed';
  const durability = await (isAssumed ? readAssumedDurability : readRedisDurability)(redis);
  for (const warning of durability.warnings) logger.warn(warning);
  const refusal = durabilityRefusal(durability);
  if (refusal === undefined) return true;
  refuse(refusal);
  return false;
}
