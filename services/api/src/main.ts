import { createLogger, runService } from '@understudy/runtime';
import type { Refuse, RunningService } from '@understudy/runtime';
import { traced } from '@understudy/tracing';
import { readApiEnvironment } from './read-environment.ts';
import { startApi } from './start-api.ts';

/** The usual delay that balancers need, and the last calls, take less once the service is to stop. */
const CLOSE_MS = 30_000;

const logger = createLogger('api', 'info');

const start = async (refuse: Refuse): Promise<RunningService> => {
  const environment = readApiEnvironment(process.env);
  logger.level = environment.logLevel;
  const api = await startApi(environment, process.env, logger, refuse);
  // A parent that chose port 0 hears which one it became.
  process.send?.({ ready: true, url: api.url });
  return api;
};

await runService(logger, CLOSE_MS, traced('api', logger, start));
