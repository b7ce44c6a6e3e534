import { randomBytes } from 'node:crypto';
import { createSealer, parseEncryptionKeys } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { expect, test } from 'vitest';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { createDeliveries, listDeliveries } from './create-deliveries.ts';
import { deliveryIdOf } from './delivery.ts';
import type { DeliveryState } from './delivery.ts';
import { wishesFor } from './event-orders.ts';
import { openWebhookScene } from './testing/webhook-scene.ts';
import type { WebhookScene } from './testing/webhook-scene.ts';
import { endpointKeys } from './webhook-keys.ts';

const OWN_SECRET = `whsec_${Buffer.from('canary-of-the-endpoint!!').toString('base64')}`;
const CALLBACK_SECRET = `whsec_${Buffer.from('canary-of-the-callback!!').toString('base64')}`;
const OWN_URL = 'https://a.example/canary-of-the-own-url';
const OWN_WORDS = 'canary-of-the-description';
const CALLBACK_URL = 'https://a.example/canary-of-the-callback-url';
const PAYLOAD = '{"data":{"result":"canary-of-the-answer"}}';
const ECHO = 'canary-of-the-echo';

const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const sealerOf = (...keys: string[]): Sealer => createSealer(parseEncryptionKeys(keys.join(',')));
const schedule = [0, 1000, 4000];

/** An endpoint with a secret of its own, a default secret, and a delivery that was tried once. */
async function useAll(scene: WebhookScene) {
  const { store, parts, clock } = scene;
  const draft = {
    url: OWN_URL,
    description: OWN_WORDS,
    events: ['job.failed' as const],
    secret: OWN_SECRET,
  };
  const { endpoint } = await store.createEndpoint('acme', draft);
  const { secret: defaultSecret } = await store.rotateDefaultSecret('acme', { overlapMs: 0 });
  const event = { id: 'evt_1_v3', type: 'job.completed' as const, project: 'acme', job: 'job_1' };
  const callback = {
    url: CALLBACK_URL,
    events: ['job.completed' as const],
    secret: CALLBACK_SECRET,
  };
  const wishes = wishesFor({ ...event, at: clock.now() }, callback, []);
  await createDeliveries(parts, wishes, () => 0);
  const { endpoint: to } = wishes[0]!.order;
  const plan = await parts.turns.wake(to, clock.now());
  await parts.turns.begin(to, plan!.turn, clock.now());
  const take = () =>
    parts.turns.take(to, plan!.turn, { now: clock.now(), limit: 1, underWay: 0, leaseMs: 1000 });
  const first = await take();
  if (first.kind !== 'taken') throw new Error(first.kind);
  const [taken] = first.deliveries;
  expect(await parts.turns.keepPayload(to, taken!.id, PAYLOAD)).toBe(PAYLOAD);
  await parts.turns.settle(to, taken!, clock.now(), {
    outcome: 'failed',
    try: { started_at: clock.now(), outcome: 'failed', status_code: 500, answer: ECHO },
    nextAt: clock.now() + 1,
    restsMs: [1000],
    keepMs: 600_000,
  });
  return { endpoint, defaultSecret, take, id: deliveryIdOf(event.id, to), to };
}

test('with a key no secret, payload or answer of a receiver stands in Redis, and all work on', async () => {
  const scene = openWebhookScene(schedule, sealerOf(newKey('k1')));
  const { endpoint, defaultSecret, take, id } = await useAll(scene);
  const contents = await redisContents(scene.redis, scene.keyPrefix);
  expect(contents).toContain(id);
  const secrets = [OWN_SECRET, CALLBACK_SECRET, defaultSecret];
  for (const canary of [...secrets, 'canary', ...secrets.map((one) => one.slice(6, 30))]) {
    expect({ canary, found: contents.includes(canary) }).toEqual({ canary, found: false });
  }

  const { parts, store } = scene;
  const own = { url: OWN_URL, description: OWN_WORDS, keys: [{ secret: OWN_SECRET }] };
  expect(await parts.endpoints.read(endpoint.id)).toMatchObject(own);
  expect(await parts.endpoints.ofProject('acme')).toMatchObject([own]);
  expect(await store.readDelivery('acme', id)).toMatchObject({ delivery: { url: CALLBACK_URL } });
  expect((await parts.defaultSecrets.readOrCreate('acme'))[0]?.secret).toBe(defaultSecret);
  expect((await store.readDelivery('acme', id))?.tries).toMatchObject([
    { number: 1, answer: ECHO, status_code: 500 },
  ]);
  scene.pass(10);
  expect(await take()).toMatchObject({
    kind: 'taken',
    deliveries: [{ id, payload: PAYLOAD, order: { secret: CALLBACK_SECRET, url: CALLBACK_URL } }],
  });
});

