import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { StartError } from './start-error.ts';

/** Debian's maintainer scripts ask this program before they start a service; 101 forbids it. */
const POLICY_PATH = '/usr/sbin/policy-rc.d';

/**
 * Installs a package of Debian's as root, without starting a service that it brings.
 * @param remedy said where it cannot be had: what a person may do instead
 * @throws StartError with the end of what apt said
 */
export function installByApt(packageName: string, remedy: string): void {
  withoutServiceStart(() => {
    apt(['update'], remedy);
    apt(['install', '--yes', '--no-install-recommends', packageName], remedy);
  });
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

function apt(args: readonly string[], remedy: string): void {
  const result = spawnSync('apt-get', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (result.status === 0) return;
  const output = `${result.stdout}${result.stderr}`.trim().split('\n').slice(-10).join('\n');
  throw new StartError(`apt-get ${args.join(' ')} failed:\n${output}\n${remedy}`);
}
