import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { STREAM_START, appendEvents, lastStreamId, statusEvent } from '@understudy/job-store';
import { expect, onTestFinished, test, vi } from 'vitest';
import { matchingKeys } from '../../../../test/support/matching-keys.ts';
import { listenTo } from '../../../../test/support/event-listener.ts';
import type { EventListener, HeardEvent } from '../../../../test/support/event-listener.ts';
import { submitResponse } from '../responses/testing/submit-response.ts';
import { API_KEY, complete, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { mortalRedis } from '../testing/mortal-redis.ts';

async function listen(api: TestApi, path: string, lastEventId?: string): Promise<EventListener> {
  const listener = await listenTo(`${api.url}${path}`, {
    apiKey: API_KEY,
    ...(lastEventId === undefined ? {} : { lastEventId }),
  });
  onTestFinished(() => listener.hangUp());
  return listener;
}

let entries = 0;

/** Does at once what the scheduler does within a second. */
async function tell(api: TestApi, ids: readonly string[], project = 'default', kept?: number) {
  const { redis, keyPrefix } = api.dispatch;
  const told = ids.map((id) => {
    entries += 1;
    const at = api.dispatch.clock.now();
    const event = statusEvent({ id, version: 3, status: 'completed', at }, undefined);
    return { shard: 0, entryId: `${entries}-0`, events: [event] };
  });
  await appendEvents(redis, keyPrefix, project, told, kept);
}

const typesOf = ({ heard }: EventListener): string[] => heard.map(({ type }) => type);
const jobsOf = ({ heard }: EventListener): string[] => heard.map(({ event }) => event.data.id);
const names = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `job_${from + index}`);

test('a stream of a job opens at once, tells each status as it comes, and ends with the job', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const listener = await listen(api, `/v1/jobs/${id}/events`);
  expect(listener.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(listener.response.headers.get('cache-control')).toBe('no-store');
  await expect.poll(() => typesOf(listener)).toEqual(['job.queued']);
  expect(listener.comments).toEqual(['listening']);

  const { store, clock } = api.dispatch;
  const job = { project: 'default', id };
  const begun = await store.begin(job, 1, clock.now(), clock.now() + 10_000);
  if (begun.kind !== 'started') throw new Error(begun.kind);
  await expect.poll(() => typesOf(listener)).toEqual(['job.queued', 'job.in_progress']);
  await complete(api, id);
  expect(await listener.over).toBe('ended');
  // The second start took over from the first, which never ended.
  expect(typesOf(listener).filter((type) => type !== 'job.in_progress')).toEqual([
    'job.queued',
    'job.attempt_failed',
    'job.completed',
  ]);
  const last = listener.heard.at(-1);
  expect(last?.event).toMatchObject({
    id: `evt_${id.slice(4)}_v${last?.id.split('-')[0]}`,
    object: 'event',
    type: 'job.completed',
    data: { id, status: 'completed', links: { self: `/v1/jobs/${id}` }, route: 'two-ways' },
  });
  expect(last?.event.data['usage']).toEqual({ input_tokens: 1 });
});

test('a listener who was away hears the rest only, and one who has heard all is told to stop', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const first = await listen(api, `/v1/jobs/${id}/events`);
  await expect.poll(() => first.heard.length).toBe(1);
  first.hangUp();
  await complete(api, id);
  const second = await listen(api, `/v1/jobs/${id}/events`, first.heard[0]?.id);
  expect(await second.over).toBe('ended');
  expect(typesOf(second)).toEqual(['job.completed']);
  // By the query, for clients that cannot send the header.
  const third = await listen(api, `/v1/jobs/${id}/events?after=${first.heard[0]?.id}`);
  expect(await third.over).toBe('ended');
  expect(third.heard).toEqual(second.heard);
  const done = await listen(api, `/v1/jobs/${id}/events`, second.heard[0]?.id);
  expect(done.response.status).toBe(204);
});

