import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  ConfigurationError,
  loadSettings,
  readKindManifests,
  type KindManifest,
  type LoadOptions,
  type Settings,
} from '@understudy/configuration';
import type { Session } from '../session.ts';

/** What a broker that is started here would go by. */
export interface Configuration {
  /** Undefined where there is no file, and the environment says it all. */
  path: string | undefined;
  kinds: readonly KindManifest[];
  /** Undefined where something is wrong with them. */
  settings: Settings | undefined;
  /**
   * What it says of Redis. Services that call no provider start without the providers' secrets, so it
   * counts where one of these is missing, too. Undefined where something else is wrong.
   */
  redis: Settings['redis'] | undefined;
  /** All that is wrong with them. */
  problems: readonly string[];
}

/** Reads the file of UNDERSTUDY_CONFIG, else the one that `npm start` takes by itself. */
export function readConfiguration({
  environment,
  root,
}: Pick<Session, 'environment' | 'root'>): Configuration {
  const own = join(root, 'understudy.yaml');
  const path = environment['UNDERSTUDY_CONFIG'] || (existsSync(own) ? own : undefined);
  const kinds = readKindManifests(join(root, 'services'));
  const { redis } = load({ path, environment, kinds, credentials: 'ignore' }).settings ?? {};
  return { path, kinds, redis, ...load({ path, environment, kinds, credentials: 'resolve' }) };
}

function load(options: LoadOptions): Pick<Configuration, 'settings' | 'problems'> {
  try {
    return { settings: loadSettings(options), problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const where = error.file === undefined ? '' : `${error.file}: `;
    const problems = error.problems.map((problem) => `${where}${problem}`);
    return { settings: undefined, problems };
  }
}
