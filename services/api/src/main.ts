import { createLogger, runService, withEnvironment } from '@understudy/runtime';
import { traced } from '@understudy/tracing';
import { readApiEnvironment } from './read-environment.ts';
import { startApi } from './start-api.ts';

/** The usual delay that balancers need, and the last calls, take less once the service is to stop. */
const CLOSE_MS = 30_000;

const logger = createLogger('api', 'info');

const start = withEnvironment(
  logger,
  async (environment, refuse) => {
    const api = await startApi(environment, process.env, logger, refuse);
    // A parent that chose port 0 hears which one it became.
    process.send?.({ ready: true, url: api.url });
    return api;
  },
  readApiEnvironment,
);

await runService(logger, CLOSE_MS, traced('api', logger, start));
