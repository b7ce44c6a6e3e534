import { Pipeline } from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createDeliveries, listDeliveries } from './create-deliveries.ts';
import { BREAKER_OPENS_AFTER } from './create-delivery-turns.ts';
import type { Delivery } from './delivery.ts';
import { wishesFor } from './event-orders.ts';
import { openWebhookScene } from './testing/webhook-scene.ts';
import type { WebhookScene } from './testing/webhook-scene.ts';
import { matchingKeys } from '../../../test/support/matching-keys.ts';

const DRAFT = { url: 'https://a.example/hook', events: ['job.completed' as const] };

/** Tells the project's endpoints that a job completed. */
async function tell(scene: WebhookScene, job: string, project = 'acme'): Promise<void> {
  const { parts, clock } = scene;
  const event = { id: `evt_${job}_v2`, type: 'job.completed' as const, project, job, at: 0 };
  const endpoints = await parts.endpoints.ofProject(project);
  await createDeliveries(
    parts,
    wishesFor({ ...event, at: clock.now() }, undefined, endpoints),
    () => 0,
  );
}

/** Serves one turn of an endpoint, in which everything due comes to the same end. */
async function serve(scene: WebhookScene, endpoint: string, dead: boolean): Promise<void> {
  const { parts, clock } = scene;
  const plan = await parts.turns.wake(endpoint, clock.now());
  await parts.turns.begin(endpoint, plan!.turn, clock.now());
  const options = { now: clock.now(), limit: 100, underWay: 0, leaseMs: 1000 };
  const taken = await parts.turns.take(endpoint, plan!.turn, options);
  const outcome = dead ? ('failed' as const) : ('delivered' as const);
  for (const delivery of taken.kind === 'taken' ? taken.deliveries : []) {
    await parts.turns.settle(endpoint, delivery, clock.now(), {
      outcome,
      try: { started_at: clock.now(), outcome, status_code: dead ? 500 : 200 },
      ...(dead ? { dead: 'tries_exhausted' as const } : {}),
      restsMs: [1000],
      keepMs: 600_000,
    });
  }
  const ids = await parts.turns.unlisted(endpoint, 0, 100);
  await listDeliveries(
    parts,
    ids.map((id) => ({ endpoint, id })),
  );
  await parts.turns.markListed(endpoint, ids);
  await parts.turns.end(endpoint, plan!.turn, 600_000);
}

test('an endpoint is there for its project alone', async () => {
  const { store } = openWebhookScene();
  const { endpoint, secret } = await store.createEndpoint('acme', {
    ...DRAFT,
    description: 'ours',
  });
  expect(secret).toMatch(/^whsec_/);
  expect(await store.readEndpoint('acme', endpoint.id)).toEqual(endpoint);
  expect(await store.readEndpoint('other', endpoint.id)).toBeUndefined();
  expect(await store.updateEndpoint('other', endpoint.id, { status: 'disabled' })).toBeUndefined();
  expect(await store.removeEndpoint('other', endpoint.id)).toBe(false);
  expect(await store.rotateKey('other', endpoint.id, { overlapMs: 0 })).toBeUndefined();
  expect(await store.sendTestEvent('other', endpoint.id, 'job.failed')).toBeUndefined();
  expect(await store.listEndpoints('other')).toEqual([]);
});

test('what is not named in a change stays, and null takes a member away', async () => {
  const { store } = openWebhookScene();
  const { endpoint } = await store.createEndpoint('acme', {
    ...DRAFT,
    include: 'result',
    description: 'ours',
  });
  const changed = await store.updateEndpoint('acme', endpoint.id, {
    include: null,
    events: ['job.failed'],
  });
  expect(changed).toMatchObject({ description: 'ours', url: DRAFT.url, events: ['job.failed'] });
  expect(changed).not.toHaveProperty('include');
});

