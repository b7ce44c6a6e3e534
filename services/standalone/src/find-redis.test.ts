import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { findRedis, redisInstallCommand } from './find-redis.ts';
import { ensureRedis } from './install-redis.ts';

function folderWith(...programs: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-path-'));
  for (const program of programs) addProgram(join(folder, program));
  return folder;
}

/** @param says what it answers, whatever it is asked */
function addProgram(path: string, says = ''): void {
  writeFileSync(path, `#!/bin/sh\necho '${says}'\n`);
  chmodSync(path, 0o755);
}

test('a Redis or a Valkey on the path is found, a file that cannot run is not', () => {
  const valkey = folderWith('valkey-server');
  const broken = folderWith();
  writeFileSync(join(broken, 'redis-server'), '');
  expect(findRedis([broken, valkey].join(delimiter))).toEqual([join(valkey, 'valkey-server')]);
  expect(findRedis(broken)).toEqual([]);
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

/** Asks for the program that says this of its version, with it alone on the path. */
function ensureOne(name: string, version: string) {
  const searchPath = folderWith();
  const program = join(searchPath, name);
  addProgram(program, version);
  const ensured = ensureRedis({ searchPath, isRoot: false, install: false, say: () => {} });
  return { program, ensured };
}

test.each([
  ['redis-server', 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0'],
  ['redis-server', 'Redis server v=10.0.0 sha=00000000:0'],
  ['valkey-server', 'Valkey server v=8.0.1 sha=00000000:0'],
  ['redis-server', 'of no known form'],
])('a %s that says %j is taken', (name, version) => {
  const { program, ensured } = ensureOne(name, version);
  expect(ensured).toBe(program);
});

test('a Redis that is too old is refused with what to install', () => {
  expect(() => ensureOne('redis-server', 'Redis server v=6.0.16 sha=00000000:0')).toThrow(
    /redis-server is Redis 6\.0\.16, .*Redis 7 or later.*REDIS_URL/,
  );
});

test('one that is too old keeps none from being taken that is new enough', () => {
  const [first, second] = [folderWith(), folderWith()];
  const ensured = () =>
    ensureRedis({
      searchPath: [first, second].join(delimiter),
      isRoot: false,
      install: false,
      say: () => {},
    });
  addProgram(join(first, 'redis-server'), 'Redis server v=6.0.16 sha=00000000:0');
  addProgram(join(second, 'redis-server'), 'Redis server v=6.2.0 sha=00000000:0');
  expect(ensured).toThrow(`${join(first, 'redis-server')} is Redis 6.0.16`);
  addProgram(join(first, 'valkey-server'), 'Valkey server v=8.0.1 sha=00000000:0');
  expect(ensured()).toBe(join(first, 'valkey-server'));
  addProgram(join(second, 'redis-server'), 'Redis server v=7.2.4 sha=00000000:0');
  expect(ensured()).toBe(join(second, 'redis-server'));
});
