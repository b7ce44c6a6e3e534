import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { holdExclusions } from './hold-exclusions.ts';
import { readKindManifests } from './kind-manifest.ts';
import { loadSettings } from './load-settings.ts';
import type { LoadOptions } from './load-settings.ts';
import type { Settings } from './settings.ts';
import { watchSettings } from './watch-settings.ts';

/** Settings that follow their file. */
export interface LiveSettings {
  /** As of the last valid state of the file. */
  current(): Settings;
  close(): void;
}

/** Where this repository keeps its services, and with them the manifests of the kinds. */
const SERVICES_DIRECTORY = fileURLToPath(new URL('../../../services/', import.meta.url));

/** Where a service says what became of a change; a pino logger is one. */
export interface SettingsLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const PROVIDERS_STAY =
  'the changed configuration is in use but for providers, of which a change counts from the next start';

/**
 * Loads the settings of a service and takes up changes while it runs; an invalid change, and an empty
 * file, leaves all as it was. Providers and their credentials are read once: changing those needs a restart of their
 * worker, and the others follow its registration. So does what a service builds from at its start,
 * which `docs/configuration.md` lists.
 * @throws ConfigurationError listing every problem of the first load
 */
export function openLiveSettings(
  options: Omit<LoadOptions, 'kinds'>,
  log: SettingsLog,
): LiveSettings {
  const { path } = options;
  const kinds = readKindManifests(SERVICES_DIRECTORY);
  let current = loadSettings({ ...options, kinds });
  if (path === undefined) return { current: () => current, close: () => undefined };
  const watch = watchSettings(
    // Who writes in place empties the file first, and on a full disk writes no more.
    () => loadSettings({ ...options, kinds, refuseEmpty: true }),
    path,
    (changed) => {
      const providers = differing(current.providers, changed.providers);
      current = holdExclusions(current, changed);
      if (providers.length === 0) log.info({ path }, 'the changed configuration is in use');
      else log.warn({ path, providers }, PROVIDERS_STAY);
    },
    ({ problems }) => log.error({ path, problems }, 'the changed configuration is not used'),
  );
  return { current: () => current, close: () => watch.close() };
}

/** The names of what is new, gone or another than before. */
function differing(before: Settings['providers'], after: Settings['providers']): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]));
}
