/**
 * Preloaded into a service by `NODE_OPTIONS=--import`: the process kills itself with SIGKILL at
 * the step that UNDERSTUDY_KILL_POINT names, the first time it gets there. So production code has
 * no branches for it. Steps are Redis commands, known by the file name of our own scripts, by
 * BullMQ's name for its scripts, or by their own name; and the call of a provider.
 */
import { createHash } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Cluster, Redis, type Command } from 'ioredis';

const ROOT = join(import.meta.dirname, '../..');

/** `sent`: after the command has left, before its answer is read. `after`: once it was answered. */
type Moment = 'before' | 'sent' | 'after';

interface KillPoint {
  command: string;
  /** Each must occur in the command's arguments. */
  containing: string[];
  moment: Moment;
}

function readKillPoint(): KillPoint {
  const point: unknown = JSON.parse(process.env['UNDERSTUDY_KILL_POINT'] ?? 'null');
  if (isKillPoint(point)) return point;
  throw new Error('UNDERSTUDY_KILL_POINT holds no kill point');
}

function isKillPoint(value: unknown): value is KillPoint {
  return typeof value === 'object' && value !== null && 'command' in value && 'moment' in value;
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

const point = readKillPoint();
const scriptNames = new Map(
  globSync('{packages,services}/*/src/scripts/*.lua', { cwd: ROOT }).map((path) => [
    sha1(readFileSync(join(ROOT, path), 'utf8')),
    basename(path, '.lua'),
  ]),
);

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

const defineCommand: typeof Redis.prototype.defineCommand = Redis.prototype.defineCommand;
Redis.prototype.defineCommand = function define(name, definition) {
  noteScript(name, definition.lua);
  return defineCommand.call(this, name, definition);
};
const defineInCluster: typeof Cluster.prototype.defineCommand = Cluster.prototype.defineCommand;
Cluster.prototype.defineCommand = function define(name, definition) {
  noteScript(name, definition.lua);
  return defineInCluster.call(this, name, definition);
};

function noteScript(name: string, lua: string): void {
  // BullMQ appends its version to the name.
  scriptNames.set(sha1(lua), name.replace(/:.*$/, ''));
}

// A connection to a cluster sends by one of these for each server.

const sendCommand: typeof Redis.prototype.sendCommand = Redis.prototype.sendCommand;
Redis.prototype.sendCommand = function send(command, stream) {
  if (!isThere(command)) return sendCommand.call(this, command, stream);
  if (point.moment === 'before') die();
  const reply = sendCommand.call(this, command, stream);
  if (point.moment === 'sent') setImmediate(die);
  else void command.promise.then(die, () => undefined);
  return reply;
};

function isThere({ name: written, args }: Command): boolean {
  const name = written.toLowerCase();
  const texts = args.map((argument) => String(argument));
  const known = name === 'evalsha' || name === 'eval' ? nameOfScript(name, texts[0] ?? '') : name;
  if (known !== point.command) return false;
  const whole = texts.join('\n');
  return point.containing.every((part) => whole.includes(part));
}

function nameOfScript(command: string, script: string): string | undefined {
  return scriptNames.get(command === 'eval' ? sha1(script) : script);
}

if (point.command === 'call') subscribe('undici:request:bodySent', die);
