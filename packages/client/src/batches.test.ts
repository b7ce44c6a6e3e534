import { expect, test } from 'vitest';
import { sendJson, sendProblem, startServer } from './testing/start-server.ts';
import type { Serve } from './testing/start-server.ts';
import { Understudy } from './understudy.ts';

const batch = (status: string) => ({ id: 'batch_1', object: 'batch', status });

async function waitAgainst(serve: Serve, timeoutMs: number) {
  const { url } = await startServer(serve);
  const client = new Understudy({ baseUrl: url, apiKey: 'a-key' });
  const looks: string[] = [];
  const onProgress = ({ status }: { status: string }): void => void looks.push(status);
  const ended = client.batches.wait('batch_1', { timeoutMs, onProgress });
  return { ended, looks };
}

test('it looks until the batch has ended, and tells each look', async () => {
  const { ended, looks } = await waitAgainst((number, _request, response) => {
    sendJson(response, 200, batch(number === 0 ? 'in_progress' : 'completed'));
  }, 15_000);
  expect(await ended).toMatchObject({ status: 'completed' });
  expect(looks).toEqual(['in_progress', 'completed']);
});

test('the time is over also while a look is not answered', async () => {
  const { ended } = await waitAgainst((number, _request, response) => {
    if (number === 0) sendJson(response, 200, batch('in_progress'));
  }, 3000);
  await expect(ended).rejects.toMatchObject({
    code: 'timeout',
    message: 'the batch batch_1 has not ended (in_progress) after 3000 ms; wait again',
  });
}, 15_000);

test('the time is over also while the broker asks to be left alone', async () => {
  const { ended } = await waitAgainst((_number, _request, response) => {
    sendProblem(response, 503, 'unavailable', { 'retry-after': '30' });
  }, 300);
  await expect(ended).rejects.toMatchObject({
    code: 'timeout',
    message: 'the batch batch_1 has not been heard of after 300 ms; wait again',
  });
}, 15_000);

test('no time at all is one look', async () => {
  const { ended, looks } = await waitAgainst((_number, _request, response) => {
    sendJson(response, 200, batch('completed'));
  }, 0);
  expect(await ended).toMatchObject({ status: 'completed' });
  expect(looks).toEqual(['completed']);
});

test('a batch that has not ended at a look is a timeout that says how it stands', async () => {
  const { ended } = await waitAgainst((_number, _request, response) => {
    sendJson(response, 200, batch('in_progress'));
  }, 0);
  await expect(ended).rejects.toMatchObject({
    code: 'timeout',
    message: 'the batch batch_1 has not ended (in_progress) after 0 ms; wait again',
  });
});

test('a batch that ends after the last regular look and before the time is over is found', async () => {
  const startedAt = performance.now();
  // Looks are at 0, 250, 750 and, but for the end of the time, 1750 ms.
  const { ended } = await waitAgainst((_number, _request, response) => {
    const isOver = performance.now() - startedAt > 1000;
    sendJson(response, 200, batch(isOver ? 'completed' : 'in_progress'));
  }, 1400);
  expect(await ended).toMatchObject({ status: 'completed' });
});

test('a broker that answers no look is not waited for past a second', async () => {
  const { ended } = await waitAgainst(() => undefined, 0);
  await expect(ended).rejects.toMatchObject({ code: 'timeout' });
});
