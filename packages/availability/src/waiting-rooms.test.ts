import { ORDERS_PER_PRIORITY } from '@understudy/contracts';
import { expect, test, vi } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { providerKeys } from './provider-keys.ts';
import { createWaitingRooms } from './waiting-rooms.ts';

const openRooms = () => createWaitingRooms(openTestRedis(), uniqueKeyPrefix());
const room = { provider: 'a', model: 'm' };
const other = { provider: 'b', model: 'm' };

test('of one project the first out is the best order, then the smallest id', async () => {
  const rooms = openRooms();
  await rooms.enter([room], 'acme/job_3', 200);
  await rooms.enter([room], 'acme/job_2', 200);
  await rooms.enter([room], 'acme/job_9', 100);
  expect(await rooms.peek(room, 2)).toEqual(['acme/job_9', 'acme/job_2']);
  expect(await rooms.peek(room, 100)).toEqual(['acme/job_9', 'acme/job_2', 'acme/job_3']);
});

test('a job stands in several rooms and leaves them by name', async () => {
  const rooms = openRooms();
  await rooms.enter([room, other], 'acme/job_1', 1);
  await rooms.leave([room], 'acme/job_1');
  expect(await rooms.peek(room, 10)).toEqual([]);
  expect(await rooms.peek(other, 10)).toEqual(['acme/job_1']);
});

test('a member stands in rooms when it is in each of them', async () => {
  const rooms = openRooms();
  await Promise.all([
    rooms.enter([room, other], 'acme/job_1', 1),
    rooms.enter([room], 'acme/job_2', 2),
  ]);
  const asked = ['acme/job_1', 'acme/job_2', 'acme/job_3'].map((member) =>
    rooms.stands([room, other], member),
  );
  expect(await Promise.all(asked)).toEqual([true, false, false]);
  expect(await rooms.stands([room], 'acme/job_2')).toBe(true);
});

test('many that enter or leave in one turn of the event loop do so by one command', async () => {
  const redis = openTestRedis();
  const rooms = createWaitingRooms(redis, uniqueKeyPrefix());
  await redis.ping();
  const sent = vi.spyOn(redis, 'sendCommand');
  const members = Array.from({ length: 10 }, (_, index) => `acme/job_${index}`);
  await Promise.all(members.map((member, index) => rooms.enter([room], member, index)));
  await Promise.all(members.map((member) => rooms.leave([room], member)));
  const names = sent.mock.calls.map(([{ name }]) => name);
  expect(names.filter((name) => name.startsWith('z'))).toEqual(['zadd', 'zrem']);
  expect(await rooms.peek(room, 1)).toEqual([]);
});

test('entering twice is entering once', async () => {
  const rooms = openRooms();
  await rooms.enter([room], 'acme/job_1', 1);
  await rooms.enter([room], 'acme/job_1', 1);
  expect(await rooms.occupied('a')).toMatchObject([{ ...room, count: 1 }]);
});

test('only rooms with somebody in them are occupied', async () => {
  const rooms = openRooms();
  await rooms.enter([room, { provider: 'a', model: 'n' }], 'acme/job_1', 1);
  await rooms.leave([room], 'acme/job_1');
  expect(await rooms.occupied('a')).toMatchObject([{ provider: 'a', model: 'n', count: 1 }]);
  expect(await rooms.occupied('b')).toEqual([]);
});

test('of many projects each has its turn, however many jobs one of them has', async () => {
  const rooms = openRooms();
  for (let index = 0; index < 50; index += 1) await rooms.enter([room], `flood/job_${index}`, 100);
  await rooms.enter([room], 'calm/job_1', 900);
  await rooms.enter([room], 'calm/job_2', 901);
  const first = await rooms.peek(room, 4);
  expect(first.filter((member) => member.startsWith('calm'))).toEqual(['calm/job_1', 'calm/job_2']);
  expect(await rooms.occupied('a')).toMatchObject([{ ...room, count: 52, oldestAt: 100_000 }]);
});

test('of each project in a room it is told who is first, by priority and submission', async () => {
  const rooms = openRooms();
  await rooms.enter([room], 'acme/job_1', 5 * ORDERS_PER_PRIORITY + 700);
  await rooms.enter([room], 'acme/job_2', 5 * ORDERS_PER_PRIORITY + 701);
  await rooms.enter([room], 'calm/job_3', 8 * ORDERS_PER_PRIORITY + 600);
  const [found] = await rooms.occupied('a');
  expect(found?.oldestAt).toBe(600_000);
  expect(found?.first.toSorted((a, b) => a.at - b.at)).toEqual([
    { priority: 8, at: 600_000 },
    { priority: 5, at: 700_000 },
  ]);
});

test('a higher priority goes first, whose it is', async () => {
  const rooms = openRooms();
  await rooms.enter([room], 'calm/job_1', 5 * ORDERS_PER_PRIORITY);
  for (const id of [1, 2, 3]) {
    await rooms.enter([room], `flood/job_${id}`, 2 * ORDERS_PER_PRIORITY + id);
  }
  expect(await rooms.peek(room, 4)).toEqual([
    'flood/job_1',
    'flood/job_2',
    'flood/job_3',
    'calm/job_1',
  ]);
});

test('where only one goes at a time, every project comes to be the one', async () => {
  let draw = 0;
  const rooms = createWaitingRooms(openTestRedis(), uniqueKeyPrefix(), () => (draw += 0.37) % 1);
  for (const project of ['one', 'two', 'three']) await rooms.enter([room], `${project}/job_1`, 1);
  const out = new Set<string>();
  for (let times = 0; times < 12; times += 1) out.add((await rooms.peek(room, 1))[0] ?? '');
  expect([...out].toSorted()).toEqual(['one/job_1', 'three/job_1', 'two/job_1']);
});

test('rooms in which nobody stands any more are forgotten, down to the last line', async () => {
  const [redis, prefix] = [openTestRedis(), uniqueKeyPrefix()];
  const rooms = createWaitingRooms(redis, prefix);
  const keys = providerKeys(prefix, 'a');
  const madeUp = Array.from({ length: 100 }, (_, index) => ({
    provider: 'a',
    model: `m-${index}`,
  }));
  await rooms.enter(madeUp, 'flood/job_1', 1);
  await rooms.enter([room], 'acme/job_2', 2);
  await rooms.enter([room], 'calm/job_3', 3);
  await rooms.leave(madeUp, 'flood/job_1');
  await rooms.leave([room], 'calm/job_3');
  await rooms.forgetEmpty('a');
  expect(await redis.smembers(keys.waitingModels)).toEqual(['m']);
  expect(await redis.smembers(keys.waitingProjects('m'))).toEqual(['acme']);
  expect(await redis.exists(keys.waitingProjects('m-0'))).toBe(0);
  await rooms.leave([room], 'acme/job_2');
  await rooms.forgetEmpty('a');
  expect(await redis.exists(keys.waitingModels, keys.waitingProjects('m'))).toBe(0);
});

test('who enters while empty rooms are forgotten is found there', async () => {
  const prefix = uniqueKeyPrefix();
  const rooms = createWaitingRooms(openTestRedis(), prefix);
  const keeper = createWaitingRooms(openTestRedis(), prefix);
  for (let times = 0; times < 100; times += 1) {
    await Promise.all([keeper.forgetEmpty('a'), rooms.enter([room], 'acme/job_1', 1)]);
    expect(await rooms.occupied('a')).toMatchObject([{ count: 1 }]);
    await Promise.all([keeper.forgetEmpty('a'), rooms.leave([room], 'acme/job_1')]);
  }
});
