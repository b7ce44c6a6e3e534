import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenTo, type EventListener, type HeardEvent } from '../support/event-listener.ts';
import { compatible } from '../support/fake-vendor-errors.ts';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

const JOBS = 60;
/** What a client waits before it connects again. */
const RECONNECT_MS = 100;
const EVERYTHING = 'job.completed,job.failed,job.cancelled,job.expired,job.attempt_failed';

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({
    kinds: ['openai-compatible'],
    configuration: `
providers:
  first: { kind: openai-compatible, baseUrl: "${vendor.url}/first/v1", passthrough: true, concurrency: 2 }
  second: { kind: openai-compatible, baseUrl: "${vendor.url}/second/v1", passthrough: true }
routes:
  chat: { targets: [ { provider: first, model: m }, { provider: second, model: m } ] }
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});

const chatJob = {
  endpoint: '/v1/chat/completions',
  body: { model: 'chat', messages: [{ role: 'user', content: 'Hello' }] },
};

/** Listens as an EventSource does: connects again with the last id until it has enough or 204. */
async function follow(
  path: string,
  start: string | undefined,
  enough: (heard: readonly HeardEvent[]) => boolean,
): Promise<{ heard: HeardEvent[]; connections: number }> {
  const heard: HeardEvent[] = [];
  let connections = 0;
  while (!enough(heard)) {
    const listener = await connect(path, heard.at(-1)?.id ?? start, (event) => {
      heard.push(event);
      if (enough(heard)) listener?.hangUp();
    });
    if (listener?.response.status === 204) break;
    if (listener?.response.ok) connections += 1;
    await listener?.over;
    if (!enough(heard)) await pause(RECONNECT_MS);
  }
  return { heard, connections };
}

/** @returns undefined while nobody answers there */
async function connect(
  path: string,
  lastEventId: string | undefined,
  onEvent: (event: HeardEvent) => void,
): Promise<EventListener | undefined> {
  try {
    return await listenTo(`${broker.url}${path}`, {
      apiKey: broker.apiKey,
      onEvent,
      ...(lastEventId === undefined ? {} : { lastEventId }),
    });
  } catch {
    return undefined;
  }
}

const idsOf = (heard: readonly HeardEvent[]): string[] => heard.map(({ event }) => event.id);
const ends = (heard: readonly HeardEvent[]): HeardEvent[] =>
  heard.filter(({ type }) => /^job\.(completed|failed|cancelled|expired)$/.test(type));

test('listeners hear each end and each failed attempt once, while API and scheduler are killed', async () => {
  // Every third call fails; successes in between keep the target from cooling down.
  vendor.onCall(/^\/first\//, (_call, matched) =>
    matched % 3 === 0 ? { ...compatible.htmlFromProxy, delayMs: 60 } : { delayMs: 60 },
  );
  const ofProject = follow(`/v1/events?types=${EVERYTHING}`, '0', (heard) => {
    return ends(heard).length >= JOBS;
  });
  const submitted = await Promise.all(Array.from({ length: JOBS }, () => broker.submit(chatJob)));
  const ofJobs = Promise.all(
    submitted.map(({ id }) =>
      follow(`/v1/jobs/${id}/events`, undefined, (heard) => ends(heard).length > 0),
    ),
  );
  for (const calls of [10, 25, 40]) {
    await vendor.waitForCalls(calls, { timeoutMs: 30_000 });
    for (const name of calls === 25 ? ['api', 'scheduler'] : ['api']) {
      const service = broker.services.get(name);
      service?.kill('SIGKILL');
      await service?.ended;
      await broker.startService(name);
    }
  }

  const { heard, connections } = await ofProject;
  const jobs = await Promise.all(submitted.map(({ id }) => broker.waitForJob(id)));
  const expected = jobs.flatMap(({ id, attempts }) =>
    attempts.flatMap(({ outcome, number }) =>
      outcome === 'failed' || outcome === 'interrupted'
        ? [`evt_${id.slice(4)}_a${String(number)}`]
        : [],
    ),
  );
  expect(expected.length).toBeGreaterThan(5);
  const ids = idsOf(heard);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => id.includes('_a')).toSorted()).toEqual(expected.toSorted());
  expect(new Set(ends(heard).map(({ event }) => event.data.id))).toEqual(
    new Set(jobs.map(({ id }) => id)),
  );
  expect(connections).toBeGreaterThan(1);

  // The same events by the streams of the jobs.
  const byJob = await ofJobs;
  for (const story of byJob) expect(new Set(idsOf(story.heard)).size).toBe(story.heard.length);
  const told = byJob.flatMap((story) => story.heard);
  expect(idsOf(ends(told)).toSorted()).toEqual(idsOf(ends(heard)).toSorted());
  expect(
    idsOf(told)
      .filter((id) => id.includes('_a'))
      .toSorted(),
  ).toEqual(expected.toSorted());
});

test('an API that is told to stop ends its streams, exits with 0, and the next one goes on', async () => {
  vendor.reset();
  vendor.onCall(/^\/first\//, { delayMs: 1500 });
  const { id } = await broker.submit(chatJob);
  const first = await connect(`/v1/jobs/${id}/events`, undefined, () => undefined);
  await vendor.waitForCalls(1);
  const api = broker.services.get('api');
  api?.kill('SIGTERM');
  expect(await first?.over).toBe('ended');
  expect(await api?.ended).toBe(0);
  await broker.startService('api');
  const rest = await follow(`/v1/jobs/${id}/events`, first?.heard.at(-1)?.id, (heard) => {
    return ends(heard).length > 0;
  });
  expect(idsOf(rest.heard).some((one) => idsOf(first?.heard ?? []).includes(one))).toBe(false);
  expect(rest.heard.at(-1)?.type).toBe('job.completed');
});
