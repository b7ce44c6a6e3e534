import { createLogger, runService, withEnvironment } from '@understudy/runtime';
import { traced } from '@understudy/tracing';
import { startDeliverer } from './start-deliverer.ts';

/** Tries that are under way at SIGTERM are let end: none takes longer than its timeout. */
const GRACE_PERIOD_MS = 30_000;

const logger = createLogger('webhook-deliverer', 'info');
await runService(
  logger,
  GRACE_PERIOD_MS,
  traced(
    'webhook-deliverer',
    logger,
    withEnvironment(logger, (environment) => startDeliverer(environment, logger)),
  ),
);
