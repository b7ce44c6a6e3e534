import { expect, test } from 'vitest';
import { startServer } from './testing/start-server.ts';
import { Understudy } from './understudy.ts';

const event = (id: string, type: string) =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ id: `evt_${id}`, type })}\n\n`;
const STREAM = { 'content-type': 'text/event-stream' };

test('a stream that breaks is taken up after the last event heard, and ends with its job', async () => {
  const server = await startServer((number, _request, response) => {
    response.writeHead(200, STREAM);
    if (number === 0) {
      response.write(`retry: 10\n: listening\n\n${event('1', 'job.queued')}`);
      // Half an event is none.
      response.write('id: 2\nevent: job.in_pro', () => response.destroy());
    } else if (number === 1) response.end(event('2', 'job.in_progress'));
    else response.end(event('3', 'job.completed'));
  });
  const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  const heard: string[] = [];
  for await (const { id, type, data } of client.events({ id: 'job_1' })) {
    heard.push(`${id} ${type} ${data.id}`);
  }
  expect(heard).toEqual(['1 job.queued evt_1', '2 job.in_progress evt_2', '3 job.completed evt_3']);
  expect(server.requests.map(({ path }) => path)).toEqual(
    Array.from({ length: 3 }, () => '/v1/jobs/job_1/events'),
  );
  expect(server.requests.map(({ headers }) => headers['last-event-id'])).toEqual([
    undefined,
    '1',
    '2',
  ]);
});

test('a stream that breaks before its first event is taken up where it said that it stood', async () => {
  const server = await startServer((number, _request, response) => {
    response.writeHead(200, STREAM);
    if (number === 0) response.end('retry: 10\nid: 5-0\n: listening\n\n');
    else if (number === 1) response.end(`${event('6-0', 'job.failed')}id: 9-0\n: still here\n\n`);
    else response.write(event('10-0', 'job.failed'));
  });
  const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  const told: string[] = [];
  for await (const { id, type } of client.events({ onPlace: (place) => told.push(place) })) {
    told.push(`${id} ${type}`);
    if (id === '10-0') break;
  }
  expect(told).toEqual(['5-0', '6-0 job.failed', '9-0', '10-0 job.failed']);
  expect(server.requests.map(({ headers }) => headers['last-event-id'])).toEqual([
    undefined,
    '5-0',
    '9-0',
  ]);
});

test('204 ends it', async () => {
  const server = await startServer((_number, _request, response) => {
    response.writeHead(204).end();
  });
  const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  const listening = client.events({ id: 'job_1', lastEventId: '3-1' });
  expect(await listening.next()).toEqual({ done: true, value: undefined });
  expect(server.requests[0]?.headers['last-event-id']).toBe('3-1');
});

test('the events of the project come in the types asked for, and leaving closes the connection', async () => {
  const closed = Promise.withResolvers<void>();
  const server = await startServer((_number, _request, response) => {
    response.once('close', () => closed.resolve());
    response.writeHead(200, STREAM);
    response.write(event('1-0', 'job.failed') + event('2-0', 'job.failed'));
  });
  const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  for await (const { id } of client.events({ types: ['job.failed', 'job.expired'] })) {
    expect(id).toBe('1-0');
    break;
  }
  await closed.promise;
  expect(server.requests[0]?.path).toBe('/v1/events?types=job.failed,job.expired');
});

test('a caller who gives up while nothing happens gets its own reason', async () => {
  const server = await startServer((_number, _request, response) => {
    response.writeHead(200, STREAM);
    response.write(': listening\n\n');
  });
  const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  const giveUp = new AbortController();
  const next = client.events({ signal: giveUp.signal }).next();
  await expect.poll(() => server.requests.length).toBe(1);
  giveUp.abort(new Error('enough'));
  await expect(next).rejects.toThrow('enough');
});
