import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sendJson, sendProblem, startServer } from './testing/start-server.ts';
import { Understudy } from './understudy.ts';

const job = (status: string) => ({ id: 'job_1', object: 'job', status });

test('it polls again until the job has ended, over an API that restarts', async () => {
  const server = await startServer((number, _request, response) => {
    if (number === 0) sendJson(response, 200, job('queued'));
    else if (number === 1) sendProblem(response, 503, 'unavailable', { 'retry-after': '0' });
    else if (number === 2) response.destroy();
    else sendJson(response, 200, job('failed'));
  });
  const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  expect(await client.wait('job_1')).toMatchObject({ status: 'failed' });
  expect(server.requests).toHaveLength(4);
  expect(server.requests.map(({ headers }) => headers['prefer'])).toEqual(
    Array.from({ length: 4 }, () => 'wait=50'),
  );
});

test('what has not ended in time is a timeout that says how the job stands', async () => {
  const server = await startServer((number, _request, response) => {
    // The second poll is held for longer than the caller waits.
    if (number === 0) sendJson(response, 200, job('queued'));
  });
  const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  await expect(client.wait('job_1', { timeoutMs: 1700 })).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('job_1 has not ended (queued)') as string,
  });
  expect(server.requests[0]?.headers['prefer']).toBe('wait=1');
});

/** Holds polls for as long as they ask; its job ends so long after the start, and tells polls so at once. */
async function startBroker(endsAfterMs: number) {
  const ended = sleep(endsAfterMs, 'completed');
  const answer = async (prefer: unknown, response: ServerResponse): Promise<void> => {
    const [, seconds = '0'] = /^wait=(\d+)$/.exec(String(prefer)) ?? [];
    const status = await Promise.race([ended, sleep(Number(seconds) * 1000, 'queued')]);
    // On its way for a while.
    await sleep(50);
    sendJson(response, 200, job(status));
  };
  return startServer((_number, { headers }, response) => void answer(headers['prefer'], response));
}

test.each([1000, 2000, 2020])(
  'polls come back before %i ms are over, so that the last look is told of',
  async (timeoutMs) => {
    const server = await startBroker(60_000);
    const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
    await expect(client.wait('job_1', { timeoutMs })).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('job_1 has not ended (queued)') as string,
    });
  },
);

test('a job that ends just before the time is over is found', async () => {
  const server = await startBroker(1980);
  const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  expect(await client.wait('job_1', { timeoutMs: 2000 })).toMatchObject({ status: 'completed' });
});

test('no time at all is one look, that the broker answers at once', async () => {
  const server = await startServer((_number, _request, response) =>
    sendJson(response, 200, job('completed')),
  );
  const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  expect(await client.wait('job_1', { timeoutMs: 0 })).toMatchObject({ status: 'completed' });
  expect(server.requests.map(({ headers }) => headers['prefer'])).toEqual(['wait=0']);
});

test('a job that ends while the client pauses is found as the time is over', async () => {
  const startedAt = performance.now();
  const server = await startServer((_number, _request, response) => {
    // A broker that stops holds no poll.
    const isOver = performance.now() - startedAt > 200;
    sendJson(response, 200, job(isOver ? 'completed' : 'queued'));
  });
  const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  expect(await client.wait('job_1', { timeoutMs: 400 })).toMatchObject({ status: 'completed' });
});

test('a timeout that no timer counts is as long as it takes', async () => {
  const server = await startServer((number, _request, response) => {
    sendJson(response, 200, job(number === 0 ? 'queued' : 'completed'));
  });
  const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  const waiting = client.wait('job_1', { timeoutMs: 30 * 86_400_000 });
  expect(await waiting).toMatchObject({ status: 'completed' });
});

test('a caller who gives up gets its own reason', async () => {
  const server = await startServer(() => undefined);
  const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  const giveUp = new AbortController();
  const waiting = client.wait('job_1', { signal: giveUp.signal, timeoutMs: 60_000 });
  giveUp.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

test('who is told how the job stands is told soon, and no longer once it has ended', async () => {
  const server = await startServer((number, _request, response) => {
    sendJson(response, 200, job(['queued', 'in_progress'][number] ?? 'completed'));
  });
  const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  const told: string[] = [];
  await client.wait('job_1', { onLook: ({ status }) => told.push(status) });
  expect(told).toEqual(['queued', 'in_progress']);
  expect(server.requests[0]?.headers['prefer']).toBe('wait=2');
});
