import { expect, test } from 'vitest';
import { createDeliveries } from './create-deliveries.ts';
import { BREAKER_OPENS_AFTER } from './create-delivery-turns.ts';
import type { Settlement, TakenDelivery } from './delivery-turns.ts';
import { wishesFor } from './event-orders.ts';
import { openWebhookScene } from './testing/webhook-scene.ts';
import type { WebhookScene } from './testing/webhook-scene.ts';
import { endpointKeys } from './webhook-keys.ts';
import { matchingKeys } from '../../../test/support/matching-keys.ts';

const LEASE_MS = 20_000;
const RESTS_MS = [5000, 60_000];

/** An endpoint with so many pending deliveries, and its first turn begun. */
async function openTurn(count: number) {
  const scene = openWebhookScene();
  const { parts, clock } = scene;
  const callback = { url: 'https://a.example/hook', events: ['job.completed' as const] };
  const wishes = Array.from({ length: count }, (_, index) => {
    const event = {
      id: `evt_${index}_v3`,
      type: 'job.completed' as const,
      project: 'acme',
      job: `job_${index}`,
      at: clock.now(),
    };
    return wishesFor(event, callback, []);
  }).flat();
  await createDeliveries(parts, wishes, () => 0);
  const { endpoint } = wishes[0]!.order;
  const plan = await parts.turns.wake(endpoint, clock.now());
  await parts.turns.begin(endpoint, plan!.turn, clock.now());
  const take = async (limit: number, underWay = 0): Promise<TakenDelivery[]> => {
    const options = { now: clock.now(), limit, underWay, leaseMs: LEASE_MS };
    const taken = await parts.turns.take(endpoint, plan!.turn, options);
    return taken.kind === 'taken' ? taken.deliveries : [];
  };
  const settle = (taken: TakenDelivery, settled: Partial<Settlement>): Promise<boolean> =>
    parts.turns.settle(endpoint, taken, clock.now(), {
      outcome: 'failed',
      try: { started_at: clock.now(), outcome: settled.outcome ?? 'failed' },
      restsMs: RESTS_MS,
      keepMs: 600_000,
      ...settled,
    });
  return { ...scene, endpoint, turn: plan!.turn, wishes, take, settle };
}

/** Fails until the breaker of the endpoint is open. */
async function openBreaker(scene: Awaited<ReturnType<typeof openTurn>>): Promise<void> {
  for (const taken of await scene.take(BREAKER_OPENS_AFTER)) {
    await scene.settle(taken, { nextAt: scene.clock.now() });
  }
}

function stateOf(scene: WebhookScene, id: string) {
  return scene.store.readDelivery('acme', id);
}

test('a delivery that is made twice is one delivery, with one turn', async () => {
  const { parts, wishes, take, endpoint } = await openTurn(1);
  await createDeliveries(parts, wishes, () => 0);
  expect(await take(8)).toHaveLength(1);
  expect(await take(8)).toEqual([]);
  expect(await parts.deliveries.counts(endpoint, 0)).toEqual({
    pending: 1,
    delivered: 0,
    dead: 0,
  });
});

test('a delivery is settled once; what comes after changes nothing', async () => {
  const scene = await openTurn(1);
  const [taken] = await scene.take(8);
  expect(await scene.settle(taken!, { outcome: 'delivered' })).toBe(true);
  expect(await scene.settle(taken!, { outcome: 'delivered' })).toBe(false);
  expect(await scene.settle(taken!, { dead: 'tries_exhausted' })).toBe(false);
  const report = await stateOf(scene, taken!.id);
  expect(report).toMatchObject({ delivery: { state: 'delivered', tries: 1 } });
  expect(report?.tries).toMatchObject([{ number: 1, outcome: 'delivered' }]);
});

test('a try that outlives its lease is taken again; its late failure changes nothing', async () => {
  const scene = await openTurn(1);
  const [first] = await scene.take(8);
  scene.pass(LEASE_MS);
  const [second] = await scene.take(8);
  expect(second?.id).toBe(first!.id);
  expect(await scene.settle(first!, { dead: 'tries_exhausted' })).toBe(false);
  expect(await scene.settle(second!, { nextAt: scene.clock.now() + 1 })).toBe(true);
});

test('a late success counts: the receiver has the event', async () => {
  const scene = await openTurn(1);
  const [first] = await scene.take(8);
  scene.pass(LEASE_MS);
  const [second] = await scene.take(8);
  expect(await scene.settle(first!, { outcome: 'delivered' })).toBe(true);
  expect(await scene.settle(second!, { nextAt: scene.clock.now() + 1 })).toBe(false);
});