test('what cannot be listened to is answered before a stream opens', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const missing = await api.call('/v1/jobs/job_00000000000000000000000000/events');
  expect([missing.status, missing.headers.get('content-type')]).toEqual([
    404,
    'application/problem+json',
  ]);
  const { redis, keyPrefix } = api.dispatch;
  const [record = ''] = await matchingKeys(redis, `${keyPrefix}:*:default:job:${id}`);
  await redis.rename(record, record.replace(':default:', ':theirs:'));
  const theirs = await api.call(`/v1/jobs/${id}/events`);
  expect([theirs.status, await theirs.json()]).toMatchObject([
    404,
    { error: { code: 'not_found' } },
  ]);

  for (const path of ['/v1/events?after=1', '/v1/events?types=job.started', '/v1/events?x=1']) {
    expect([path, (await api.call(path)).status]).toEqual([path, 400]);
  }
  const header = { 'last-event-id': 'evt_1_v2' };
  expect((await api.call('/v1/events', { headers: header })).status).toBe(400);
  expect((await fetch(`${api.url}/v1/events`)).status).toBe(401);
  expect((await api.call('/v1/events', { method: 'HEAD' })).status).toBe(405);
  expect(api.parts.openStreams.count()).toBe(0);
});

test('a project hears what comes from now on, and nothing of another project', async () => {
  const api = await startTestApi();
  await tell(api, names(3));
  const listener = await listen(api, '/v1/events');
  await tell(api, names(2, 100), 'theirs');
  await tell(api, names(150, 3));
  await expect.poll(() => listener.heard.length).toBe(150);
  expect(jobsOf(listener)).toEqual(names(150, 3));
  const all = await listen(api, '/v1/events?after=0');
  await expect.poll(() => all.heard.length).toBe(153);
  expect(jobsOf(all)).toEqual(names(153));
  expect(await lastStreamId(api.dispatch.redis, api.dispatch.keyPrefix, 'theirs')).not.toBe(
    STREAM_START,
  );
});

test('what happens before a listener has heard its first event is told when it comes back', async () => {
  const api = await startTestApi();
  await tell(api, names(3));
  const first = await listen(api, '/v1/events');
  await expect.poll(() => first.comments).toEqual(['listening']);
  first.hangUp();
  await first.over;
  await tell(api, names(2, 3));
  const second = await listen(api, '/v1/events', first.lastEventId());
  await expect.poll(() => jobsOf(second)).toEqual(names(2, 3));
  expect(first.heard).toEqual([]);
});

test('a listener chooses its types; failed attempts are told to those who ask', async () => {
  const api = await startTestApi();
  const { redis, keyPrefix } = api.dispatch;
  const chosen = await listen(api, '/v1/events?types=job.attempt_failed,job.failed');
  const usual = await listen(api, '/v1/events');
  const event = statusEvent({ id: 'job_1', version: 2, status: 'failed', at: 0 }, undefined);
  const events = [{ ...event, type: 'job.attempt_failed', id: 'evt_1_a1' }, event];
  await appendEvents(redis, keyPrefix, 'default', [{ shard: 1, entryId: '1-0', events }]);
  await tell(api, ['job_2']);
  await expect.poll(() => typesOf(usual)).toEqual(['job.failed', 'job.completed']);
  expect(typesOf(chosen)).toEqual(['job.attempt_failed', 'job.failed']);
});

test('a listener that was away for too long is told that events are gone, once', async () => {
  const api = await startTestApi();
  await tell(api, names(5));
  const first = await listen(api, '/v1/events?after=0');
  await expect.poll(() => first.heard.length).toBe(5);
  first.hangUp();
  await first.over;
  await tell(api, names(400, 5), 'default', 20);
  const resumed = await listen(api, '/v1/events', first.heard.at(-1)?.id);
  await expect.poll(() => jobsOf(resumed).at(-1)).toBe('job_404');
  const [gap, ...rest] = resumed.heard;
  expect(gap).toMatchObject({
    type: 'stream.gap',
    event: { type: 'stream.gap', data: { after: first.heard.at(-1)?.id, until: gap?.id } },
  });
  expect(rest.every(({ type }) => type === 'job.completed')).toBe(true);
  const afterGap = await listen(api, '/v1/events', gap?.id);
  await expect.poll(() => afterGap.heard.length).toBe(rest.length);
  expect(afterGap.heard).toEqual(rest);
  // Whoever asks for what is kept misses nothing of it.
  const kept = await listen(api, '/v1/events?after=0');
  await expect.poll(() => kept.heard.length).toBe(rest.length);
  expect(kept.heard).toEqual(rest);
});

