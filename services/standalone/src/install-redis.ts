import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { findProgram, findRedis, redisInstallCommand } from './find-redis.ts';
import { StartError } from './start-error.ts';

/** Debian's maintainer scripts ask this program before they start a service; 101 forbids it. */
const POLICY_PATH = '/usr/sbin/policy-rc.d';

export interface EnsureRedisOptions {
  /** Has the form of PATH. */
  searchPath: string;
  isRoot: boolean;
  /** May a system package be installed? */
  install: boolean;
  say(line: string): void;
}

/**
 * The path of a Redis server, installed by apt when this is root on a Debian and none is there.
 * @throws StartError that says exactly what to install
 */
export function ensureRedis(options: EnsureRedisOptions): string {
  const found = findRedis(options.searchPath);
  if (found !== undefined) return found;
  const canInstall = options.isRoot && findProgram(['apt-get'], options.searchPath) !== undefined;
  if (!options.install || !canInstall) {
    throw new StartError(
      `there is no redis-server on the PATH. Install it and start again:\n${redisInstallCommand(options.searchPath, options.isRoot)}\nOr set REDIS_URL to a Redis that runs elsewhere.`,
    );
  }
  options.say('Installing redis-server with apt-get ...');
  withoutServiceStart(() => {
    apt(['update']);
    apt(['install', '--yes', '--no-install-recommends', 'redis-server']);
  });
  // The packaged service would also come up at the next boot, beside the embedded one.
  spawnSync('update-rc.d', ['redis-server', 'disable'], { stdio: 'ignore' });
  const installed = findRedis(options.searchPath);
  if (installed !== undefined) return installed;
  throw new StartError('apt-get installed redis-server, but it is not on the PATH; add /usr/bin.');
}

function withoutServiceStart(action: () => void): void {
  const isOurs = !existsSync(POLICY_PATH);
  if (isOurs) writeFileSync(POLICY_PATH, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    action();
  } finally {
    if (isOurs) rmSync(POLICY_PATH, { force: true });
  }
}

function apt(args: readonly string[]): void {
  const result = spawnSync('apt-get', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (result.status === 0) return;
  const output = `${result.stdout}${result.stderr}`.trim().split('\n').slice(-10).join('\n');
  throw new StartError(
    `apt-get ${args.join(' ')} failed:\n${output}\nInstall redis-server by hand, or set REDIS_URL.`,
  );
}
