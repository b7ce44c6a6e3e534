import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { repliesOf } from './redis-replies.ts';
import { loadScript, replyList, replyText } from './redis-script.ts';
import type { RedisScript } from './redis-script.ts';

async function scriptOf(text: string): Promise<RedisScript> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-script-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'script.lua');
  // Text of its own, so that no earlier run has made Redis know it.
  await writeFile(path, `-- ${uniqueKeyPrefix()}\n${text}`);
  return loadScript(pathToFileURL(path));
}

test('a script runs on a Redis that does not know it yet, and again after', async () => {
  const redis = openTestRedis();
  const key = uniqueKeyPrefix();
  const script = await scriptOf("return redis.call('INCRBY', KEYS[1], ARGV[1])");
  expect(await script.run(redis, [key], [2])).toBe(2);
  expect(await script.run(redis, [key], [3])).toBe(5);
  await redis.del(key);
});

test('replies come as bytes, whatever they hold', async () => {
  const bytes = Buffer.from([0, 255, 128, 10]);
  const script = await scriptOf("return { ARGV[1], 'text', 7 }");
  const reply = replyList(await script.run(openTestRedis(), [], [bytes]));
  expect(reply[0]).toEqual(bytes);
  expect([replyText(reply[1]), replyText(reply[2])]).toEqual(['text', '7']);
});

test('a fault of the script is thrown, not tried again', async () => {
  const script = await scriptOf("return redis.call('NO_SUCH_COMMAND')");
  await expect(script.run(openTestRedis(), [], [])).rejects.toThrow(/unknown/i);
});

test('a reply of another shape than expected is refused', () => {
  expect(() => replyText(null)).toThrow(TypeError);
  expect(() => replyList('text')).toThrow(TypeError);
});

test('the first error among the replies of a pipeline is thrown', async () => {
  const redis = openTestRedis();
  const key = uniqueKeyPrefix();
  const pipeline = redis.pipeline().set(key, 'text').incr(key).del(key);
  await expect(repliesOf(pipeline.exec())).rejects.toThrow(/integer/);
});
