import { fileURLToPath } from 'node:url';
import { loadSettings, readKindManifests, watchSettings } from '@understudy/configuration';
import type { Settings } from '@understudy/configuration';
import type { Logger } from '@understudy/runtime';

export interface LiveSettings {
  current(): Settings;
  close(): void;
}

/**
 * The settings, without credentials; changes of the file are taken up while the service runs.
 * @throws ConfigurationError listing every problem
 */
export function openSettings(
  path: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  logger: Logger,
): LiveSettings {
  const kinds = readKindManifests(fileURLToPath(new URL('../..', import.meta.url)));
  const load = (): Settings =>
    loadSettings({
      ...(path === undefined ? {} : { path }),
      environment,
      kinds,
      credentials: 'ignore',
    });
  let settings = load();
  if (path === undefined) return { current: () => settings, close: () => undefined };
  const watch = watchSettings(
    load,
    path,
    (changed) => {
      settings = changed;
      logger.info({ path }, 'the changed configuration is in use');
    },
    (error) => logger.error({ path }, `the configuration stays as it was: ${error.message}`),
  );
  return { current: () => settings, close: watch.close };
}
