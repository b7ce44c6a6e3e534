import type { Attempt, JobRequest } from '@understudy/contracts';
import { endJob, submitJob } from '@understudy/dispatch';
import { openDispatchScene, requestAt, sealedDispatch } from '@understudy/dispatch/testing';
import { shardOf } from '@understudy/job-store';
import { createWebhookTurns } from '@understudy/queue';
import { callbackEndpointId, createWebhookStore } from '@understudy/webhooks';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readOutboxPage } from './outbox-page.ts';
import { openDeliveryRelay } from './relay-deliveries.ts';
import { relayOutbox } from './relay-outbox.ts';

const URL_OF_CALLBACK = 'https://a.example/hook';

/** A relay over real Redis, what the API would see of its deliveries, and a way to submit. */
async function openRelayScene() {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { dispatch } = scene;
  const relay = openDeliveryRelay(dispatch);
  const { redis, keyPrefix, clock } = dispatch;
  const turns = createWebhookTurns(redis, keyPrefix);
  onTestFinished(async () => {
    await relay.close();
    await turns.close();
  });
  const settings = dispatch.views().settings.webhooks;
  const store = createWebhookStore({ redis, keyPrefix, clock, turns, settings });
  return {
    ...scene,
    relay,
    store,
    relayAll: () => relayOutbox(dispatch, [relay.relay]),
    /** Event types and ids of the project's deliveries, in lexical order. */
    told: async (project = 'acme', endpoint?: string): Promise<string[]> => {
      const filter = endpoint === undefined ? {} : { endpoint };
      const { deliveries } = await store.listDeliveries(project, filter, undefined, 100);
      return deliveries.map(({ event }) => `${event.type} ${event.id}`).toSorted();
    },
  };
}

const callback = (
  given: Partial<NonNullable<JobRequest['callback']>> = {},
): Pick<JobRequest, 'callback'> => ({
  callback: { url: URL_OF_CALLBACK, events: ['job.completed', 'job.cancelled'], ...given },
});

test('the end of a job is delivered to its callback once, however often it is relayed', async () => {
  const { dispatch, submit, relay, relayAll, told } = await openRelayScene();
  await endJob(dispatch, await submit({ id: 'job_1', ...callback() }), 'cancelled');
  // A relay that dies before it trims the outbox, twice.
  const page = await readOutboxPage(dispatch, [shardOf('job_1')], 10);
  await relay.relay(page);
  await relay.relay(page);
  await relayAll();
  expect(await told()).toEqual(['job.cancelled evt_1_v2']);
  expect(await told('acme', callbackEndpointId('acme', URL_OF_CALLBACK))).toHaveLength(1);
});

test('deliveries are made by the settings of the start, as they are delivered', async () => {
  const { dispatch, submit, store } = await openRelayScene();
  const views = dispatch.views();
  let { webhooks } = views.settings;
  const changing = {
    ...dispatch,
    views: () => ({ ...views, settings: { ...views.settings, webhooks } }),
  };
  const relay = openDeliveryRelay(changing);
  onTestFinished(() => relay.close());
  webhooks = { ...webhooks, retriesMs: [3_600_000] };
  await endJob(dispatch, await submit({ id: 'job_1', ...callback() }), 'cancelled');
  await relayOutbox(changing, [relay.relay]);
  const { deliveries } = await store.listDeliveries('acme', {}, undefined, 100);
  const [due = Infinity] = deliveries.map(({ nextAt }) => nextAt);
  expect(due - dispatch.clock.now()).toBeLessThan(60_000);
});

test('the ends of a batch’s lines are delivered to nobody: the batch tells its own', async () => {
  const { dispatch, submit, relayAll, told, store } = await openRelayScene();
  const draft = { url: 'https://b.example/hook', events: ['job.cancelled' as const] };
  await store.createEndpoint('acme', draft);
  const batch = { id: 'batch_1', line: 1, custom_id: 'r1' };
  await endJob(dispatch, await submit({ id: 'job_1', batch }), 'cancelled');
  await endJob(dispatch, await submit({ id: 'job_2' }), 'cancelled');
  await relayAll();
  expect(await told()).toEqual(['job.cancelled evt_2_v2']);
});

