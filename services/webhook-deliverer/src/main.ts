import { createLogger, readServiceEnvironment, runService } from '@understudy/runtime';
import { traced } from '@understudy/tracing';
import { startDeliverer } from './start-deliverer.ts';

/** Tries that are under way at SIGTERM are let end: none takes longer than its timeout. */
const GRACE_PERIOD_MS = 30_000;

const environment = readServiceEnvironment(process.env);
const logger = createLogger('webhook-deliverer', environment.logLevel);
await runService(
  logger,
  GRACE_PERIOD_MS,
  traced('webhook-deliverer', logger, () => startDeliverer(environment, logger)),
);
