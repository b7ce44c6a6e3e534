import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { gatherWrites } from './gather-writes.ts';

/** Answers everything with OK, and keeps what came in each read. */
async function listeningRedis() {
  const reads: string[] = [];
  const server = createServer((socket) => {
    socket.on('data', (bytes) => {
      const text = bytes.toString();
      reads.push(text);
      socket.write('+OK\r\n'.repeat(text.match(/^\*\d+/gm)?.length ?? 0));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const redis = new Redis({ port, protocol: 2, disableClientInfo: true, enableReadyCheck: false });
  onTestFinished(async () => {
    redis.disconnect();
    server.close();
    await once(server, 'close');
  });
  return { redis, reads };
}

test('the commands of one turn of the event loop arrive together, in their order', async () => {
  const { redis, reads } = await listeningRedis();
  gatherWrites(redis);
  await once(redis, 'ready');
  reads.length = 0;

  const answers = ['a', 'b', 'c'].map((key) => redis.set(key, '1'));
  const some = redis.pipeline().set('d', '1').set('e', '1').exec();
  expect(await Promise.all(answers)).toEqual(['OK', 'OK', 'OK']);
  expect(await some).toHaveLength(2);
  expect(reads).toHaveLength(1);
  expect(reads[0]?.match(/[a-e](?=\r\n\$1\r\n1)/g)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a command of a later turn waits for nothing', async () => {
  const { redis, reads } = await listeningRedis();
  gatherWrites(redis);
  await once(redis, 'ready');
  reads.length = 0;

  await redis.set('first', '1');
  await nextTurn();
  await redis.set('second', '1');
  expect(reads).toHaveLength(2);
});