test('an endpoint whose secret does not open here gets its events, and holds nobody up', async () => {
  const { dispatch, submit, relayAll, told, store } = await openRelayScene();
  const { redis, keyPrefix, clock } = dispatch;
  const { sealer } = sealedDispatch(dispatch).dispatch;
  const turns = createWebhookTurns(redis, keyPrefix);
  onTestFinished(() => turns.close());
  const settings = dispatch.views().settings.webhooks;
  const keyed = createWebhookStore({ redis, keyPrefix, clock, turns, settings, sealer });
  const draft = { url: 'https://b.example/hook', events: ['job.cancelled' as const] };
  const { endpoint } = await keyed.createEndpoint('acme', draft);
  await expect(store.readEndpoint('acme', endpoint.id)).rejects.toThrow('add it to');

  await endJob(dispatch, await submit({ id: 'job_1' }), 'cancelled');
  await endJob(
    dispatch,
    await submit({ id: 'job_2', project: 'other', ...callback() }),
    'cancelled',
  );
  await relayAll();
  expect(await told('acme', endpoint.id)).toEqual(['job.cancelled evt_1_v2']);
  expect(await told('other')).toEqual(['job.cancelled evt_2_v2']);
});

test('a callback hears only of what it asked for, a job without one of nothing', async () => {
  const { dispatch, submit, relayAll, told } = await openRelayScene();
  const deaf = callback({ events: ['job.completed'] });
  await endJob(dispatch, await submit({ id: 'job_1', ...deaf }), 'cancelled');
  await endJob(dispatch, await submit({ id: 'job_2' }), 'cancelled');
  await relayAll();
  expect(await told()).toEqual([]);
});

test('every endpoint of the project that subscribed gets the event; others do not', async () => {
  const { dispatch, submit, relayAll, told, store } = await openRelayScene();
  const draft = { url: 'https://b.example/hook', events: ['job.cancelled' as const] };
  const { endpoint } = await store.createEndpoint('acme', draft);
  const { endpoint: foreign } = await store.createEndpoint('other', draft);
  const { endpoint: deaf } = await store.createEndpoint('acme', { ...draft, events: [] });
  await endJob(dispatch, await submit({ id: 'job_1', ...callback() }), 'cancelled');
  await relayAll();
  expect(await told('acme', endpoint.id)).toEqual(['job.cancelled evt_1_v2']);
  expect(await told('acme', deaf.id)).toEqual([]);
  expect(await told('other', foreign.id)).toEqual([]);
  expect(await told()).toHaveLength(2);
});

test('an endpoint that is registered or disabled later is heard of by message', async () => {
  const { dispatch, submit, relayAll, told, store } = await openRelayScene();
  const cancelOne = async (id: string): Promise<void> => {
    await endJob(dispatch, await submit({ id }), 'cancelled');
    await relayAll();
  };
  await cancelOne('job_before');
  const draft = { url: 'https://b.example/hook', events: ['job.cancelled' as const] };
  const { endpoint } = await store.createEndpoint('acme', draft);
  let number = 0;
  await vi.waitFor(async () => {
    await cancelOne(`job_during${(number += 1)}`);
    expect(await told('acme', endpoint.id)).not.toEqual([]);
  });
  await store.updateEndpoint('acme', endpoint.id, { status: 'disabled' });
  await vi.waitFor(async () => {
    const before = (await told('acme', endpoint.id)).length;
    await cancelOne(`job_after${(number += 1)}`);
    expect(await told('acme', endpoint.id)).toHaveLength(before);
  });
});

test('a failed attempt is told where it was asked for', async () => {
  const { dispatch, submit, relayAll, told } = await openRelayScene();
  const asked = callback({ events: ['job.attempt_failed'] });
  const job = await submit({ id: 'job_1', ...asked });
  const begun = await dispatch.store.begin(job, 1, dispatch.clock.now(), dispatch.clock.now());
  const token = begun.kind === 'started' ? begun.token : 0;
  const attempt: Attempt = {
    number: 1,
    round: 1,
    target: 'a',
    provider: 'a',
    model_requested: 'm',
    outcome: 'failed',
    status_code: 500,
    rule: 'default.status_500',
    started_at: 1,
    token,
  };
  await dispatch.store.transition(job, {
    token,
    status: 'queued',
    nextTurn: 2,
    dueAt: dispatch.clock.now(),
    appended: [attempt],
    folded: [],
  });
  await relayAll();
  expect(await told()).toEqual(['job.attempt_failed evt_1_a1']);
});

