import { orderNumber } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { openMeasuredScene } from './testing/measured-scene.ts';
import { watchSystem } from './watch-system.ts';

const BELIEVED_MS = 1000;

test('queues, rooms, cool-downs and closed routes are as they are when somebody asks', async () => {
  const { dispatch, dead, submit, cool, lines, metrics } = await openMeasuredScene([
    { provider: 'a' },
  ]);
  let monotonic = 0;
  const clock = { ...dispatch.clock, monotonic: () => monotonic };
  watchSystem(metrics, { ...dispatch, clock });
  await submit();
  await submit();
  expect(await lines('understudy_queue_jobs')).toEqual([
    'understudy_queue_jobs{provider="a",state="waiting"} 2',
    'understudy_queue_jobs{provider="a",state="active"} 0',
    'understudy_queue_jobs{provider="a",state="resting"} 0',
  ]);
  expect(await lines('understudy_route_closed')).toEqual(['understudy_route_closed{route="m"} 0']);
  expect(await lines('understudy_provider_alive')).toEqual([
    'understudy_provider_alive{provider="a"} 1',
  ]);
  const [used] = await lines('understudy_redis_memory_used_bytes');
  expect(Number(used?.split(' ')[1])).toBeGreaterThan(100_000);

  await cool('a', 60_000);
  await submit();
  // What was just read is believed for a while.
  expect(await lines('understudy_room_jobs')).toEqual([]);
  monotonic += BELIEVED_MS;
  expect(await lines('understudy_room_jobs')).toEqual([
    'understudy_room_jobs{provider="a",model="m-at-a"} 1',
  ]);
  expect(await lines('understudy_cooldowns')).toEqual([
    'understudy_cooldowns{provider="a",scope="model"} 1',
    'understudy_cooldowns{provider="a",scope="provider"} 0',
  ]);
  expect(await lines('understudy_route_closed')).toEqual(['understudy_route_closed{route="m"} 1']);

  dead.add('a');
  monotonic += BELIEVED_MS;
  expect(await lines('understudy_provider_alive')).toEqual([
    'understudy_provider_alive{provider="a"} 0',
  ]);
});

test('a cool-down that is over closes the route while jobs wait for it, and the oldest tell for how long', async () => {
  const { dispatch, submit, cool, advance, lines, metrics } = await openMeasuredScene([
    { provider: 'a' },
  ]);
  let monotonic = 0;
  const clock = { ...dispatch.clock, monotonic: () => monotonic };
  watchSystem(metrics, { ...dispatch, clock });
  const submitAs = (priority: number, project: string) =>
    submit({ project, priority, order: orderNumber(priority, clock.now()) });
  const ages = async () => {
    const found = await lines('understudy_room_oldest_age_seconds');
    return Object.fromEntries(
      found.map((line) => [/priority="(\w+)"/.exec(line)?.[1], Number(line.split(' ')[1])]),
    );
  };
  await cool('a', 1000);
  const first = await submitAs(5, 'acme');
  advance(400_000);
  await cool('a', 1000);
  await submitAs(5, 'acme');
  advance(2000);
  // Nobody probes yet; and then somebody does.
  expect(await lines('understudy_route_closed')).toEqual(['understudy_route_closed{route="m"} 1']);
  await dispatch.cooldowns.takeProbe('a', 'm-at-a', clock.now(), `${first.id}.1`);
  await dispatch.reload();
  monotonic += BELIEVED_MS;
  expect(await lines('understudy_route_closed')).toEqual(['understudy_route_closed{route="m"} 1']);
  const { normal, ...others } = await ages();
  expect(normal).toBeGreaterThanOrEqual(401);
  expect(others).toEqual({});

  const line = await submitAs(8, 'batches');
  monotonic += BELIEVED_MS;
  expect(await ages()).toEqual({ low: expect.any(Number), normal: expect.any(Number) });
  await dispatch.rooms.leave([{ provider: 'a', model: 'm-at-a' }], `batches/${line.id}`);
  monotonic += BELIEVED_MS;
  expect(await ages()).toEqual({ normal: expect.any(Number) });
});

test('a route that nobody configured is closed by a pause or a dead worker, without any cool-down', async () => {
  const { dispatch, dead, lines, metrics } = await openMeasuredScene([{ provider: 'a' }]);
  let monotonic = 0;
  const views = (): ReturnType<typeof dispatch.views> => {
    const found = dispatch.views();
    return { ...found, settings: { ...found.settings, routes: {} } };
  };
  const clock = { ...dispatch.clock, monotonic: () => monotonic };
  watchSystem(metrics, { ...dispatch, clock, views });
  const closedAfter = async (change: () => unknown) => {
    await change();
    await dispatch.reload();
    monotonic += BELIEVED_MS;
    return lines('understudy_route_closed');
  };
  const closed = ['understudy_route_closed{route="m"} 1'];

  expect(await closedAfter(() => undefined)).toEqual([]);
  expect(await closedAfter(() => dispatch.pauses.pause('a', clock.now()))).toEqual(closed);
  expect(await closedAfter(() => dispatch.pauses.resume('a', clock.now()))).toEqual([]);
  expect(await closedAfter(() => dead.add('a'))).toEqual(closed);
});

const never = (): Promise<never> => new Promise(() => undefined);

test('the age of the oldest grows, and a Redis that does not answer is no hanging scrape', async () => {
  const { dispatch, submit, advance, lines, metrics } = await openMeasuredScene([
    { provider: 'a' },
  ]);
  watchSystem(metrics, dispatch);
  await submit();
  advance(90_000);
  const ages = await lines('understudy_queue_oldest_age_seconds');
  const ageOf = (priority: string): number => {
    const series = `understudy_queue_oldest_age_seconds{provider="a",priority="${priority}"}`;
    return Number(ages.find((line) => line.startsWith(series))?.split(' ')[1]);
  };
  expect(ageOf('normal')).toBeGreaterThanOrEqual(90);
  // Each has its own: a batch waits long, and may.
  expect([ageOf('high'), ageOf('low')]).toEqual([0, 0]);

  const stuck = await openMeasuredScene([{ provider: 'a' }]);
  watchSystem(stuck.metrics, {
    ...stuck.dispatch,
    queue: { ...stuck.dispatch.queue, counts: never },
  });
  expect(await stuck.lines('understudy_system_read_failures_total')).toEqual([
    'understudy_system_read_failures_total 1',
  ]);
});
