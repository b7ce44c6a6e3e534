import { readServiceEnvironment } from './environment.ts';
import type { ServiceEnvironment } from './environment.ts';
import type { Logger } from './logger.ts';
import type { Refuse, RunningService } from './run-service.ts';

/**
 * A start for `runService` that reads the environment first: a wrong variable is a start that fails,
 * told as one line of the log like any other. The logger takes the level that the environment names.
 */
export function withEnvironment(
  logger: Logger,
  start: (environment: ServiceEnvironment, refuse: Refuse) => Promise<RunningService>,
): (refuse: Refuse) => Promise<RunningService> {
  return async (refuse) => {
    const environment = readServiceEnvironment(process.env);
    logger.level = environment.logLevel;
    return start(environment, refuse);
  };
}
