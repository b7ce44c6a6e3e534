import { findProgram } from './find-redis.ts';
import { installByApt } from './install-by-apt.ts';
import type { EnsureRedisOptions } from './install-redis.ts';
import { StartError } from './start-error.ts';

const CHROMIUM_PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const REMEDY =
  'Install Chromium or Chrome by hand, or set UNDERSTUDY_CHROMIUM to the path of one that is there.';

/**
 * The path of a Chromium for the console's tests, installed by apt when this is root on a Debian and
 * none is there.
 * @throws StartError that says what to install
 */
export function ensureChromium(options: Omit<EnsureRedisOptions, 'install'>): string {
  const found = findProgram(CHROMIUM_PROGRAMS, options.searchPath);
  if (found !== undefined) return found;
  if (!options.isRoot || findProgram(['apt-get'], options.searchPath) === undefined) {
    throw new StartError(`there is no Chromium on the PATH for the console's tests. ${REMEDY}`);
  }
  options.say('Installing chromium with apt-get ...');
  installByApt('chromium', REMEDY);
  const installed = findProgram(CHROMIUM_PROGRAMS, options.searchPath);
  if (installed !== undefined) return installed;
  throw new StartError('apt-get installed chromium, but it is not on the PATH; add /usr/bin.');
}
