import { expect, test } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { createWaitingRooms } from './waiting-rooms.ts';

const openRooms = () => createWaitingRooms(openTestRedis(), uniqueKeyPrefix());
const room = { provider: 'a', model: 'm' };
const other = { provider: 'b', model: 'm' };

test('the first out is the best priority number, then the smallest id', async () => {
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

test('entering twice is entering once', async () => {
  const rooms = openRooms();
  await rooms.enter([room], 'acme/job_1', 1);
  await rooms.enter([room], 'acme/job_1', 1);
  expect(await rooms.occupied('a')).toEqual([{ ...room, count: 1 }]);
});

test('only rooms with somebody in them are occupied', async () => {
  const rooms = openRooms();
  await rooms.enter([room, { provider: 'a', model: 'n' }], 'acme/job_1', 1);
  await rooms.leave([room], 'acme/job_1');
  expect(await rooms.occupied('a')).toEqual([{ provider: 'a', model: 'n', count: 1 }]);
  expect(await rooms.occupied('b')).toEqual([]);
});
