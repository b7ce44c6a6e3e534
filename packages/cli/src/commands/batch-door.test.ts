import { createServer } from 'node:http';
import { Understudy } from '@understudy/client';
import { expect, test } from 'vitest';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';
import { openBatchDoor } from './batch-door.ts';

const { signal } = new AbortController();

const doorTo = (baseUrl: string) =>
  openBatchDoor(new Understudy({ baseUrl, apiKey: 'a-key', retryForMs: 0 }));

test('a batch that an earlier run had made is told from one that is new', async () => {
  const seen = new Set<string | undefined>();
  const baseUrl = await listenForTest(
    createServer(({ headers: { 'idempotency-key': key } }, response) => {
      const replayed = seen.has(String(key));
      seen.add(String(key));
      response.writeHead(200, {
        'content-type': 'application/json',
        ...(replayed ? { 'idempotency-replayed': 'true' } : {}),
      });
      response.end(JSON.stringify({ id: 'batch_1', status: 'in_progress' }));
    }),
  );
  const door = doorTo(baseUrl);
  const input = { fileId: 'file-1', endpoint: '/v1/chat/completions', options: {} } as const;
  const create = (key: string) => door.create(input, key, signal);
  const batch = { id: 'batch_1', status: 'in_progress' };
  expect(await create('one')).toEqual({ batch, replayed: false });
  expect(await create('one')).toEqual({ batch, replayed: true });
  expect(await create('two')).toEqual({ batch, replayed: false });
});

test('what a file that has become whole holds from a byte on is nothing new', async () => {
  let total = '*';
  const baseUrl = await listenForTest(
    createServer((_request, response) => {
      response.writeHead(206, { 'content-range': `bytes 4-9/${total}` }).end('456789');
    }),
  );
  const growth = async () => {
    const pieces: Uint8Array[] = [];
    for await (const piece of doorTo(baseUrl).growth('file-1', 4, signal)) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };
  expect(await growth()).toBe('456789');
  total = '10';
  expect(await growth()).toBe('');
});
