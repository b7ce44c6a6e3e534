import { createLogger, runService, withEnvironment } from '@understudy/runtime';
import { traced } from '@understudy/tracing';
import { startScheduler } from './start-scheduler.ts';

/** Nothing of the scheduler's work is long: what it holds is handed back at once. */
const GRACE_PERIOD_MS = 5000;

const logger = createLogger('scheduler', 'info');
await runService(
  logger,
  GRACE_PERIOD_MS,
  traced(
    'scheduler',
    logger,
    withEnvironment(logger, (environment, refuse) => startScheduler(environment, logger, refuse)),
  ),
);
