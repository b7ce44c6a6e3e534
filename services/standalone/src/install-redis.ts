import { spawnSync } from 'node:child_process';
import { findProgram, findRedis, redisInstallCommand } from './find-redis.ts';
import { installByApt } from './install-by-apt.ts';
import { StartError } from './start-error.ts';

const OLDEST_MAJOR = 7;
const VERSION_TIMEOUT_MS = 10_000;

export interface EnsureRedisOptions {
  /** Has the form of PATH. */
  searchPath: string;
  isRoot: boolean;
  /** May a system package be installed? */
  install: boolean;
  say(line: string): void;
}

/**
 * The path of a Redis server that is new enough, installed by apt when this is root on a Debian and
 * none is there.
 * @throws StartError that says exactly what to install
 */
export function ensureRedis(options: EnsureRedisOptions): string {
  const found = findRedis(options.searchPath);
  if (found.length > 0) return newEnough(found);
  const canInstall = options.isRoot && findProgram(['apt-get'], options.searchPath) !== undefined;
  if (!options.install || !canInstall) {
    throw new StartError(
      `there is no redis-server on the PATH. Install it and start again:\n${redisInstallCommand(options.searchPath, options.isRoot)}\nOr set REDIS_URL to a Redis that runs elsewhere.`,
    );
  }
  options.say('Installing redis-server with apt-get ...');
  installByApt('redis-server', 'Install redis-server by hand, or set REDIS_URL.');
  // The packaged service would also come up at the next boot, beside the embedded one.
  spawnSync('update-rc.d', ['redis-server', 'disable'], { stdio: 'ignore' });
  const installed = findRedis(options.searchPath);
  if (installed.length > 0) return newEnough(installed);
  throw new StartError('apt-get installed redis-server, but it is not on the PATH; add /usr/bin.');
}

/**
 * The first that is new enough: an older one would end at a line of its configuration that it does
 * not know.
 * @throws StartError that says what to install instead of the first
 */
function newEnough(programs: readonly string[]): string {
  let refusal: StartError | undefined;
  for (const program of programs) {
    const tooOld = oldVersion(program);
    if (tooOld === undefined) return program;
    refusal ??= new StartError(
      `${program} is Redis ${tooOld}, and wanted is Redis ${OLDEST_MAJOR} or later, or Valkey. Install one of those in its place (for Debian and Ubuntu there is https://packages.redis.io), or set REDIS_URL to one that runs elsewhere.`,
    );
  }
  throw refusal;
}

/** Of a server that is too old; what does not tell its version is tried. */
function oldVersion(program: string): string | undefined {
  const { stdout } = spawnSync(program, ['--version'], {
    encoding: 'utf8',
    timeout: VERSION_TIMEOUT_MS,
  });
  const [, version, major] = /\bv=((\d+)[\d.]*)/.exec(stdout) ?? [];
  return major === undefined || Number(major) >= OLDEST_MAJOR ? undefined : version;
}
