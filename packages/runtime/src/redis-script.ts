import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from './redis.ts';
import { ScriptCommand } from './script-command.ts';

/** A Lua script of one hash slot: all of it happens, or nothing. Replies come as bytes. */
export interface RedisScript {
  run(
    redis: Redis,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
  ): Promise<unknown>;
}

/** Reads the script once; sends its hash, and its text only to a Redis that does not know it yet. */
export function loadScript(url: URL): RedisScript {
  const text = readFileSync(url, 'utf8');
  const sha = createHash('sha1').update(text).digest('hex');
  return {
    run: async (redis, keys, args) => {
      const send = (name: 'evalsha' | 'eval', script: string): unknown =>
        redis.sendCommand(new ScriptCommand(name, [script, keys.length, ...keys, ...args]));
      try {
        return await send('evalsha', sha);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return await send('eval', text);
      }
    },
  };
}

/** Text of one member of a script's reply. */
export function replyText(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new TypeError(`unexpected reply of type ${typeof value} from a Redis script`);
}

/** The members of a script's reply. */
export function replyList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('expected a list from a Redis script');
  return value;
}