test('a removed endpoint is gone, and what waited for it is buried by its turn', async () => {
  const scene = openWebhookScene();
  const { store, parts, clock } = scene;
  const { endpoint } = await store.createEndpoint('acme', DRAFT);
  await tell(scene, 'job_1');
  expect(await store.removeEndpoint('acme', endpoint.id)).toBe(true);
  expect(await store.readEndpoint('acme', endpoint.id)).toBeUndefined();
  expect(await store.listEndpoints('acme')).toEqual([]);
  const plan = await parts.turns.wake(endpoint.id, clock.now());
  await parts.turns.begin(endpoint.id, plan!.turn, clock.now());
  const options = {
    now: clock.now(),
    openedBefore: 0,
    failedProbes: 1,
    keepMs: 600_000,
    sawFailure: false,
  };
  expect(await parts.turns.bury(endpoint.id, plan!.turn, options)).toBe(1);
  const { deliveries } = await store.listDeliveries('acme', { job: 'job_1' }, undefined, 10);
  expect(deliveries).toMatchObject([{ state: 'dead', reason: 'endpoint_disabled' }]);
});

test('a list names no removed endpoints, also not one whose registration is repeated', async () => {
  const { store, redis, keyPrefix } = openWebhookScene();
  const request = { id: 'key_1', fingerprint: 'one' };
  const { endpoint: kept } = await store.createEndpoint('acme', DRAFT);
  const { endpoint } = await store.createEndpoint('acme', DRAFT, request);
  await store.removeEndpoint('acme', endpoint.id);
  const listed = async () => {
    expect(await store.listEndpoints('acme')).toEqual([kept]);
    return redis.smembers(`${keyPrefix}:{p:acme}:webhooks:endpoints`);
  };
  expect(await listed()).toEqual([kept.id]);
  const repeated = await store.createEndpoint('acme', DRAFT, request);
  expect(repeated).toMatchObject({ kind: 'repeated', endpoint: { disabled_reason: 'removed' } });
  expect(await listed()).toEqual([kept.id]);
});

test('two rotations at once lose no key', async () => {
  const { store } = openWebhookScene();
  const { endpoint } = await store.createEndpoint('acme', DRAFT);
  const rotate = () => store.rotateKey('acme', endpoint.id, { overlapMs: 60_000 });
  const secrets = (await Promise.all([rotate(), rotate()])).map((rotated) => rotated!.secret);
  const { keys } = (await store.readEndpoint('acme', endpoint.id))!;
  expect(keys).toHaveLength(3);
  expect(keys.map(({ secret }) => secret)).toEqual(expect.arrayContaining(secrets));
});

test('a disabled endpoint has a turn at once, though its next try is far away', async () => {
  const scene = openWebhookScene();
  const { store, parts, clock } = scene;
  const { endpoint } = await store.createEndpoint('acme', DRAFT);
  await tell(scene, 'job_1');
  const first = await parts.turns.wake(endpoint.id, clock.now());
  await parts.turns.begin(endpoint.id, first!.turn, clock.now());
  const options = { now: clock.now(), limit: 100, underWay: 0, leaseMs: 1000 };
  const taken = await parts.turns.take(endpoint.id, first!.turn, options);
  const [delivery] = taken.kind === 'taken' ? taken.deliveries : [];
  await parts.turns.settle(endpoint.id, delivery!, clock.now(), {
    outcome: 'failed',
    try: { started_at: clock.now(), outcome: 'failed', status_code: 500 },
    nextAt: clock.now() + 3_600_000,
    restsMs: [1000],
    keepMs: 600_000,
  });
  const later = await parts.turns.end(endpoint.id, first!.turn, 600_000);
  expect(later!.at).toBe(clock.now() + 3_600_000);
  await store.updateEndpoint('acme', endpoint.id, { status: 'disabled' });
  const now = await parts.turns.wake(endpoint.id, clock.now());
  expect(now!.at).toBeLessThanOrEqual(clock.now());
  expect(now!.turn).not.toBe(later!.turn);
});

const DAY_MS = 86_400_000;