test('what an endpoint hears of is read without its key, and its secret is not', async () => {
  const scene = openWebhookScene(schedule, sealerOf(newKey('k1')));
  const { endpoint } = await useAll(scene);
  const hears = { id: endpoint.id, status: 'enabled', events: ['job.failed'] };
  const opened = { ...hears, url: OWN_URL };
  expect(await scene.parts.endpoints.subscriptions('acme')).toEqual([opened]);

  const { parts } = openWebhookScene(schedule, sealerOf(newKey('k2')), scene.keyPrefix);
  expect(await parts.endpoints.subscriptions('acme')).toEqual([{ ...hears, url: '' }]);
  await expect(parts.endpoints.ofProject('acme')).rejects.toThrow('"k1"');
});

test('a delivery is listed as it is now where its key is missing', async () => {
  const scene = openWebhookScene(schedule, sealerOf(newKey('k1')));
  const { take, id, to } = await useAll(scene);
  scene.pass(10);
  const again = await take();
  const [taken] = again.kind === 'taken' ? again.deliveries : [];
  await scene.parts.turns.settle(to, taken!, scene.clock.now(), {
    outcome: 'delivered',
    try: { started_at: scene.clock.now(), outcome: 'delivered', status_code: 200 },
    restsMs: [1000],
    keepMs: 600_000,
  });
  const { parts } = openWebhookScene(schedule, sealerOf(newKey('k2')), scene.keyPrefix);
  await listDeliveries(parts, [{ endpoint: to, id }]);
  const listed = (state: DeliveryState) => parts.lists.page('acme', { state }, undefined, 10);
  expect(await listed('delivered')).toMatchObject([{ id }]);
  expect(await listed('pending')).toEqual([]);
});

test('a delivery that does not open keeps nobody from those that are taken with it', async () => {
  const { parts, clock, redis, keyPrefix } = openWebhookScene(schedule, sealerOf(newKey('k1')));
  const callback = { url: CALLBACK_URL, events: ['job.completed' as const] };
  const wishes = ['job_1', 'job_2'].flatMap((job) => {
    const event = { id: `evt_${job}`, type: 'job.completed' as const, project: 'acme', job };
    return wishesFor({ ...event, at: clock.now() }, callback, []);
  });
  await createDeliveries(parts, wishes, () => 0);
  const [broken, whole] = wishes.map(({ order }) => order);
  const { endpoint } = broken!;
  // What was sealed for another place does not open here.
  const base = endpointKeys(keyPrefix, endpoint).deliveries;
  const moved = await redis.hget(`${base}${whole!.id}`, 'order');
  await redis.hset(`${base}${broken!.id}`, 'order', moved ?? '');

  const plan = await parts.turns.wake(endpoint, clock.now());
  await parts.turns.begin(endpoint, plan!.turn, clock.now());
  const options = { now: clock.now(), limit: 8, underWay: 0, leaseMs: 1000 };
  const taken = await parts.turns.take(endpoint, plan!.turn, options);
  const unreadable = expect.objectContaining({ name: 'BrokenSealError' });
  expect(taken).toEqual({
    kind: 'taken',
    deliveries: [expect.objectContaining({ id: whole!.id, order: whole })],
    unread: [{ id: broken!.id, token: 1, unreadable }],
  });
  const again = await parts.turns.take(endpoint, plan!.turn, options);
  expect(again).toEqual({ kind: 'taken', deliveries: [], unread: [] });
});

