import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { findRedis, redisInstallCommand } from './find-redis.ts';
import { ensureRedis } from './install-redis.ts';

function folderWith(...programs: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-path-'));
  for (const program of programs) {
    writeFileSync(join(folder, program), '#!/bin/sh\n');
    chmodSync(join(folder, program), 0o755);
  }
  return folder;
}

test('a Redis or a Valkey on the path is found, a file that cannot run is not', () => {
  const valkey = folderWith('valkey-server');
  const broken = folderWith();
  writeFileSync(join(broken, 'redis-server'), '');
  expect(findRedis([broken, valkey].join(delimiter))).toBe(join(valkey, 'valkey-server'));
  expect(findRedis(broken)).toBeUndefined();
});

test.each([
  [['apt-get', 'sudo'], false, /^ {2}sudo sh -c 'apt-get update && .*redis-server'$/],
  [['apt-get'], false, /^ {2}su - -c 'apt-get update && .*redis-server'$/],
  [['apt-get'], true, /^ {2}apt-get update && .*redis-server$/],
  [['dnf'], true, /^ {2}dnf install redis/],
  [['apk'], true, /^ {2}apk add redis$/],
  [['brew', 'sudo'], false, /^ {2}brew install redis$/],
])('with %j (root: %s) the exact command is told', (programs, isRoot, command) => {
  expect(redisInstallCommand(folderWith(...programs), isRoot)).toMatch(command);
});

test('without any known package manager all ways are told', () => {
  expect(redisInstallCommand(folderWith(), false).split('\n')).toHaveLength(4);
});

test('without root, or when told not to install, nothing is run and the command is told', () => {
  const searchPath = folderWith('apt-get');
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const told = /no redis-server on the PATH[\s\S]*apt-get update[\s\S]*REDIS_URL/;
  expect(() => ensureRedis({ searchPath, isRoot: false, install: true, say })).toThrow(told);
  expect(() => ensureRedis({ searchPath, isRoot: true, install: false, say })).toThrow(told);
  expect(lines).toEqual([]);
});