test('failures in a row open the breaker: nothing is taken until its rest is over', async () => {
  const scene = await openTurn(BREAKER_OPENS_AFTER + 5);
  await openBreaker(scene);
  expect(await scene.take(8)).toEqual([]);
  const plan = await scene.parts.turns.end(scene.endpoint, scene.turn, 600_000);
  expect(plan).toEqual({ turn: scene.turn + 1, at: scene.clock.now() + RESTS_MS[0]! });
});

test('after the rest one delivery finds out; its success lets all of them go', async () => {
  const scene = await openTurn(BREAKER_OPENS_AFTER + 5);
  await openBreaker(scene);
  scene.pass(RESTS_MS[0]!);
  const [probe, ...others] = await scene.take(8);
  expect(others).toEqual([]);
  expect(await scene.take(7, 1)).toEqual([]);
  await scene.settle(probe!, { outcome: 'delivered' });
  expect(await scene.take(8)).toHaveLength(8);
});

test('a failed probe makes the breaker rest longer', async () => {
  const scene = await openTurn(BREAKER_OPENS_AFTER + 5);
  await openBreaker(scene);
  scene.pass(RESTS_MS[0]!);
  const [probe] = await scene.take(8);
  await scene.settle(probe!, { nextAt: scene.clock.now() });
  scene.pass(RESTS_MS[1]! - 1);
  expect(await scene.take(8)).toEqual([]);
  scene.pass(1);
  expect(await scene.take(8)).toHaveLength(1);
});

test('an endpoint that failed for a whole schedule and its probes buries what is as old', async () => {
  const scene = await openTurn(BREAKER_OPENS_AFTER + 5);
  await openBreaker(scene);
  const bury = (openedBefore: number, sawFailure = true) =>
    scene.parts.turns.bury(scene.endpoint, scene.turn, {
      now: scene.clock.now(),
      openedBefore,
      failedProbes: 1,
      keepMs: 600_000,
      sawFailure,
    });
  const openedAt = scene.clock.now();
  // However long ago: nobody has tried since.
  scene.pass(RESTS_MS[0]!);
  expect(await bury(scene.clock.now())).toBe(0);
  const [probe] = await scene.take(8);
  await scene.settle(probe!, { nextAt: scene.clock.now() });
  expect(await bury(openedAt - 1)).toBe(0);
  expect(await bury(openedAt, false)).toBe(0);
  expect(await bury(openedAt)).toBe(BREAKER_OPENS_AFTER + 5);
  expect(await bury(openedAt)).toBe(0);
  const report = await stateOf(scene, scene.wishes[0]!.order.id);
  expect(report?.delivery).toMatchObject({ state: 'dead', reason: 'endpoint_failing' });
});

test('a receiver that asked to be left alone gets nothing meanwhile', async () => {
  const scene = await openTurn(3);
  const [taken] = await scene.take(1);
  const restUntil = scene.clock.now() + 30_000;
  await scene.settle(taken!, { nextAt: restUntil, restUntil });
  expect(await scene.take(8)).toEqual([]);
  scene.pass(30_000);
  expect(await scene.take(8)).toHaveLength(3);
});

test('a success beside it does not end the time for which a receiver asked to be left alone', async () => {
  const scene = await openTurn(4);
  const [refused, answered] = await scene.take(2);
  const restUntil = scene.clock.now() + 30_000;
  await scene.settle(refused!, { nextAt: restUntil, restUntil });
  await scene.settle(answered!, { outcome: 'delivered' });
  expect(await scene.take(8)).toEqual([]);
  scene.pass(30_000);
  expect(await scene.take(8)).toHaveLength(3);
});

test('nor does it where that many failed before that the breaker is open', async () => {
  const scene = await openTurn(BREAKER_OPENS_AFTER + 6);
  const [refused, answered, late, ...failing] = await scene.take(BREAKER_OPENS_AFTER + 4);
  const [restUntil, sooner] = [scene.clock.now() + 30_000, scene.clock.now() + 1000];
  await scene.settle(refused!, { nextAt: restUntil, restUntil });
  for (const taken of failing) {
    await scene.settle(taken, { nextAt: restUntil, restUntil: sooner });
  }
  expect(failing).toHaveLength(BREAKER_OPENS_AFTER + 1);
  await scene.settle(answered!, { outcome: 'delivered' });
  scene.pass(29_999);
  expect(await scene.take(8)).toEqual([]);
  scene.pass(1);
  await scene.settle(late!, { outcome: 'delivered' });
  expect((await scene.take(20)).length).toBeGreaterThan(1);
});

test('an endpoint that is enabled again gets events at once, whatever it had asked for', async () => {
  const scene = await openTurn(4);
  const [refused, answered] = await scene.take(2);
  const restUntil = scene.clock.now() + 30_000;
  await scene.settle(refused!, { nextAt: restUntil, restUntil });
  for (const status of ['disabled', 'enabled'] as const) {
    await scene.store.updateEndpoint('acme', scene.endpoint, { status });
  }
  await scene.settle(answered!, { outcome: 'delivered' });
  expect(await scene.take(8)).toHaveLength(2);
});

