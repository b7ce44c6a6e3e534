import { setTimeout as sleep } from 'node:timers/promises';
import { createBatchStore } from '@understudy/batch-store';
import { openLiveSettings } from '@understudy/configuration';
import { createAdmission, openDispatch } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import { openFileStore, usedBytesKey } from '@understudy/file-store';
import { createLimits } from '@understudy/limits';
import { subscribeToChanges, subscribeToEvents, subscribeToLists } from '@understudy/job-store';
import { createMetrics, measuring, watchSystem } from '@understudy/metrics';
import { createWebhookTurns } from '@understudy/queue';
import { pingRedis, unreadableTeller } from '@understudy/runtime';
import type { Logger, Refuse, RunningService } from '@understudy/runtime';
import { createWebhookStore } from '@understudy/webhooks';
import type { WebhookStore } from '@understudy/webhooks';
import type { ApiParts } from './api-parts.ts';
import { createApiKeys } from './keys/api-keys.ts';
import type { ApiKeys } from './keys/api-keys.ts';
import { buildApp } from './app.ts';
import { registerKey } from './keys/environment-key.ts';
import { createLongPolls } from './events/long-polls.ts';
import { createOpenStreams } from './events/open-streams.ts';
import { createProjectEvents } from './events/project-events.ts';
import { createProjects } from './keys/projects.ts';
import type { ApiEnvironment } from './read-environment.ts';
import { drainDelayMs } from './drain-delay.ts';
import { createReadiness } from './readiness.ts';
import { createRejoin } from './requests/rejoin.ts';
import { listen } from './server.ts';
import { pacedUploads } from './files/upload-pace.ts';
import { watchRoutes } from './watch-routes.ts';

/** What the last calls and the disconnecting take at most, once the door is closed. */
const LAST_CALLS_MS = 25_000;

export interface RunningApi extends RunningService {
  /** Where it listens. */
  url: string;
}

/** Starts the whole service. Does not wait for Redis: until it answers, `/readyz` says so. */
export async function startApi(
  environment: ApiEnvironment,
  variables: Readonly<Record<string, string | undefined>>,
  logger: Logger,
  refuse?: Refuse,
): Promise<RunningApi> {
  const { redisUrl, keyPrefix, configPath, sealer } = environment;
  const settings = openLiveSettings(
    { environment: variables, credentials: 'ignore', path: configPath },
    logger,
  );
  // Once: whoever stops this process allows it the time that it had asked for at its start.
  const drainMs = drainDelayMs(settings.current(), environment.host);
  const metrics = settings.current().metrics.enabled ? createMetrics('api') : undefined;
  metrics?.watchProcess();
  const dispatch = openDispatch({
    redisUrl,
    keyPrefix,
    patience: 'request',
    sealer,
    settings: settings.current,
    logger,
    ...measuring(metrics, settings.current),
    ...(refuse === undefined ? {} : { refuse }),
  });
  const routes = watchRoutes(dispatch);
  const closeParts = async (): Promise<void> => {
    settings.close();
    await routes.close();
    await dispatch.close();
  };
  try {
    const parts = await openParts(dispatch, environment.apiKey, environment.keyPepper, refuse);
    const app = await buildApp({ ...parts, ...(metrics === undefined ? {} : { metrics }) });
    if (metrics !== undefined) watchSystem(metrics, dispatch);
    const url = await listen(app, environment);
    logger.info({ url }, `listening on ${url}`);
    return {
      url,
      gracePeriodMs: drainMs + LAST_CALLS_MS,
      close: async () => {
        parts.readiness.stop();
        await sleep(drainMs);
        await app.close();
        await closeParts();
      },
    };
  } catch (error) {
    await closeParts();
    throw error;
  }
}

/** What the routes need beside the dispatch; nothing of it has to be closed. */
export async function openParts(
  dispatch: OpenDispatch,
  apiKey: string | undefined,
  keyPepper?: string,
  refuse?: Refuse,
): Promise<ApiParts> {
  const { redis, keyPrefix, clock, logger, registry } = dispatch;
  const keys = createApiKeys({
    ...dispatch,
    ...(keyPepper === undefined ? {} : { pepper: keyPepper }),
  });
  const projects = createProjects(redis, keyPrefix, clock);
  const environmentKey = await registerKey(redis, keys, apiKey, logger, refuse);
  const readiness = createReadiness({
    pingRedis: () => pingRedis(redis),
    isLoaded: dispatch.isLoaded,
    isKeyRegistered: environmentKey.isRegistered,
    providers: () => Object.keys(dispatch.views().settings.providers),
    isAlive: registry.isAlive,
    isKnown: (provider) => registry.registration(provider) !== undefined,
  });
  const admission = createAdmission(redis, () => dispatch.views().settings.redis, clock, logger);
  const webhooks = openWebhooks(dispatch);
  const { settings } = dispatch.views();
  const store = await openFileStore({ ...dispatch, settings: settings.files });
  const files = pacedUploads(store.files, () => clock.monotonic());
  const batches = createBatchStore(
    redis,
    keyPrefix,
    () => dispatch.views().settings.redis.replicas,
    dispatch.sealer,
    unreadableTeller(logger, 'a batch is not listed, as it cannot be read'),
  );
  const limits = createLimits(redis, keyPrefix, (project) => usedBytesKey(keyPrefix, project));
  const listening = openListening(dispatch, keys);
  keys.onRevoked(listening.openStreams.endOf);
  return {
    dispatch,
    keys,
    environmentKey,
    projects,
    readiness,
    admission,
    webhooks,
    files,
    batches,
    limits,
    ...listening,
  };
}

/** Over the connection of the dispatch, with which it ends. */
function openWebhooks({
  redis,
  keyPrefix,
  clock,
  views,
  sealer,
  logger,
}: OpenDispatch): WebhookStore {
  const turns = createWebhookTurns(redis, keyPrefix);
  return createWebhookStore({
    redis,
    keyPrefix,
    clock,
    turns,
    sealer,
    settings: views().settings.webhooks,
    tellUnreadable: unreadableTeller(logger, 'a delivery is left out, as it cannot be read'),
  });
}

/** Those who wait for what becomes of jobs: all of them hear over one connection. */
function openListening(
  dispatch: OpenDispatch,
  keys: ApiKeys,
): Pick<ApiParts, 'changes' | 'longPolls' | 'openStreams' | 'projectEvents' | 'rejoin'> {
  const { redis, subscriber, keyPrefix, store, clock, logger } = dispatch;
  const changes = subscribeToChanges(subscriber, keyPrefix);
  const longPolls = createLongPolls(changes, store);
  const openStreams = createOpenStreams(logger, clock, keys.isGood);
  const projectEvents = createProjectEvents(redis, keyPrefix);
  const lookAgain = (): void => {
    projectEvents.refresh();
    openStreams.lookAgain();
  };
  subscriber.on('ready', () => {
    // The answer to a ping comes after the subscriptions: from then on nothing is missed.
    subscriber.ping().then(lookAgain, () => undefined);
  });
  subscribeToEvents(subscriber, keyPrefix, projectEvents.heard);
  subscribeToLists(subscriber, keyPrefix, projectEvents.listsChanged);
  const rejoin = createRejoin(redis, keyPrefix);
  return { changes, longPolls, openStreams, projectEvents, rejoin };
}
