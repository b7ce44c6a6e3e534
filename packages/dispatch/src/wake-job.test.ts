import { expect, test } from 'vitest';
import { endJob } from './end-job.ts';
import { releaseWaiting } from './release-waiting.ts';
import { openDispatchScene } from './testing/dispatch-scene.ts';
import { wakeJob } from './wake-job.ts';

const ab = [{ provider: 'a' }, { provider: 'b' }];
const roomA = { provider: 'a', model: 'm-at-a' };

test('a job that is woken from several places at once moves once', async () => {
  const { dispatch, submit, read, cool, advance } = await openDispatchScene([{ provider: 'a' }]);
  await cool('a', 60_000);
  const job = await submit();
  advance(60_000);
  const woken = await Promise.all([1, 2, 3, 4].map(() => wakeJob(dispatch, job)));
  expect(woken.filter(Boolean)).toHaveLength(1);
  expect((await read(job)).record).toMatchObject({ turn: 2, status: 'queued' });
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 1, active: 0, resting: 0 });
});

test('waking again into the same cool-down adds no attempt, only a count', async () => {
  const { dispatch, submit, read, cool } = await openDispatchScene([{ provider: 'a' }]);
  await cool('a', 60_000);
  const job = await submit();
  for (let times = 0; times < 3; times += 1) await wakeJob(dispatch, job);
  const { record, attempts } = await read(job);
  expect(attempts).toMatchObject([{ number: 1, outcome: 'skipped', count: 4 }]);
  expect(record.progress.waits).toHaveLength(1);
});

test('a rule that a project is given during an outage holds for its jobs that wait', async () => {
  const { dispatch, submit, read, cool, advance } = await openDispatchScene(ab);
  await cool('a', 60_000);
  await cool('b', 60_000);
  const jobs = [await submit(), await submit({ project: 'other' })];
  dispatch.views().settings.projectProviders['acme'] = { except: ['a'] };
  advance(60_000);
  for (const job of jobs) await wakeJob(dispatch, job);
  const places = await Promise.all(jobs.map(read));
  expect(places.map(({ record }) => record.progress.place)).toMatchObject([
    { kind: 'queue', planned: { provider: 'b' } },
    { kind: 'queue', planned: { provider: 'a' } },
  ]);
});

test('a job that does not wait is left alone', async () => {
  const { dispatch, submit, read } = await openDispatchScene(ab);
  const job = await submit();
  const before = await read(job);
  expect(await wakeJob(dispatch, job)).toBe(false);
  expect(await wakeJob(dispatch, { project: 'acme', id: 'job_0' })).toBe(false);
  expect(await read(job)).toEqual(before);
});

test('the best and oldest jobs of a room are let out first', async () => {
  const { dispatch, submit, read, cool, advance } = await openDispatchScene([{ provider: 'a' }]);
  await cool('a', 60_000);
  const late = await submit({ order: 300 });
  const early = await submit({ order: 200 });
  const urgent = await submit({ order: 100 });
  advance(60_000);
  expect(await releaseWaiting(dispatch, roomA, 2)).toBe(2);
  const places = await Promise.all([late, early, urgent].map(read));
  expect(places.map(({ record }) => record.progress.place.kind)).toEqual([
    'waiting',
    'queue',
    'queue',
  ]);
  expect(await dispatch.rooms.occupied('a')).toMatchObject([{ count: 1 }]);
});

test('a job that one room lets out leaves the others as well, before it stands in a queue', async () => {
  const { dispatch, submit, cool, advance } = await openDispatchScene(ab);
  await cool('a', 60_000);
  await cool('b', 60_000);
  await submit();
  advance(60_000);
  const occupied = async () =>
    (await Promise.all(['a', 'b'].map((name) => dispatch.rooms.occupied(name)))).flat();
  expect(await occupied()).toHaveLength(2);
  let whenQueued: unknown;
  const enter: typeof dispatch.queue.enter = async () => {
    whenQueued = await occupied();
    return true;
  };
  await releaseWaiting({ ...dispatch, queue: { ...dispatch.queue, enter } }, roomA, 1);
  expect(whenQueued).toEqual([]);
});

test('a job that may go on in one room alone stays there when another lets it out in vain', async () => {
  const { dispatch, submit, cool } = await openDispatchScene(ab);
  await cool('a', 60_000);
  await cool('b', 60_000);
  await submit();
  await releaseWaiting(dispatch, roomA, 1);
  for (const name of ['a', 'b']) {
    expect(await dispatch.rooms.occupied(name)).toMatchObject([{ count: 1 }]);
  }
});

test('who does not wait any more is swept out of a room, and stays where it is', async () => {
  const { dispatch, submit, read } = await openDispatchScene(ab);
  const job = await submit();
  const before = await read(job);
  const gone = 'acme/job_gone';
  for (const member of [`${job.project}/${job.id}`, gone]) {
    await dispatch.rooms.enter([roomA], member, 1);
  }
  expect(await releaseWaiting(dispatch, roomA, 5)).toBe(2);
  expect(await dispatch.rooms.occupied('a')).toEqual([]);
  expect(await read(job)).toEqual(before);
});

test('a waiting job that is cancelled leaves its rooms', async () => {
  const { dispatch, submit, cool } = await openDispatchScene(ab);
  await cool('a', 60_000);
  await cool('b', 60_000);
  const job = await submit();
  expect((await endJob(dispatch, job, 'cancelled'))?.record.status).toBe('cancelled');
  expect(await dispatch.rooms.occupied('a')).toEqual([]);
  expect(await dispatch.rooms.occupied('b')).toEqual([]);
});
