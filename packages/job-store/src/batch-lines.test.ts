import { expect, test } from 'vitest';
import { indexJobs } from './job-index.ts';
import { jobKeys } from './job-keys.ts';
import { listedIds } from './testing/listed-ids.ts';
import { NOON, completion, openStore } from './testing/stored-jobs.ts';
import { dropOldestFinished, trimIndex } from './trim-index.ts';

const DAY_MS = 86_400_000;
const lineOf = (line: number) => ({
  id: `job_${line}`,
  batch: { id: 'batch_1', line, custom_id: `r${line}` },
});

test('a line’s answer leaves Redis once it stands in a file, and the record says where', async () => {
  const { redis, prefix, store, submit } = openStore();
  const job = await submit(lineOf(1));
  expect(await store.moveResults([job], 'file-1', 60_000)).toEqual([false]);
  await store.transition(job, completion());
  const before = await store.read(job);
  expect(await store.moveResults([job], 'file-1', 60_000)).toEqual([true]);
  const after = await store.read(job);
  expect(after?.record).toMatchObject({ resultFile: 'file-1', status: 'completed' });
  expect(after?.record.version).toBe((before?.record.version ?? 0) + 1);
  expect([await store.readResult(job), await store.readRequestBody(job)]).toEqual([
    undefined,
    undefined,
  ]);
  expect(await redis.pttl(jobKeys(prefix, job).record)).toBeLessThanOrEqual(60_000);
  const missing = { project: 'acme', id: 'job_9' };
  expect(await store.moveResults([missing], 'file-1', 60_000)).toEqual([false]);
  expect(await redis.exists(jobKeys(prefix, missing).record)).toBe(0);
});

test('of many lines that are moved together each that has ended is, and no other', async () => {
  const { store, submit } = openStore();
  const lines = await Promise.all(
    Array.from({ length: 100 }, (_, index) => submit(lineOf(index + 1))),
  );
  const ended = lines.filter((_, index) => index % 3 > 0);
  for (const line of ended) await store.transition(line, completion());
  const moved = await store.moveResults(lines, 'file-1', 60_000);
  expect(moved).toEqual(lines.map((line) => ended.includes(line)));
  const records = await store.readRecords(lines);
  expect(records.map((record) => record?.resultFile)).toEqual(
    lines.map((line) => (ended.includes(line) ? 'file-1' : undefined)),
  );
  expect(await Promise.all(ended.map(store.readResult))).toEqual(ended.map(() => undefined));
});

test('what became of lines reads as it does in their records, and a missing one is a gap', async () => {
  const { store, submit } = openStore();
  const lines = await Promise.all([1, 2, 3].map((line) => submit(lineOf(line))));
  const { result: _none, ...failure } = completion({
    status: 'failed',
    end: { v: 1, error: { code: 'max_calls', message: 'no more' } },
  });
  await store.transition(lines[0]!, completion());
  await store.transition(lines[1]!, failure);
  const all = [...lines, { project: 'acme', id: 'job_9' }];
  const records = await store.readRecords(all);
  expect(await store.readEnds(all)).toEqual(
    records.map((record) => {
      if (record === undefined) return undefined;
      const { request, status, end } = record;
      const { project, id, dialect, batch } = request;
      const asked = { project, id, dialect, batch };
      return status === 'failed' ? { request: asked, status, end } : { request: asked, status };
    }),
  );
});

test('a line’s answer waits for its file longer than a job is kept', async () => {
  const { redis, prefix, store, submit } = openStore();
  const [job, line] = [await submit({ id: 'job_1' }), await submit(lineOf(2))];
  for (const one of [job, line]) await store.transition(one, completion({ keepMs: 1000 }));
  expect(await redis.pttl(jobKeys(prefix, job).result)).toBeLessThanOrEqual(1000);
  expect(await redis.pttl(jobKeys(prefix, line).result)).toBeGreaterThan(29 * DAY_MS);
  expect(await redis.pttl(jobKeys(prefix, line).record)).toBeGreaterThan(29 * DAY_MS);
});

test('short of memory, lines go only after their answers stand in a file', async () => {
  const { redis, prefix, store, submit } = openStore();
  const lines = await Promise.all([1, 2, 3, 4, 5].map((line) => submit(lineOf(line))));
  const job = await submit({ id: 'job_6', created_at: NOON + 1 });
  for (const one of [...lines, job]) await store.transition(one, completion());
  await store.moveResults([lines[2]!], 'file-1', 60_000);
  const records = await store.readRecords([...lines, job]);
  const kept = records.filter((record) => record !== undefined);
  await indexJobs(redis, prefix, 'acme', kept);
  expect(await dropOldestFinished(redis, prefix, 'acme', 2)).toBe(2);
  const left = (await store.readRecords([...lines, job])).map((record) => record?.request.id);
  expect(left).toEqual(['job_1', 'job_2', undefined, 'job_4', 'job_5', undefined]);
});

test('the list of a batch is forgotten with its last line', async () => {
  const { redis, prefix, store, submit } = openStore();
  const line = await submit(lineOf(1));
  const [record] = await store.readRecords([line]);
  await indexJobs(redis, prefix, 'acme', [record!]);
  const lists = (): Promise<string[]> => redis.smembers(`${prefix}:{p:acme}:lists`);
  expect(await listedIds(redis, prefix, 'acme', { batch: 'batch_1' })).toHaveLength(1);
  await trimIndex(redis, prefix, NOON + 1);
  expect((await lists()).filter((list) => list.includes('batch_1'))).toHaveLength(1);
  await redis.unlink(jobKeys(prefix, line).record);
  await trimIndex(redis, prefix, NOON + 1);
  expect((await lists()).filter((list) => list.includes('batch_1'))).toEqual([]);
});
