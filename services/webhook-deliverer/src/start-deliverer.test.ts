import { Webhook } from 'standardwebhooks';
import { expect, test, vi } from 'vitest';
import { redirectTo } from '../../../test/support/fake-vendor-reply.ts';
import type { RecordedCall } from '../../../test/support/fake-vendor-call.ts';
import { PROJECT, SECRET, openDelivererScene } from './testing/deliverer-scene.ts';

/** The event, if the signature holds. @throws when it does not */
function verified({ body, headers }: RecordedCall, secret = SECRET): unknown {
  const pick = (name: string): string => String(headers[name]);
  return new Webhook(secret).verify(body, {
    'webhook-id': pick('webhook-id'),
    'webhook-timestamp': pick('webhook-timestamp'),
    'webhook-signature': pick('webhook-signature'),
  });
}

test('an event arrives once, signed, and the log says so', async () => {
  const { receiver, tell, becomes } = await openDelivererScene();
  receiver.onCall('/hook', { status: 202, body: 'thanks' });
  const id = await tell('1', '/hook');
  const { delivery, tries } = await becomes(id, 'delivered');
  expect(delivery).toMatchObject({ tries: 1, lastStatus: 202, event: { id: 'evt_1_v3' } });
  expect(tries).toMatchObject([
    { number: 1, outcome: 'delivered', status_code: 202, answer: 'thanks' },
  ]);
  const [call] = receiver.calls;
  expect(verified(call!)).toMatchObject({
    id: 'evt_1_v3',
    type: 'job.completed',
    data: { id: 'job_1', status: 'completed' },
  });
  expect(receiver.calls).toHaveLength(1);
});

