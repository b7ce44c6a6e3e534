import { openDispatchScene } from '@understudy/dispatch/testing';
import { expect, test, vi } from 'vitest';
import { createRecoveringTargets } from './recovering-targets.ts';

const ROOM = { provider: 'a', model: 'm-at-a' };

async function waitingScene(jobs: number) {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  await scene.cool('a', 60_000);
  for (let index = 0; index < jobs; index += 1) await scene.submit();
  scene.advance(60_000);
  const waiting = async () => {
    const [room] = await scene.dispatch.rooms.occupied('a');
    return room?.count ?? 0;
  };
  return { recovering: createRecoveringTargets(scene.dispatch), waiting, ...scene };
}

test('each of many successes at once lets two more jobs in', async () => {
  const { recovering, waiting, dispatch } = await waitingScene(30);
  recovering.opened('a');
  await Promise.all(Array.from({ length: 10 }, () => recovering.succeeded(ROOM)));
  expect(await waiting()).toBe(10);
  expect(await dispatch.queue.counts('a')).toMatchObject({ waiting: 20 });
});

test('successes look for waiting jobs until there are none, and only after a cool-down', async () => {
  const { recovering, waiting, dispatch } = await waitingScene(3);
  await recovering.succeeded(ROOM);
  expect(await waiting()).toBe(3);
  recovering.opened('a');
  await recovering.succeeded(ROOM);
  await recovering.succeeded(ROOM);
  expect(await waiting()).toBe(0);
  expect(await dispatch.queue.counts('a')).toMatchObject({ waiting: 3 });
});

test('a success of a model that nobody waits for leaves those of other models going on', async () => {
  const { recovering, waiting } = await waitingScene(3);
  recovering.opened('a');
  await recovering.succeeded({ provider: 'a', model: 'other-at-a' });
  await recovering.succeeded(ROOM);
  expect(await waiting()).toBe(1);
});

test('where a room was found empty its successes look again after the next cool-down alone', async () => {
  const { recovering, waiting, dispatch, submit, cool } = await waitingScene(1);
  recovering.opened('a');
  await recovering.succeeded(ROOM);
  expect(await waiting()).toBe(0);
  await cool('a', 60_000);
  await submit();
  const looked = vi.spyOn(dispatch.rooms, 'peek');
  await recovering.succeeded(ROOM);
  expect(looked).not.toHaveBeenCalled();
  recovering.opened('a');
  await recovering.succeeded(ROOM);
  expect(looked).toHaveBeenCalledTimes(1);
});
