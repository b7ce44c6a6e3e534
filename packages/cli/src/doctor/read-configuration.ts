import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  ConfigurationError,
  loadSettings,
  readKindManifests,
  type KindManifest,
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
  try {
    const settings = loadSettings({ path, environment, kinds, credentials: 'resolve' });
    return { path, kinds, settings, problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const where = error.file === undefined ? '' : `${error.file}: `;
    const problems = error.problems.map((problem) => `${where}${problem}`);
    return { path, kinds, settings: undefined, problems };
  }
}