test('what fails is sent again with the same id and bytes, and a signature that holds', async () => {
  const { receiver, tell, becomes } = await openDelivererScene();
  receiver.onCall('/hook', [{ status: 500, body: 'no' }, { close: 'at-once' }]);
  const { delivery, tries } = await becomes(await tell('1', '/hook'), 'delivered');
  expect(delivery.tries).toBe(3);
  expect(tries.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'delivered']);
  expect(new Set(receiver.calls.map(({ body }) => body)).size).toBe(1);
  expect(new Set(receiver.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  for (const call of receiver.calls) verified(call);
});

test.each([
  ['answers 500', { status: 500, body: 'broken' }, { status_code: 500, answer: 'broken' }],
  ['redirects', redirectTo('/elsewhere'), { status_code: 307 }],
  ['hangs', { answer: 'never' as const }, { error: expect.stringContaining('300 ms') }],
  ['hangs up', { close: 'at-once' as const }, { error: expect.any(String) }],
])('a receiver that %s gets every try of the schedule, then the event is dead', async (...row) => {
  const [name, reply, logged] = row;
  const { receiver, tell, becomes, store } = await openDelivererScene(
    name === 'hangs' ? '{ timeout: 300ms, retries: [0s, 40ms, 80ms] }' : undefined,
  );
  receiver.onCall('/hook', reply);
  const id = await tell('1', '/hook');
  const { delivery, tries } = await becomes(id, 'dead');
  expect(delivery.reason).toBe('tries_exhausted');
  expect(tries).toHaveLength(3);
  for (const one of tries) expect(one).toMatchObject({ outcome: 'failed', ...logged });
  expect(receiver.calls.every(({ path }) => path === '/hook')).toBe(true);
  await vi.waitFor(async () => {
    const dead = await store.listDeliveries(PROJECT, { state: 'dead' }, undefined, 10);
    expect(dead.deliveries.map((one) => one.id)).toEqual([id]);
  });
});

test('410 disables the endpoint and buries what waits for it', async () => {
  const { receiver, tell, becomes, store } = await openDelivererScene(
    '{ timeout: 300ms, retries: [0s, 40ms, 80ms], concurrency: 1 }',
  );
  receiver.onCall('/hook', { status: 410, body: '' });
  const ids = await Promise.all(['1', '2', '3'].map((job) => tell(job, '/hook')));
  for (const id of ids) {
    const { delivery } = await becomes(id, 'dead');
    expect(delivery.reason).toBe('endpoint_disabled');
    expect(await store.readEndpoint(PROJECT, delivery.endpoint)).toMatchObject({
      status: 'disabled',
      disabled_reason: 'gone',
    });
  }
  expect(receiver.calls).toHaveLength(1);
});

test('a dead letter that is redelivered arrives with its old id and bytes', async () => {
  const { receiver, tell, becomes, store } = await openDelivererScene();
  const restore = receiver.onCall('/hook', { status: 500 });
  const id = await tell('1', '/hook');
  await becomes(id, 'dead');
  restore();
  // It may be on its way already, or have arrived.
  expect(await store.redeliver(PROJECT, id)).toMatchObject({ id });
  const { tries } = await becomes(id, 'delivered');
  expect(tries.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  expect(new Set(receiver.calls.map(({ body }) => body)).size).toBe(1);
});

test('a receiver that hangs keeps nothing from another one', async () => {
  const { receiver, tell, becomes } = await openDelivererScene(
    '{ timeout: 4s, retries: [0s], concurrency: 2 }',
  );
  receiver.onCall('/dead', { answer: 'never' });
  for (let job = 0; job < 20; job += 1) await tell(`d${job}`, '/dead');
  await receiver.waitForCalls(2, { match: '/dead' });
  await becomes(await tell('1', '/fine'), 'delivered');
  expect(receiver.calls.filter(({ path }) => path === '/dead')).toHaveLength(2);
});

test('no more tries run at a time than the setting says', async () => {
  const { receiver, tell, becomes } = await openDelivererScene();
  receiver.onCall('/hook', { delayMs: 30, status: 200, body: '' });
  const ids = await Promise.all(Array.from({ length: 20 }, (_, job) => tell(`${job}`, '/hook')));
  for (const id of ids) await becomes(id, 'delivered');
  expect(receiver.calls).toHaveLength(20);
  expect(receiver.open.most).toBeGreaterThan(1);
  expect(receiver.open.most).toBeLessThanOrEqual(4);
});

test('a receiver that asks for time is left alone for as long as Retry-After says', async () => {
  const { receiver, tell, becomes } = await openDelivererScene(
    '{ timeout: 300ms, retries: [0s, 10ms, 5s] }',
  );
  receiver.onCall('/hook', [{ status: 503, headers: { 'retry-after': '1' }, body: '' }]);
  await becomes(await tell('1', '/hook'), 'delivered');
  const [first, second] = receiver.calls;
  expect(second!.receivedAt - first!.receivedAt).toBeGreaterThanOrEqual(990);
});

test('an address that the policy forbids is never called, and the log says why', async () => {
  const { receiver, tell, becomes } = await openDelivererScene();
  const { port } = receiver;
  const id = await tell('1', '/', { url: `http://[::1]:${port}/hook` });
  const { delivery, tries } = await becomes(id, 'dead');
  expect(delivery.reason).toBe('refused');
  expect(tries[0]).toMatchObject({ outcome: 'failed', error: expect.any(String) });
  expect(tries[0]?.status_code).toBeUndefined();
  expect(receiver.calls).toEqual([]);
});

test('a registered endpoint verifies by its own secrets, both during a rotation', async () => {
  const { receiver, store } = await openDelivererScene();
  const { endpoint, secret = '' } = await store.createEndpoint(PROJECT, {
    url: `${receiver.url}/hook`,
    events: ['job.completed'],
  });
  const rotated = await store.rotateKey(PROJECT, endpoint.id, { overlapMs: 60_000 });
  await store.sendTestEvent(PROJECT, endpoint.id, 'job.completed');
  const [call] = await receiver.waitForCalls(1);
  expect(verified(call!, secret)).toMatchObject({ type: 'job.completed', data: { test: true } });
  expect(verified(call!, rotated!.secret)).toEqual(verified(call!, secret));
});

test('what waits for an endpoint that has moved is sent to its new address', async () => {
  const { receiver, store } = await openDelivererScene();
  receiver.onCall('/old', { status: 500 });
  const { endpoint } = await store.createEndpoint(PROJECT, {
    url: `${receiver.url}/old`,
    events: ['job.completed'],
  });
  await store.sendTestEvent(PROJECT, endpoint.id, 'job.completed');
  await receiver.waitForCalls(1, { match: '/old' });
  await store.updateEndpoint(PROJECT, endpoint.id, { url: `${receiver.url}/new` });
  const [moved] = await receiver.waitForCalls(1, { match: '/new' });
  expect(moved?.headers['webhook-id']).toBe(receiver.calls[0]?.headers['webhook-id']);
});

test('410 from where an endpoint was before it moved is a failure like any other', async () => {
  const { receiver, store, becomes } = await openDelivererScene(
    '{ timeout: 5s, retries: [0s, 40ms, 80ms] }',
  );
  receiver.onCall('/old', { delayMs: 300, status: 410, body: '' });
  const { endpoint } = await store.createEndpoint(PROJECT, {
    url: `${receiver.url}/old`,
    events: ['job.completed'],
  });
  const sent = await store.sendTestEvent(PROJECT, endpoint.id, 'job.completed');
  await receiver.waitForCalls(1, { match: '/old' });
  await store.updateEndpoint(PROJECT, endpoint.id, { url: `${receiver.url}/new` });
  const { tries } = await becomes(sent!.id, 'delivered');
  expect(tries).toMatchObject([{ outcome: 'failed', status_code: 410 }, { outcome: 'delivered' }]);
  expect(receiver.calls.map(({ path }) => path)).toEqual(['/old', '/new']);
  expect(await store.readEndpoint(PROJECT, endpoint.id)).toMatchObject({ status: 'enabled' });
});

test('what an address asks for that an endpoint has left keeps nothing from the new one', async () => {
  const { receiver, store, becomes } = await openDelivererScene(
    '{ timeout: 5s, retries: [0s, 40ms, 1h] }',
  );
  receiver.onCall('/old', {
    delayMs: 300,
    status: 503,
    headers: { 'retry-after': '3600' },
    body: '',
  });
  const { endpoint } = await store.createEndpoint(PROJECT, {
    url: `${receiver.url}/old`,
    events: ['job.completed'],
  });
  const sent = await store.sendTestEvent(PROJECT, endpoint.id, 'job.completed');
  await receiver.waitForCalls(1, { match: '/old' });
  await store.updateEndpoint(PROJECT, endpoint.id, { url: `${receiver.url}/new` });
  const { tries } = await becomes(sent!.id, 'delivered');
  expect(tries).toMatchObject([{ outcome: 'failed', status_code: 503 }, { outcome: 'delivered' }]);
});

test('at the end tries under way are let end and recorded', async () => {
  const { receiver, tell, becomes, deliverer } = await openDelivererScene(
    '{ timeout: 5s, retries: [0s, 1s] }',
  );
  receiver.onCall('/hook', { delayMs: 200, status: 200, body: '' });
  const id = await tell('1', '/hook');
  await receiver.waitForCalls(1);
  await deliverer.close();
  expect((await becomes(id, 'delivered')).tries).toHaveLength(1);
});

test('another replica goes on where one has stopped', async () => {
  const { receiver, tell, becomes, deliverer, startDeliverer } = await openDelivererScene();
  await becomes(await tell('1', '/hook'), 'delivered');
  await deliverer.close();
  const id = await tell('2', '/hook');
  await startDeliverer();
  await becomes(id, 'delivered');
  expect(receiver.calls).toHaveLength(2);
});