test.each([
  ['asked to be left alone for a day', 1],
  ['failed so often that its breaker is open for a day', BREAKER_OPENS_AFTER],
])('an endpoint that %s has a turn at once where it moves', async (_what, failures) => {
  const scene = openWebhookScene();
  const { store, parts, clock } = scene;
  const { endpoint } = await store.createEndpoint('acme', DRAFT);
  const { turns } = parts;
  for (let job = 0; job <= failures; job += 1) await tell(scene, `job_${job}`);
  const first = await turns.wake(endpoint.id, clock.now());
  await turns.begin(endpoint.id, first!.turn, clock.now());
  const take = async (turn: number, limit: number) => {
    const options = { now: clock.now(), limit, underWay: 0, leaseMs: 1000 };
    const taken = await turns.take(endpoint.id, turn, options);
    return taken.kind === 'taken' ? taken.deliveries : [];
  };
  const until = clock.now() + DAY_MS;
  const held = await take(first!.turn, failures);
  for (const delivery of held) {
    await turns.settle(endpoint.id, delivery, clock.now(), {
      outcome: 'failed',
      try: { started_at: clock.now(), outcome: 'failed', status_code: 503 },
      nextAt: until,
      ...(failures === 1 ? { restUntil: until } : {}),
      restsMs: [DAY_MS],
      keepMs: 600_000,
    });
  }
  expect(await turns.end(endpoint.id, first!.turn, 600_000)).toMatchObject({ at: until });

  await store.updateEndpoint('acme', endpoint.id, { description: 'where it was' });
  expect(await turns.wake(endpoint.id, clock.now())).toMatchObject({ at: until });
  const add = vi.spyOn(scene.queue, 'add');
  await store.updateEndpoint('acme', endpoint.id, { url: 'https://b.example/hook' });
  expect(add).toHaveBeenCalledOnce();
  const [{ turn }, delayMs] = add.mock.calls[0]!;
  expect(delayMs).toBeLessThanOrEqual(0);
  await turns.begin(endpoint.id, turn, clock.now());
  const names = (await take(turn, 100)).map(({ id }) => id);
  expect(names).toHaveLength(1);
  expect(held.map(({ id }) => id)).not.toContain(names[0]);
});

test('a secret of their own replaces a key pair', async () => {
  const { store } = openWebhookScene();
  const { endpoint } = await store.createEndpoint('acme', { ...DRAFT, kind: 'ed25519' });
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  const rotated = await store.rotateKey('acme', endpoint.id, { overlapMs: 60_000, secret });
  expect(rotated?.secret).toBe(secret);
  expect(rotated?.endpoint.keys.map(({ kind }) => kind)).toEqual(['symmetric', 'ed25519']);
});

test('two rotations of the default secret at once lose no key', async () => {
  const { store, parts } = openWebhookScene();
  const rotate = () => store.rotateDefaultSecret('acme', { overlapMs: 60_000 });
  const told = (await Promise.all([rotate(), rotate()])).map(({ secret }) => secret);
  const keys = await parts.defaultSecrets.read('acme');
  expect(keys.map(({ secret }) => secret)).toEqual(expect.arrayContaining(told));
});

test('more deliveries than one command can name are trimmed', async () => {
  const { redis, keyPrefix, parts } = openWebhookScene();
  const lists = `${keyPrefix}:{p:acme}:deliveries`;
  const ids = Array.from({ length: 150_000 }, (_, index) => `dlv_${index}`);
  for (let start = 0; start < ids.length; start += 10_000) {
    const some = ids.slice(start, start + 10_000);
    await redis.zadd(`${lists}:all`, ...some.flatMap((id) => [1, id]));
    await redis.hset(`${lists}:endpoint-of`, ...some.flatMap((id) => [id, 'we_1']));
  }
  await redis.sadd(`${keyPrefix}:{webhooks}:projects`, 'acme');
  await redis.sadd(`${lists}:lists`, `${lists}:all`);
  await parts.lists.trim(2);
  expect(await redis.exists(`${lists}:all`, `${lists}:endpoint-of`)).toBe(0);
});

