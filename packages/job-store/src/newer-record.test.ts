import { RECORD_VERSIONS } from '@understudy/contracts';
import type { JobProgress } from '@understudy/contracts';
import { createSealer } from '@understudy/sealing';
import { expect, test } from 'vitest';
import { eraseRecord } from './erase-record.ts';
import { jobKeys } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';
import { NewerRecordError } from './newer-record.ts';
import { readOutbox } from './job-outbox.ts';
import { BODY, NOON, completion, handOver, jobRequest, openStore } from './testing/stored-jobs.ts';
import type { StoreScene } from './testing/stored-jobs.ts';

const { newest } = RECORD_VERSIONS;
const NEXT = newest + 1;
const LEASE_CHECK = NOON + 30_000;

/** A store of the present release over the keys of one of the next, which writes a form of its own. */
function twoReleases(): { present: StoreScene; next: StoreScene } {
  const next = openStore(createSealer([]), undefined, { written: NEXT, newest: NEXT });
  return { present: openStore(createSealer([]), next.prefix), next };
}

/** Everything that Redis holds of a job. */
async function dumped({ redis, prefix }: StoreScene, job: JobReference): Promise<unknown> {
  const { record, request, attempts, result, due, outbox, member } = jobKeys(prefix, job);
  return [
    await redis.hgetall(record),
    await redis.get(request),
    await redis.lrange(attempts, 0, -1),
    await redis.get(result),
    await redis.zscore(due, member),
    await redis.xrange(outbox, '-', '+'),
  ];
}

test('a record of a newer form is neither begun nor moved nor ended, and stays as it is', async () => {
  const { present, next } = twoReleases();
  const job = await next.submit();
  const before = await dumped(next, job);
  expect(await present.store.begin(job, 1, NOON, LEASE_CHECK)).toEqual({
    kind: 'newer',
    version: NEXT,
  });
  expect(await present.store.transition(job, handOver({ turn: 1 }))).toMatchObject({
    ok: false,
    status: 'newer',
  });
  expect(await present.store.transition(job, completion())).toMatchObject({ status: 'newer' });
  expect(await dumped(next, job)).toEqual(before);
});

test('a record of a newer form is not erased, whatever it says of its end', async () => {
  const { present, next } = twoReleases();
  const job = await next.submit();
  const erasing = () => eraseRecord(present.redis, present.prefix, job);
  await expect(erasing()).rejects.toThrow(NewerRecordError);
  await next.store.transition(job, completion());
  const before = await dumped(next, job);
  await expect(erasing()).rejects.toThrow(NewerRecordError);
  expect(await dumped(next, job)).toEqual(before);
});

test('reading a record of a newer form says so, and one beside it is read all the same', async () => {
  const { present, next } = twoReleases();
  const newer = await next.submit();
  const known = await present.submit({ id: 'job_2' });
  await expect(present.store.read(newer)).rejects.toThrow(NewerRecordError);
  await expect(present.store.readRecords([known, newer])).rejects.toThrow(
    `the record of job_1 is of version ${NEXT} and this service reads up to ${newest}`,
  );
  expect(await present.store.readEach([newer, known, { project: 'acme', id: 'none' }])).toEqual([
    { newer: NEXT },
    expect.objectContaining({ request: known }),
    undefined,
  ]);
  expect(await present.store.readStatuses([newer, known, { project: 'acme', id: 'none' }])).toEqual(
    [{ newer: NEXT }, 'queued', undefined],
  );
  expect(await present.store.readHeads([newer, known])).toEqual([
    { newer: NEXT },
    { record: expect.objectContaining({ request: known }), attempts: 0 },
  ]);
  expect(await present.store.readEnds([newer, known])).toEqual([
    { newer: NEXT },
    expect.objectContaining({ status: 'queued' }),
  ]);
  await expect(
    present.store.create(jobRequest(), handOver({}).progress!, BODY, [], NOON),
  ).rejects.toThrow(NewerRecordError);
});

test('a newer release reads the older form, and its change makes the record its own', async () => {
  const { present, next } = twoReleases();
  const job = await present.submit();
  const begun = await next.store.begin(job, 1, NOON, LEASE_CHECK);
  expect(begun).toMatchObject({ kind: 'started', token: 1, body: BODY });
  // Its own start may still be in the older form: nothing of it has been written yet.
  expect(await present.store.read(job)).toMatchObject({ record: { status: 'in_progress' } });
  expect(await next.store.transition(job, handOver({ token: 1 }))).toMatchObject({ ok: true });
  expect(await present.store.begin(job, 2, NOON, LEASE_CHECK)).toMatchObject({ kind: 'newer' });
  expect(await next.store.begin(job, 2, NOON, LEASE_CHECK)).toMatchObject({ kind: 'started' });
});

test('the form of a record never sinks: who reads the newer one and writes the older keeps it', async () => {
  const { next } = twoReleases();
  const between = openStore(createSealer([]), next.prefix, { written: newest, newest: NEXT });
  const job = await next.submit();
  await between.store.begin(job, 1, NOON, LEASE_CHECK);
  await between.store.transition(job, handOver({ token: 1 }));
  expect(await next.redis.hget(jobKeys(next.prefix, job).record, 'v')).toBe(String(NEXT));
});

test('the first form costs no byte', async () => {
  const { redis, prefix, store, submit } = openStore(createSealer([]), undefined, {
    written: 1,
    newest: 1,
  });
  const job = await submit();
  await store.begin(job, 1, NOON, LEASE_CHECK);
  await store.transition(job, handOver({ token: 1 }));
  expect(await redis.hexists(jobKeys(prefix, job).record, 'v')).toBe(0);
});

test('a member that a newer release added to the progress outlives a turn of this one', async () => {
  const { store, submit } = openStore();
  const job = await submit();
  const added = { ...handOver({}).progress!, hedge: { after_ms: 250 } };
  await store.begin(job, 1, NOON, LEASE_CHECK);
  await store.transition(job, handOver({ token: 1, progress: added }));
  const begun = await store.begin(job, 2, NOON, LEASE_CHECK);
  if (begun.kind !== 'started') throw new Error('expected a start');
  const progress: JobProgress = { ...begun.progress, calls: 1 };
  await store.transition(job, handOver({ token: begun.token, nextTurn: 3, progress }));
  expect((await store.read(job))?.record.progress).toEqual({ ...added, calls: 1 });
});

test('the outbox of a shard ends where a status stands that only a newer release knows', async () => {
  const { redis, prefix, submit } = openStore();
  const job = await submit();
  const { outbox, shard } = jobKeys(prefix, job);
  await redis.xadd(outbox, '*', 'p', 'acme', 'j', 'job_9', 'v', 1, 's', 'hibernating', 'a', '');
  await redis.xadd(outbox, '*', 'p', 'acme', 'j', 'job_8', 'v', 1, 's', 'queued', 'a', '');
  const entries = await readOutbox(redis, prefix, [shard], 10);
  expect(entries.get(shard)?.map(({ id }) => id)).toEqual(['job_1']);
});