test.each([
  ['a job', async (api: TestApi) => `/v1/jobs/${await submit(api)}/events`],
  ['a project', async () => '/v1/events'],
  [
    'a Response',
    async (api: TestApi) =>
      `/v1/responses/${await submitResponse(api, { background: true })}?stream=true`,
  ],
])(
  'a listener who hangs up before the stream of %s opens leaves none behind',
  async (_, pathIn) => {
    const api = await startTestApi();
    const path = await pathIn(api);
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const { store } = api.dispatch;
    const { projectEvents, openStreams } = api.parts;
    const [read, now] = [store.read, projectEvents.now];
    const hold = async (): Promise<void> => {
      asked.resolve();
      await held.promise;
    };
    vi.spyOn(store, 'read').mockImplementation(async (job) => hold().then(() => read(job)));
    vi.spyOn(projectEvents, 'now').mockImplementation(async (project) =>
      hold().then(() => now(project)),
    );
    const opened = vi.spyOn(openStreams, 'open');
    const accepted = Promise.withResolvers<Socket>();
    api.app.server.once('request', ({ socket }) => accepted.resolve(socket));
    const hangUp = new AbortController();
    const answer = api.call(path, { signal: hangUp.signal });
    await asked.promise;
    const closed = once(await accepted.promise, 'close');
    hangUp.abort();
    await expect(answer).rejects.toThrow('aborted');
    await closed;
    held.resolve();
    await expect.poll(() => opened.mock.calls.length).toBe(1);
    expect(openStreams.count()).toBe(0);
  },
);

test('200 listeners hear every event once over no connection of their own', async () => {
  // Of its own, so that every connection is known.
  const redis = await mortalRedis();
  await redis.start();
  const api = await startTestApi({ redisUrl: redis.url });
  const connections = async () =>
    String(await api.dispatch.redis.client('LIST'))
      .trim()
      .split('\n').length;
  const id = await submit(api);
  const before = await connections();
  const ofProject = await Promise.all(names(100).map(() => listen(api, '/v1/events')));
  const ofJob = await Promise.all(names(100).map(() => listen(api, `/v1/jobs/${id}/events`)));
  expect(api.parts.openStreams.count()).toBe(200);
  expect(await connections()).toBeLessThanOrEqual(before);
  for (let round = 0; round < 20; round += 1) await tell(api, names(15, 15 * round));
  await complete(api, id);
  await Promise.all(ofJob.map(({ over }) => over));
  for (const listener of ofJob) expect(typesOf(listener).at(-1)).toBe('job.completed');
  for (const listener of ofProject) {
    await expect.poll(() => listener.heard.length).toBe(300);
    expect(jobsOf(listener)).toEqual(names(300));
  }
  await expect.poll(() => api.parts.openStreams.count()).toBe(100);
  for (const listener of ofProject) listener.hangUp();
  await expect.poll(() => api.parts.openStreams.count()).toBe(0);
});