test('deliveries to many endpoints are trimmed from the lists in which they stand', async () => {
  const { redis, keyPrefix, parts } = openWebhookScene();
  const deliveries = Array.from({ length: 300 }, (_, index): Delivery => {
    const event = { id: `evt_${index}`, type: 'job.completed' as const, project: 'acme', at: 1 };
    return {
      id: `dlv_${index}`,
      endpoint: `cb_${index}`,
      event,
      project: 'acme',
      url: 'https://a.example',
      state: 'delivered',
      tries: 1,
      createdAt: 1,
    };
  });
  await parts.lists.index(deliveries);
  const named = vi.spyOn(Pipeline.prototype, 'sendCommand');
  onTestFinished(() => named.mockRestore());
  await parts.lists.trim(2);
  const asked = named.mock.calls.reduce((sum, [command]) => sum + command.args.length, 0);
  expect(asked).toBeLessThan(3000);
  expect(await matchingKeys(redis, `${keyPrefix}:{p:acme}:deliveries*`)).toEqual([]);
});

test('the default secret of a project is made once', async () => {
  const { store, parts } = openWebhookScene();
  expect(await store.readDefaultSecret('acme')).toBeUndefined();
  const made = await Promise.all([1, 2, 3].map(() => parts.defaultSecrets.readOrCreate('acme')));
  expect(new Set(made.map(([key]) => key!.secret)).size).toBe(1);
  const { secret } = await store.rotateDefaultSecret('acme', { overlapMs: 60_000 });
  expect(secret).not.toBe(made[0]![0]!.secret);
  expect(await store.readDefaultSecret('acme')).toMatchObject({ currentKeys: 2 });
});

test('deliveries are listed newest first, page by page, by every member of a filter', async () => {
  const scene = openWebhookScene();
  const { store } = scene;
  const { endpoint } = await store.createEndpoint('acme', DRAFT);
  for (let job = 0; job < 5; job += 1) {
    await tell(scene, `job_${job}`);
    scene.pass(10);
  }
  await tell(scene, 'job_9', 'other');
  const jobsOf = async (filter: object) => {
    const { deliveries } = await store.listDeliveries('acme', filter, undefined, 10);
    return deliveries.map(({ event }) => event.job);
  };
  const newestFirst = ['job_4', 'job_3', 'job_2', 'job_1', 'job_0'];
  expect(await jobsOf({})).toEqual(newestFirst);
  expect(await jobsOf({ endpoint: endpoint.id, state: 'pending' })).toEqual(newestFirst);
  expect(await jobsOf({ job: 'job_3' })).toEqual(['job_3']);
  expect(await jobsOf({ state: 'dead' })).toEqual([]);

  const first = await store.listDeliveries('acme', {}, undefined, 3);
  expect(first.deliveries.map(({ event }) => event.job)).toEqual(newestFirst.slice(0, 3));
  const rest = await store.listDeliveries('acme', {}, first.next, 3);
  expect(rest.deliveries.map(({ event }) => event.job)).toEqual(newestFirst.slice(3));
  expect(rest.next).toBeUndefined();

  const since = first.deliveries[2]!.createdAt;
  expect(await jobsOf({ since })).toEqual(newestFirst.slice(0, 3));
  expect(await jobsOf({ before: since })).toEqual(newestFirst.slice(3));
});

test('the dead letters of an endpoint are redelivered, and nothing else', async () => {
  const scene = openWebhookScene();
  const { store } = scene;
  const { endpoint } = await store.createEndpoint('acme', DRAFT);
  await tell(scene, 'job_1');
  await serve(scene, endpoint.id, false);
  for (const job of ['job_2', 'job_3', 'job_4']) await tell(scene, job);
  await serve(scene, endpoint.id, true);
  expect(await store.countDeliveries('acme', endpoint.id)).toEqual({
    pending: 0,
    delivered: 1,
    dead: 3,
  });
  const filter = { endpoint: endpoint.id, state: 'dead' as const };
  expect(await store.redeliverAll('other', filter, 10)).toEqual({ redelivered: 0, more: false });
  expect(await store.redeliverAll('acme', filter, 2)).toEqual({ redelivered: 2, more: true });
  expect(await store.redeliverAll('acme', filter, 2)).toEqual({ redelivered: 1, more: false });
  expect(await store.countDeliveries('acme', endpoint.id)).toEqual({
    pending: 3,
    delivered: 1,
    dead: 0,
  });
});

