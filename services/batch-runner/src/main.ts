import { createLogger, runService, withEnvironment } from '@understudy/runtime';
import { traced } from '@understudy/tracing';
import { startRunner } from './start-runner.ts';

/** A step is short, and what it has not committed another runner does again. */
const GRACE_PERIOD_MS = 10_000;

const logger = createLogger('batch-runner', 'info');
await runService(
  logger,
  GRACE_PERIOD_MS,
  traced(
    'batch-runner',
    logger,
    withEnvironment(logger, (environment, refuse) => startRunner(environment, logger, refuse)),
  ),
);