test('however often a listener is cut and resumes, it hears each event once and in order', async () => {
  const api = await startTestApi();
  const heard: HeardEvent[] = [];
  let last = '0';
  const enough = (): boolean => heard.length >= 600;
  const follow = async (): Promise<void> => {
    // Cut after 1, 2, … 13 events, whatever else is on its way.
    for (let cut = 1; !enough(); cut = (cut % 13) + 1) {
      let left = cut;
      const listener = await listenTo(`${api.url}/v1/events`, {
        apiKey: API_KEY,
        lastEventId: last,
        onEvent: (event) => {
          if (left === 0) return;
          left -= 1;
          heard.push(event);
          last = event.id;
          if (left === 0 || enough()) listener.hangUp();
        },
      });
      await listener.over;
    }
  };
  const following = follow();
  for (let round = 0; round < 60; round += 1) await tell(api, names(10, 10 * round));
  await following;
  expect(heard.map(({ event }) => event.data.id)).toEqual(names(600));
});

test('a service that stops ends its streams cleanly, between two events', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const listeners = [await listen(api, `/v1/jobs/${id}/events`), await listen(api, '/v1/events')];
  await expect.poll(() => listeners[0]?.heard.length).toBe(1);
  const stoppedAt = performance.now();
  await api.app.close();
  expect(await Promise.all(listeners.map(({ over }) => over))).toEqual(['ended', 'ended']);
  // Far below the last call that cuts what is still open.
  expect(performance.now() - stoppedAt).toBeLessThan(8000);
});

test('a listener that does not read is waited for, and later hears all of it', async () => {
  const api = await startTestApi();
  const { port } = new URL(api.url);
  const accepted = Promise.withResolvers<Socket>();
  api.app.server.once('connection', accepted.resolve);
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.pause();
  socket.write(`GET /v1/events?after=0 HTTP/1.1\r\nhost: x\r\nx-api-key: ${API_KEY}\r\n\r\n`);
  await expect.poll(() => api.parts.openStreams.count()).toBe(1);
  const prompt = await listen(api, '/v1/events?after=0');
  // More than what the sockets in between hold.
  const long = 'x'.repeat(2000);
  const ids = names(8000).map((name) => `${name}_${long}`);
  for (let start = 0; start < ids.length; start += 500) {
    await tell(api, ids.slice(start, start + 500));
  }
  await expect.poll(() => prompt.heard.length, { timeout: 20_000 }).toBe(8000);
  // The server has not made ready what nobody takes: 16 MB of events wait in Redis.
  expect((await accepted.promise).writableLength).toBeLessThan(1_000_000);
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => (text += chunk));
  socket.resume();
  await expect.poll(() => text.includes('job_7999_'), { timeout: 20_000 }).toBe(true);
  expect(text.match(/\nevent: job\.completed\n/g)).toHaveLength(8000);
}, 60_000);

test('listeners whose process was cut off from the news look again when it is back', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const ofJob = await listen(api, `/v1/jobs/${id}/events`);
  const ofProject = await listen(api, '/v1/events');
  await expect.poll(() => ofJob.heard.length).toBe(1);
  await expect.poll(() => ofProject.comments.length).toBe(1);
  const { subscriber } = api.dispatch;
  subscriber.disconnect();
  await complete(api, id);
  await tell(api, [id]);
  void subscriber.connect();
  // Far below the interval at which silent streams look by themselves.
  await expect.poll(() => jobsOf(ofProject), { timeout: 5000 }).toEqual([id]);
  expect(await ofJob.over).toBe('ended');
});

test('a stream outlives a Redis that dies and comes back', async () => {
  const redis = await mortalRedis();
  await redis.start();
  const api = await startTestApi({ redisUrl: redis.url });
  const id = await submit(api);
  const ofJob = await listen(api, `/v1/jobs/${id}/events`);
  const ofProject = await listen(api, '/v1/events');
  await expect.poll(() => ofJob.heard.length).toBe(1);
  await redis.kill();
  await redis.start();
  await expect.poll(() => api.dispatch.redis.status, { timeout: 10_000 }).toBe('ready');
  await complete(api, id);
  await tell(api, [id]);
  expect(await ofJob.over).toBe('ended');
  expect(typesOf(ofJob).at(-1)).toBe('job.completed');
  await expect.poll(() => jobsOf(ofProject), { timeout: 10_000 }).toEqual([id]);
}, 30_000);
