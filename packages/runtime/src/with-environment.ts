import type { Sealer } from '@understudy/sealing';
import { readServiceEnvironment } from './environment.ts';
import type { ServiceEnvironment } from './environment.ts';
import type { Logger } from './logger.ts';
import type { Refuse, RunningService } from './run-service.ts';

type Start<Environment> = (environment: Environment, refuse: Refuse) => Promise<RunningService>;
type Read<Environment> = (variables: NodeJS.ProcessEnv) => Environment;

/**
 * A start for `runService` that reads the environment first: a wrong variable is a start that fails,
 * told as one line of the log like any other. The logger takes the level that the environment names.
 * Once the service has started, the log says which encryption keys it has, by their ids: whoever
 * changes them sees where the new ones have arrived.
 * @param read of a service that reads more than others
 */
export function withEnvironment(
  logger: Logger,
  start: Start<ServiceEnvironment>,
): (refuse: Refuse) => Promise<RunningService>;
export function withEnvironment<Environment extends ServiceEnvironment>(
  logger: Logger,
  start: Start<Environment>,
  read: Read<Environment>,
): (refuse: Refuse) => Promise<RunningService>;
export function withEnvironment(
  logger: Logger,
  start: Start<ServiceEnvironment>,
  read: Read<ServiceEnvironment> = readServiceEnvironment,
): (refuse: Refuse) => Promise<RunningService> {
  return async (refuse) => {
    const environment = read(process.env);
    logger.level = environment.logLevel;
    const service = await start(environment, refuse);
    tellEncryption(logger, environment.sealer);
    return service;
  };
}

function tellEncryption(logger: Logger, { keyIds }: Sealer): void {
  const [encryptsWith] = keyIds;
  if (encryptsWith === undefined) return;
  logger.info({ encryptsWith, decryptsWith: keyIds }, 'what is kept is encrypted');
}