test('what was settled longer ago than it is kept is counted no more, nor as delivered what is sent again', async () => {
  const scene = openWebhookScene();
  const { store } = scene;
  const { endpoint } = await store.createEndpoint('acme', DRAFT);
  await tell(scene, 'job_1');
  await serve(scene, endpoint.id, true);
  await tell(scene, 'job_2');
  await serve(scene, endpoint.id, false);
  const counts = () => store.countDeliveries('acme', endpoint.id);
  expect(await counts()).toEqual({ pending: 0, delivered: 1, dead: 1 });
  scene.pass(600_001);
  expect(await counts()).toEqual({ pending: 0, delivered: 0, dead: 0 });
  await tell(scene, 'job_3');
  await serve(scene, endpoint.id, false);
  expect(await counts()).toEqual({ pending: 0, delivered: 1, dead: 0 });
  const { deliveries } = await store.listDeliveries('acme', { job: 'job_3' }, undefined, 1);
  await store.redeliver('acme', deliveries[0]!.id);
  expect(await counts()).toEqual({ pending: 1, delivered: 0, dead: 0 });
  await serve(scene, endpoint.id, true);
  expect(await counts()).toEqual({ pending: 0, delivered: 0, dead: 1 });
});

test('a delivery of another project cannot be read or redelivered', async () => {
  const scene = openWebhookScene();
  const { store } = scene;
  const { endpoint } = await store.createEndpoint('acme', DRAFT);
  const delivery = await store.sendTestEvent('acme', endpoint.id, 'job.completed');
  expect(delivery).toMatchObject({ state: 'pending', event: { type: 'job.completed' } });
  expect(await store.readDelivery('other', delivery!.id)).toBeUndefined();
  expect(await store.redeliver('other', delivery!.id)).toBeUndefined();
});

test('an erased job leaves no payload behind', async () => {
  const scene = openWebhookScene();
  const { store, parts, redis, keyPrefix } = scene;
  const { endpoint } = await store.createEndpoint('acme', DRAFT);
  await tell(scene, 'job_1');
  const { deliveries } = await store.listDeliveries('acme', { job: 'job_1' }, undefined, 1);
  const key = `${keyPrefix}:{wh:${endpoint.id}}:delivery:${deliveries[0]!.id}`;
  await parts.turns.keepPayload(endpoint.id, deliveries[0]!.id, '{"secret":"answer"}');
  expect(await redis.hget(key, 'payload')).toBe('{"secret":"answer"}');
  await store.forgetPayloads('acme', 'job_1');
  expect(await redis.hget(key, 'payload')).toBeNull();

  // A deliverer that had read the answer just before.
  const late = await parts.turns.keepPayload(endpoint.id, deliveries[0]!.id, '{"secret":"answer"}');
  expect(late).toBeUndefined();
  expect(await redis.hget(key, 'payload')).toBeNull();
});

test('nothing is kept or marked of a delivery that is no longer there', async () => {
  const { parts, redis, keyPrefix } = openWebhookScene();
  const gone = { endpoint: 'we_1', id: 'del_1' };
  expect(await parts.turns.keepPayload(gone.endpoint, gone.id, '{}')).toBeUndefined();
  await parts.deliveries.forgetPayloads([gone]);
  expect(await matchingKeys(redis, `${keyPrefix}:{wh:*`)).toEqual([]);
});

test('everything of an endpoint lies in one hash slot, and the rest by project', async () => {
  const scene = openWebhookScene();
  const { store, redis, keyPrefix } = scene;
  const { endpoint } = await store.createEndpoint('acme', DRAFT);
  await tell(scene, 'job_1');
  await serve(scene, endpoint.id, true);
  const keys = (await matchingKeys(redis, `${keyPrefix}*`)).filter(
    (key) => !key.includes('webhook-queue'),
  );
  const tags = new Set(keys.map((key) => /\{(.*?)\}/.exec(key)?.[1] ?? key));
  expect([...tags].toSorted()).toEqual(['p:acme', 'webhooks', `wh:${endpoint.id}`]);
});
