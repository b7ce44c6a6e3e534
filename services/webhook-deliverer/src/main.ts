import { createLogger, readServiceEnvironment, runService } from '@understudy/runtime';
import { startDeliverer } from './start-deliverer.ts';

/** Tries that are under way at SIGTERM are let end: none takes longer than its timeout. */
const GRACE_PERIOD_MS = 30_000;

const environment = readServiceEnvironment(process.env);
const logger = createLogger('webhook-deliverer', environment.logLevel);
await runService(logger, GRACE_PERIOD_MS, () => startDeliverer(environment, logger));