test('failures at an address that the endpoint has left open no breaker', async () => {
  const scene = await openTurn(BREAKER_OPENS_AFTER + 5);
  const { endpoints } = scene.parts;
  const { version } = (await endpoints.readVersion(scene.endpoint))!;
  const failing = await scene.take(BREAKER_OPENS_AFTER);
  await endpoints.change(scene.endpoint, (known) => ({ ...known, url: 'https://b.example/hook' }));
  const [now, later] = [scene.clock.now(), scene.clock.now() + 1000];
  for (const taken of failing) {
    const asked = { nextAt: later, nextAtAnew: now, restUntil: later };
    await scene.settle(taken, { ...asked, version });
  }
  expect(await scene.take(20)).toHaveLength(BREAKER_OPENS_AFTER + 5);
});

test('a change that leaves the address says nothing against what a failure asked for', async () => {
  const scene = await openTurn(3);
  const { endpoints } = scene.parts;
  const { version } = (await endpoints.readVersion(scene.endpoint))!;
  const [refused] = await scene.take(1);
  await endpoints.change(scene.endpoint, (known) => ({ ...known, description: 'ours' }));
  const [now, later] = [scene.clock.now(), scene.clock.now() + 1000];
  await scene.settle(refused!, { nextAt: later, nextAtAnew: now, restUntil: later, version });
  expect(await scene.take(8)).toEqual([]);
  scene.pass(1000);
  expect(await scene.take(8)).toHaveLength(3);
});

test('a turn that another one has overtaken takes nothing and ends nothing', async () => {
  const { parts, endpoint, turn, clock, take } = await openTurn(2);
  await take(1);
  const next = await parts.turns.end(endpoint, turn, 600_000);
  expect(await parts.turns.begin(endpoint, turn, clock.now())).toEqual({
    begun: false,
    instead: next,
  });
  expect(await take(1)).toEqual([]);
  expect(await parts.turns.end(endpoint, turn, 600_000)).toBeUndefined();
});

test('a turn that gave no sign of life for a minute is given up for a new one', async () => {
  const { parts, endpoint, turn, clock, pass } = await openTurn(2);
  expect(await parts.turns.wake(endpoint, clock.now())).toBeUndefined();
  pass(60_001);
  expect(await parts.turns.wake(endpoint, clock.now())).toMatchObject({ turn: turn + 1 });
});

test('the payload of the first try is kept for all that follow', async () => {
  const { parts, endpoint, take, pass } = await openTurn(1);
  const [taken] = await take(8);
  expect(await parts.turns.keepPayload(endpoint, taken!.id, '{"first":1}')).toBe('{"first":1}');
  expect(await parts.turns.keepPayload(endpoint, taken!.id, '{"later":1}')).toBe('{"first":1}');
  pass(LEASE_MS);
  expect(await take(8)).toMatchObject([{ payload: '{"first":1}' }]);
});

test('what is put off rests twice as long each time, until it is tried or redelivered', async () => {
  const scene = await openTurn(1);
  const { parts, endpoint, clock, redis, keyPrefix } = scene;
  /** @returns for how long it rests */
  const putOff = async (): Promise<number> => {
    const [taken] = await scene.take(8);
    const rest = { now: clock.now(), firstMs: 20_000, mostMs: 60_000 };
    await parts.turns.putOff(endpoint, [taken!], rest);
    const due = await redis.zscore(endpointKeys(keyPrefix, endpoint).due, taken!.id);
    const restMs = Number(due) - clock.now();
    scene.pass(restMs);
    return restMs;
  };
  expect([await putOff(), await putOff(), await putOff()]).toEqual([20_000, 40_000, 60_000]);
  const [tried] = await scene.take(8);
  await scene.settle(tried!, { nextAt: clock.now() });
  expect([await putOff(), await putOff()]).toEqual([20_000, 40_000]);
  await parts.deliveries.reopen({ endpoint, id: tried!.id }, clock.now());
  expect(await putOff()).toBe(20_000);
});

test('nothing of an endpoint that stays idle is kept for ever', async () => {
  const scene = await openTurn(2);
  const [first, second] = await scene.take(8);
  await scene.settle(first!, { outcome: 'delivered' });
  await scene.settle(second!, { dead: 'tries_exhausted' });
  const { turns } = scene.parts;
  const ids = await turns.unlisted(scene.endpoint, 0, 10);
  await turns.markListed(scene.endpoint, ids);
  expect(await turns.end(scene.endpoint, scene.turn, 600_000)).toBeUndefined();
  const keys = await matchingKeys(scene.redis, `${scene.keyPrefix}:{wh:*`);
  expect(keys.length).toBeGreaterThan(4);
  for (const key of keys) expect([key, await scene.redis.pttl(key)]).not.toEqual([key, -1]);
});
