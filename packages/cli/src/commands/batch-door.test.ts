import { createServer } from 'node:http';
import { Understudy } from '@understudy/client';
import { expect, test } from 'vitest';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';
import { openBatchDoor } from './batch-door.ts';

const { signal } = new AbortController();

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
  const door = openBatchDoor(new Understudy({ baseUrl, apiKey: 'a-key', retryForMs: 0 }));
  const input = { fileId: 'file-1', endpoint: '/v1/chat/completions', options: {} } as const;
  const create = (key: string) => door.create(input, key, signal);
  const batch = { id: 'batch_1', status: 'in_progress' };
  expect(await create('one')).toEqual({ batch, replayed: false });
  expect(await create('one')).toEqual({ batch, replayed: true });
  expect(await create('two')).toEqual({ batch, replayed: false });
});
