import { appendEvents, indexJobs, statusEvent, trimEvents } from '@understudy/job-store';
import { expect, onTestFinished, test } from 'vitest';
import { listenTo } from '../../../../test/support/event-listener.ts';
import type { EventListener, ListenOptions } from '../../../../test/support/event-listener.ts';
import { issueKey, makeProject, revokeKey } from '../testing/admin-calls.ts';
import { responseSchema } from '../responses/response-schemas.ts';
import { API_KEY, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { answerOf } from '../testing/webhook-calls.ts';

async function listen(api: TestApi, path: string, given: Partial<ListenOptions> = {}) {
  const listener = await listenTo(`${api.url}${path}`, { apiKey: API_KEY, ...given });
  onTestFinished(() => listener.hangUp());
  return listener;
}

let entries = 0;

/** Does at once what the scheduler does within a second: lists first, then events. */
async function tell({ dispatch }: TestApi, project: string, id: string): Promise<void> {
  const { redis, keyPrefix, clock } = dispatch;
  entries += 1;
  const change = { id, version: 3, status: 'completed', at: clock.now() } as const;
  await indexJobs(redis, keyPrefix, project, []);
  await appendEvents(redis, keyPrefix, project, [
    { shard: 0, entryId: `${entries}-0`, events: [statusEvent(change, undefined)] },
  ]);
}

const jobsOf = ({ heard }: EventListener): string[] => heard.map(({ event }) => event.data.id);

test('an administrator hears of all projects in one stream, also of one that begins meanwhile', async () => {
  const api = await startTestApi();
  await tell(api, 'default', 'job_before');
  const listener = await listen(api, '/v1/events', { project: '*' });
  await expect.poll(() => listener.comments).toEqual(['listening']);
  await tell(api, 'default', 'job_1');
  await tell(api, 'fresh', 'job_2');
  await tell(api, 'default', 'job_3');
  await expect.poll(() => jobsOf(listener).toSorted()).toEqual(['job_1', 'job_2', 'job_3']);

  // Whoever was away misses nothing; the last seconds may be told again, under the same ids.
  listener.hangUp();
  await tell(api, 'fresh', 'job_4');
  const last = listener.heard.at(-1);
  const resumed = await listen(api, '/v1/events', {
    project: '*',
    ...(last === undefined ? {} : { lastEventId: last.id }),
  });
  await expect.poll(() => jobsOf(resumed)).toContain('job_4');
  const ids = new Map(listener.heard.map(({ event }) => [event.data.id, event.id]));
  for (const { event } of resumed.heard) {
    expect(ids.get(event.data.id) ?? event.id).toBe(event.id);
  }
});

test('what happens before an administrator has heard anything is told when the stream is taken up', async () => {
  const api = await startTestApi();
  const first = await listen(api, '/v1/events', { project: '*' });
  await expect.poll(() => first.comments).toEqual(['listening']);
  first.hangUp();
  await tell(api, 'fresh', 'job_1');
  const lastEventId = first.lastEventId() ?? '';
  expect(lastEventId).not.toBe('');
  const second = await listen(api, '/v1/events', { project: '*', lastEventId });
  await expect.poll(() => jobsOf(second)).toEqual(['job_1']);
});

test('whoever asks for the oldest events of all projects is told of no gap before them', async () => {
  const api = await startTestApi();
  const { redis, keyPrefix } = api.dispatch;
  for (const project of ['default', 'fresh']) {
    await tell(api, project, 'job_dropped');
    await trimEvents(redis, keyPrefix, project, Number.MAX_SAFE_INTEGER);
  }
  await tell(api, 'fresh', 'job_1');
  await tell(api, 'default', 'job_2');
  const listener = await listen(api, '/v1/events?after=0', { project: '*' });
  await expect.poll(() => jobsOf(listener)).toContain('job_2');
  await tell(api, 'begun', 'job_3');
  await expect.poll(() => jobsOf(listener).toSorted()).toEqual(['job_1', 'job_2', 'job_3']);
});

test('a stream ends when its own key is taken back, whichever project it tells of', async () => {
  const api = await startTestApi();
  await makeProject(api, 'theirs');
  const { headers } = await issueKey(api, { project: 'theirs' });
  const answer = await api.call('/v1/responses', {
    method: 'POST',
    headers,
    body: { model: 'one-way', input: 'Hello', background: true },
  });
  const { id: response } = await answerOf(answer, 200, responseSchema);
  const { key, id } = await issueKey(api, { scopes: ['admin', 'read'] });
  const told = (path: string) => listen(api, path, { apiKey: key, project: 'theirs' });
  const listeners = [await told('/v1/events'), await told(`/v1/responses/${response}?stream=true`)];
  for (const { comments } of listeners) {
    await expect.poll(() => comments).toEqual(['listening']);
  }
  await revokeKey(api, id);
  for (const { over } of listeners) expect(await over).toBe('ended');
});

test('whoever asks for it hears that lists have changed, with no place of its own', async () => {
  const api = await startTestApi();
  const [ours, all, others] = [
    await listen(api, '/v1/events?types=job.completed,jobs.changed'),
    await listen(api, '/v1/events?types=jobs.changed', { project: '*' }),
    await listen(api, '/v1/events'),
  ];
  for (const { comments } of [ours, all, others]) {
    await expect.poll(() => comments).toEqual(['listening']);
  }
  const id = await submit(api);
  const [record] = await api.dispatch.store.readRecords([{ project: 'default', id }]);
  await api.index(record === undefined ? [] : [record]);
  const changed = {
    id: '',
    type: 'jobs.changed',
    event: {
      object: 'event',
      type: 'jobs.changed',
      data: { object: 'project', project: 'default' },
    },
  };
  await expect.poll(() => ours.heard).toEqual([changed]);
  await expect.poll(() => all.heard).toEqual([changed]);
  await tell(api, 'default', id);
  await expect.poll(() => others.heard.map(({ type }) => type)).toEqual(['job.completed']);
});

test('webhooks cannot ask for what only streams tell', async () => {
  const api = await startTestApi();
  const response = await api.call('/v1/webhooks/endpoints', {
    method: 'POST',
    body: { url: 'https://hooks.example.com/in', events: ['jobs.changed'] },
  });
  expect(response.status).toBe(400);
});