/** Ends a Response with this answer, as a worker would. */
async function answerResponse(
  { dispatch }: Pick<Awaited<ReturnType<typeof openRelayScene>>, 'dispatch'>,
  job: JobRequest,
  answer: string,
): Promise<void> {
  const now = dispatch.clock.now();
  const begun = await dispatch.store.begin(job, 1, now, now + 10_000);
  await dispatch.store.transition(job, {
    token: begun.kind === 'started' ? begun.token : 0,
    status: 'completed',
    nextTurn: 2,
    appended: [],
    folded: [],
    end: { v: 1, result: { provider: 'a' } },
    endedAt: now,
    keepMs: 60_000,
    result: Buffer.from(answer),
  });
}

const RESPONSE_EVENTS = [
  'response.completed',
  'response.failed',
  'response.cancelled',
  'response.incomplete',
] as const;
const background: Partial<JobRequest> = {
  endpoint: '/v1/responses',
  dialect: 'responses',
  background: true,
};

test.each([
  ['{"id":"resp_v","status":"completed"}', 'response.completed'],
  ['{"id":"resp_v","status":"incomplete"}', 'response.incomplete'],
  ['{"id":"resp_v"}', 'response.completed'],
])('the answer %s of a background Response is told as %s', async (answer, type) => {
  const scene = await openRelayScene();
  const asked = callback({ events: ['job.completed', ...RESPONSE_EVENTS] });
  const job = await scene.submit({ id: 'job_1', ...background, ...asked });
  await answerResponse(scene, job, answer);
  await scene.relayAll();
  expect(await scene.told()).toEqual(['job.completed evt_1_v3', `${type} evt_1_v3_response`]);
});

test('a Response whose answer lacks its key is told of once it is there, and others are told before', async () => {
  const { dispatch, submit, relayAll, told, store } = await openRelayScene();
  const keyed = sealedDispatch(dispatch).dispatch;
  await store.createEndpoint('acme', { url: URL_OF_CALLBACK, events: [...RESPONSE_EVENTS] });
  const job = requestAt(dispatch.clock.now(), { id: 'job_2', ...background });
  await submitJob(keyed, job, Buffer.from('{"model":"m"}'));
  await answerResponse({ dispatch: keyed }, job, '{"id":"resp_v","status":"incomplete"}');
  await endJob(dispatch, await submit({ id: 'job_1', ...background }), 'cancelled');
  await relayAll();
  expect(await told()).toEqual(['response.cancelled evt_1_v2_response']);

  const reading = { ...dispatch, store: keyed.store };
  const relay = openDeliveryRelay(reading);
  onTestFinished(() => relay.close());
  await relayOutbox(reading, [relay.relay]);
  expect(await told()).toEqual([
    'response.cancelled evt_1_v2_response',
    'response.incomplete evt_2_v3_response',
  ]);
});

test('Responses that end otherwise are told so, to who asked for that alone', async () => {
  const { dispatch, submit, relayAll, told, store } = await openRelayScene();
  const draft = { url: 'https://b.example/hook', events: ['response.failed' as const] };
  const { endpoint } = await store.createEndpoint('acme', draft);
  const asked = callback({ events: [...RESPONSE_EVENTS] });
  await endJob(dispatch, await submit({ id: 'job_1', ...background, ...asked }), 'cancelled');
  await endJob(dispatch, await submit({ id: 'job_2', ...background }), 'expired');
  await relayAll();
  expect(await told()).toEqual([
    'response.cancelled evt_1_v2_response',
    'response.failed evt_2_v2_response',
  ]);
  expect(await told('acme', endpoint.id)).toEqual(['response.failed evt_2_v2_response']);
});

test.each<[string, Partial<JobRequest>]>([
  ['a job of our own surface', { background: false }],
  ['a chat completion', { endpoint: '/v1/chat/completions', surface: 'openai' }],
  ['a line of a batch', { surface: 'openai', batch: { id: 'batch_1', line: 1, custom_id: 'a' } }],
])('%s is told as no Response', async (_name, more) => {
  const { dispatch, submit, relayAll, told } = await openRelayScene();
  const asked = callback({ events: [...RESPONSE_EVENTS] });
  const job = { id: 'job_1', ...background, ...asked, ...more };
  await endJob(dispatch, await submit(job), 'cancelled');
  await relayAll();
  expect(await told()).toEqual([]);
});
