import { expect, test } from 'vitest';
import { NOON, completion, handOver, openStore } from './testing/stored-jobs.ts';

test('a job is due from its time on, in whichever shard it lies', async () => {
  const { store, submit } = openStore();
  for (let index = 0; index < 20; index += 1) await submit({ id: `job_${index}` });
  expect(await store.due(NOON + 29_999, 10)).toEqual([]);
  const due = await store.due(NOON + 30_000, 10);
  expect(new Set(due.map(({ id }) => id)).size).toBe(20);
  expect(due[0]?.project).toBe('acme');
});

test('beginning a turn moves the due time to the lease check, never past the deadline', async () => {
  const { store, submit } = openStore();
  const request = await submit({ expires_at: NOON + 50_000 });
  await store.begin(request, 1, NOON, NOON + 40_000);
  expect(await store.due(NOON + 39_999, 10)).toEqual([]);
  expect(await store.due(NOON + 40_000, 10)).toHaveLength(1);
  await store.begin(request, 1, NOON, NOON + 90_000);
  expect(await store.due(NOON + 49_999, 10)).toEqual([]);
  expect(await store.due(NOON + 50_000, 10)).toHaveLength(1);
});

test('a hand-over moves the due time, and the end of a job takes it away', async () => {
  const { store, submit } = openStore();
  const request = await submit();
  await store.transition(request, handOver({ turn: 1, dueAt: NOON + 60_000 }));
  expect(await store.due(NOON + 59_999, 10)).toEqual([]);
  expect(await store.due(NOON + 60_000, 10)).toHaveLength(1);
  await store.transition(request, completion({ turn: 2, nextTurn: 3 }));
  expect(await store.due(NOON + 999_999_999, 10)).toEqual([]);
});

test('jobs that are postponed together each have their own time', async () => {
  const { store, submit } = openStore();
  const jobs = [];
  for (let index = 0; index < 100; index += 1) jobs.push(await submit({ id: `job_${index}` }));
  await Promise.all(
    jobs.map((job, index) => store.postpone(job, NOON + 30_000, NOON + 60_000 + index)),
  );
  expect(await store.due(NOON + 59_999, 100)).toEqual([]);
  const due = await store.due(NOON + 60_009, 100);
  expect(due.map(({ id }) => id).toSorted()).toEqual(
    Array.from({ length: 10 }, (_, index) => `job_${index}`),
  );
});

test('postponing moves a job that is due and revives none that has ended', async () => {
  const { store, submit } = openStore();
  const request = await submit();
  await store.postpone(request, NOON + 30_000, NOON + 90_000);
  expect(await store.due(NOON + 89_999, 10)).toEqual([]);
  await store.forgetDue(request, NOON + 90_000);
  await store.postpone(request, NOON + 90_000, NOON);
  expect(await store.due(NOON + 90_000, 10)).toEqual([]);
});

test('a job whose time was set anew since it was found due keeps that time', async () => {
  const { store, submit } = openStore();
  const [moved, still] = [await submit({ id: 'job_moved' }), await submit({ id: 'job_still' })];
  const found = NOON + 30_000;
  expect(await Promise.all([moved, still].map((job) => store.isDue(job, found)))).toEqual([
    true,
    true,
  ]);
  await store.transition(moved, handOver({ turn: 1, dueAt: found + 1000 }));
  expect(await Promise.all([moved, still].map((job) => store.isDue(job, found)))).toEqual([
    false,
    true,
  ]);
  await Promise.all([moved, still].map((job) => store.postpone(job, found, found + 90_000)));
  expect((await store.due(found + 1000, 10)).map(({ id }) => id)).toEqual(['job_moved']);
  await store.forgetDue(moved, found);
  expect(await store.due(found + 1000, 10)).toHaveLength(1);
  await store.forgetDue(moved, found + 1000);
  expect(await store.due(found + 1000, 10)).toEqual([]);
});

test('hastening makes jobs due sooner, never later, and revives none that has ended', async () => {
  const { store, submit } = openStore();
  const jobs = [];
  for (let index = 0; index < 3; index += 1) jobs.push(await submit({ id: `job_${index}` }));
  const [soon, later, ended] = jobs;
  await store.postpone(soon!, NOON + 30_000, NOON + 40_000);
  await store.postpone(later!, NOON + 30_000, NOON + 90_000);
  await store.forgetDue(ended!, NOON + 30_000);
  await store.hasten(jobs, NOON + 50_000);
  expect(await store.due(NOON + 40_000, 10)).toMatchObject([{ id: 'job_0' }]);
  expect((await store.due(NOON + 50_000, 10)).map(({ id }) => id).toSorted()).toEqual([
    'job_0',
    'job_1',
  ]);
});