test('a delivery that does not open is left out of lists, and of what is redelivered at once', async () => {
  const scene = openWebhookScene(schedule, sealerOf(newKey('k1')));
  const { parts, store, clock, redis, keyPrefix, leftOut } = scene;
  const callback = { url: CALLBACK_URL, events: ['job.completed' as const] };
  const wishes = ['job_1', 'job_2', 'job_3'].flatMap((job) => {
    const event = { id: `evt_${job}`, type: 'job.completed' as const, project: 'acme', job };
    return wishesFor({ ...event, at: clock.now() }, callback, []);
  });
  await createDeliveries(parts, wishes, () => 0);
  const ids = wishes.map(({ order }) => order.id);
  const { endpoint } = wishes[0]!.order;
  const plan = await parts.turns.wake(endpoint, clock.now());
  await parts.turns.begin(endpoint, plan!.turn, clock.now());
  const options = { now: clock.now(), limit: 8, underWay: 0, leaseMs: 1000 };
  const taken = await parts.turns.take(endpoint, plan!.turn, options);
  for (const one of taken.kind === 'taken' ? taken.deliveries : []) {
    await parts.turns.settle(endpoint, one, clock.now(), {
      outcome: 'failed',
      try: { started_at: clock.now(), outcome: 'failed' },
      dead: 'tries_exhausted',
      restsMs: [1000],
      keepMs: 600_000,
    });
  }
  await listDeliveries(
    parts,
    wishes.map(({ order }) => order),
  );
  const base = endpointKeys(keyPrefix, endpoint).deliveries;
  const moved = await redis.hget(`${base}${ids[0]!}`, 'order');
  await redis.hset(`${base}${ids[1]!}`, 'order', moved ?? '');

  const readable = [ids[0]!, ids[2]!].toSorted().toReversed();
  const { deliveries, next } = await store.listDeliveries('acme', {}, undefined, 2);
  expect(deliveries.map(({ id }) => id)).toEqual(readable);
  expect(next).toBeUndefined();
  await expect(store.readDelivery('acme', ids[1]!)).rejects.toThrow('does not decrypt');
  const redelivered = await store.redeliverAll('acme', { endpoint, state: 'dead' }, 10);
  expect(redelivered).toEqual({ redelivered: 2, more: false });
  expect(leftOut).toEqual([ids[1], ids[1]]);
});

test('without a key the same is found there: the search does search', async () => {
  const scene = openWebhookScene();
  const { defaultSecret } = await useAll(scene);
  const contents = await redisContents(scene.redis, scene.keyPrefix);
  for (const canary of [OWN_SECRET, CALLBACK_SECRET, defaultSecret, 'canary-of-the-answer', ECHO]) {
    expect({ canary, found: contents.includes(canary) }).toEqual({ canary, found: true });
  }
});

test('secrets from before there was a key sign on, and are sealed when they are next written', async () => {
  const plain = openWebhookScene();
  const { endpoint, defaultSecret } = await useAll(plain);
  const sealed = openWebhookScene(schedule, sealerOf(newKey('k1')), plain.keyPrefix);
  const { parts, store } = sealed;
  expect((await parts.endpoints.read(endpoint.id))?.keys[0]?.secret).toBe(OWN_SECRET);
  expect((await parts.defaultSecrets.read('acme'))[0]?.secret).toBe(defaultSecret);
  await store.updateEndpoint('acme', endpoint.id, { description: 'written again' });
  await store.rotateDefaultSecret('acme', { overlapMs: 60_000 });
  const contents = await redisContents(sealed.redis, sealed.keyPrefix);
  expect([contents.includes(OWN_SECRET), contents.includes(defaultSecret)]).toEqual([false, false]);
  expect((await parts.endpoints.read(endpoint.id))?.keys[0]?.secret).toBe(OWN_SECRET);
  await expect(plain.parts.endpoints.read(endpoint.id)).rejects.toThrow(/under the key "k1"/);
});
