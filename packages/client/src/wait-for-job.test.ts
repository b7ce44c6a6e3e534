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
  await expect(client.wait('job_1', { timeoutMs: 1200 })).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('job_1 has not ended (queued)') as string,
  });
  expect(server.requests[0]?.headers['prefer']).toBe('wait=2');
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
