import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { serverProgram } from './local-redis.ts';

/** @returns the path of a program that says it is this version */
function redisOf(version: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-path-'));
  const path = join(folder, 'redis-server');
  writeFileSync(path, `#!/bin/sh\necho 'Redis server v=${version} sha=00000000:0'\n`);
  chmodSync(path, 0o755);
  return path;
}

test('tests run on a Redis that is new enough, also where one before it on the PATH is too old', () => {
  const [old, fit] = [redisOf('6.0.16'), redisOf('7.2.4')];
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('UNDERSTUDY_TEST_REDIS_PROGRAM', undefined);
  vi.stubEnv('PATH', [old, fit].map((path) => join(path, '..')).join(delimiter));
  expect(serverProgram()).toBe(fit);
  vi.stubEnv('PATH', join(old, '..'));
  expect(serverProgram).toThrow('is Redis 6.0.16');
  vi.stubEnv('UNDERSTUDY_TEST_REDIS_PROGRAM', 'valkey-server');
  expect(serverProgram()).toBe('valkey-server');
});
