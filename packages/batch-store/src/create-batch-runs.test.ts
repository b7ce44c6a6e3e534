import { SCHEMA_VERSION } from '@understudy/contracts';
import type { FileRecord } from '@understudy/contracts';
import { fileKeys } from '@understudy/file-store';
import { STREAM_START, readEvents } from '@understudy/job-store';
import type { Redis } from '@understudy/runtime';
import { expect, test } from 'vitest';
import { batchKeys, unfinishedKey } from './batch-keys.ts';
import { LeaseLostError } from './batch-run.ts';
import type { BatchLease, BatchRuns, WrittenPart } from './batch-run.ts';
import { createBatchRuns } from './create-batch-runs.ts';
import type { BatchStore } from './batch-store.ts';
import type { RunningBatch } from './parse-batch.ts';
import { NOON, batchRequest, openBatchScene } from './testing/batch-scene.ts';

const BATCH = { project: 'acme', id: 'batch_1' };
const START = { line: 0, byte: 0 };
const LATER = NOON + 10_000;

interface RunScene {
  redis: Redis;
  prefix: string;
  store: BatchStore;
  runs: BatchRuns;
  claim(holder: string, now?: number): Promise<BatchLease>;
  read(): Promise<RunningBatch>;
  /** The parts of the output file, as its record and list have them. */
  output(): Promise<{ bytes: number; parts: string[] }>;
}

/** A batch of four lines of which two are jobs, one is blank, and one was rejected. */
async function openRunScene(): Promise<RunScene & { lease: BatchLease }> {
  const { redis, prefix, store } = openBatchScene();
  const runs = createBatchRuns(redis, prefix);
  await store.create(batchRequest());
  const claim = async (holder: string, now = NOON): Promise<BatchLease> => {
    const result = await runs.claim(BATCH, holder, now, now + 10_000);
    if (result.kind !== 'claimed') throw new Error(`the batch is ${result.kind}`);
    return result.lease;
  };
  const lease = await claim('one');
  await runs.validated(lease, NOON + 1, 3, []);
  await runs.admit(lease, {
    from: START,
    to: { line: 4, byte: 400 },
    admitted: 3,
    blanks: [2],
    rejected: new Map([
      [3, { customId: 'c', statusCode: 404, code: 'model_not_found', message: 'unknown' }],
    ]),
  });
  const keys = fileKeys(prefix, 'acme', 'file-out');
  await redis.hset(keys.record, 'rec', '{}', 'bytes', 0, 'complete', 0);
  return {
    redis,
    prefix,
    store,
    runs,
    lease,
    claim,
    read: async () => {
      const batch = await runs.read(BATCH);
      if (batch === undefined) throw new Error('the batch is not there');
      return batch;
    },
    output: async () => ({
      bytes: Number(await redis.hget(keys.record, 'bytes')),
      parts: await redis.lrange(keys.parts, 0, -1),
    }),
  };
}

function partOf(key: string, ...lines: number[]): WrittenPart {
  const entries = lines.map((line) => ({ line, bytes: 10 }));
  return { role: 'out', file: 'file-out', key, bytes: 10 * lines.length, entries };
}

const done = (line: number) => ({ line, outcome: 'completed' as const });

const COMPLETED: FileRecord = {
  v: SCHEMA_VERSION,
  id: 'file-out',
  project: 'acme',
  purpose: 'batch_output',
  filename: 'out.jsonl',
  created_at: NOON,
  expires_at: LATER,
};

test('one runner holds a batch until its lease has run out, or was handed back', async () => {
  const { runs, lease, claim } = await openRunScene();
  expect(await runs.claim(BATCH, 'two', LATER - 1, LATER)).toEqual({ kind: 'held' });
  await runs.renew(lease, LATER + 5000);
  expect(await runs.claim(BATCH, 'two', LATER, LATER)).toEqual({ kind: 'held' });
  await runs.release(lease);
  expect((await claim('two', LATER)).fence).toBe(lease.fence + 1);
  expect(await runs.claim({ ...BATCH, id: 'batch_9' }, 'two', NOON, LATER)).toEqual({
    kind: 'missing',
  });
});

test('who holds a batch, and until when somebody did, is told of many at once', async () => {
  const { runs, store, lease } = await openRunScene();
  await store.create(batchRequest({ id: 'batch_2' }));
  await store.cancel('acme', 'batch_2', NOON);
  const batches = [BATCH, { ...BATCH, id: 'batch_9' }, { ...BATCH, id: 'batch_2' }];
  const never = { held: false, until: 0, cancelling: true };
  const state = { until: LATER, cancelling: false };
  const statesAt = (now: number) => runs.holdStates(batches, now);
  expect(await statesAt(LATER - 1)).toEqual([{ held: true, ...state }, undefined, never]);
  expect(await statesAt(LATER)).toEqual([{ held: false, ...state }, undefined, never]);
  await runs.release(lease);
  expect(await statesAt(NOON)).toEqual([{ held: false, ...state }, undefined, never]);
});

test('batches that need a runner come in portions, none of one millisecond in two of them', async () => {
  const { redis, prefix, runs } = await openRunScene();
  const key = unfinishedKey(prefix);
  for (const [id, since] of Object.entries({ b: 1, c: 1, d: 1, e: 2, f: 3 })) {
    await redis.zadd(key, NOON + since, `acme/${id}`);
  }
  const ids = async (limit: number, madeAfter?: number) =>
    (await runs.unfinished(limit, madeAfter)).map(({ batch }) => batch.id);
  expect(await runs.unfinished(1)).toEqual([{ batch: BATCH, since: NOON }]);
  expect(await ids(2, NOON)).toEqual(['b', 'c', 'd']);
  expect(await ids(2, NOON + 1)).toEqual(['e', 'f']);
  expect(await ids(2, NOON + 3)).toEqual([]);
  expect(await ids(10)).toEqual(['batch_1', 'b', 'c', 'd', 'e', 'f']);
});

test('batches that have not ended in time are told of, whether they can be read or not', async () => {
  const { redis, prefix, store, runs } = await openRunScene();
  const ids = ['sealed', 'broken', 'ended', 'later'];
  const recordOf = (id: string) => batchKeys(prefix, { ...BATCH, id }).record;
  for (const id of ids) {
    await store.create(batchRequest({ id, expires_at: NOON + (id === 'later' ? 2 : 1) }));
  }
  const text = (await redis.hget(recordOf('sealed'), 'req')) ?? '';
  const sealed = { ...JSON.parse(text), sealed: 'sealed:AFVTMWxvc3Q=' };
  await redis.hset(recordOf('sealed'), 'req', JSON.stringify(sealed));
  await redis.hset(recordOf('broken'), 'req', '{');
  await redis.hset(recordOf('ended'), 'st', 'completed');
  const batches = [...ids, 'gone'].map((id) => ({ ...BATCH, id }));
  const broken = { batch: { ...BATCH, id: 'broken' } };
  expect(await runs.overdue(batches, NOON)).toEqual([broken]);
  expect(await runs.overdue(batches, NOON + 1)).toEqual([
    { batch: { ...BATCH, id: 'sealed' }, input: 'file-1' },
    broken,
  ]);
});

test('whoever lost the lease changes nothing any more', async () => {
  const { runs, lease, claim, read, output } = await openRunScene();
  await runs.countEnded(BATCH, [done(1)]);
  await claim('two', LATER);
  const before = { batch: await read(), ended: await runs.endedLines(BATCH, 10) };
  const step = { from: { line: 4, byte: 400 }, to: { line: 9, byte: 900 } };
  const late: (() => Promise<unknown>)[] = [
    () => runs.renew(lease, LATER + 10_000),
    () => runs.validated(lease, LATER, 9, []),
    () => runs.admit(lease, { ...step, admitted: 5, blanks: [], rejected: new Map() }),
    () => runs.commitPart(lease, partOf('acme/file-out/part-1-1', 1), new Set()),
    () => runs.skipLines(lease, { ...step, outcome: 'cancelled', lines: 5 }, partOf('k', 5)),
    () =>
      runs.completeOutput(lease, {
        file: 'file-out',
        record: COMPLETED,
        expiresAt: NOON,
        parts: [],
      }),
    () => runs.finish(lease, { ...before.batch.record, version: 3 }, LATER, 1000),
  ];
  for (const call of late) await expect(call()).rejects.toThrow(LeaseLostError);
  await runs.release(lease);
  expect(await runs.claim(BATCH, 'three', LATER, LATER)).toEqual({ kind: 'held' });
  expect(await runs.finalize(lease, LATER)).toBe(false);
  expect({ batch: await read(), ended: await runs.endedLines(BATCH, 10) }).toEqual(before);
  expect(await output()).toEqual({ bytes: 0, parts: [] });
});

test('validation tells the total, or problems; a cancelled batch stays cancelled', async () => {
  const { read, runs, store, claim } = await openRunScene();
  expect(await read()).toMatchObject({
    validated: true,
    record: { status: 'in_progress', inProgressAt: NOON + 1, version: 2, counts: { total: 3 } },
  });
  await store.create(batchRequest({ id: 'batch_2' }));
  const other = { project: 'acme', id: 'batch_2' };
  const claimed = await runs.claim(other, 'one', NOON, LATER);
  await store.cancel('acme', 'batch_2', NOON);
  if (claimed.kind === 'claimed') await runs.validated(claimed.lease, NOON, 7, []);
  expect(await store.read('acme', 'batch_2')).toMatchObject({
    status: 'cancelling',
    counts: { total: 7 },
  });
  const lease = await claim('one', NOON);
  await runs.validated(lease, NOON, 0, [{ code: 'empty_file', message: 'nothing' }]);
  expect((await read()).record.problems).toEqual([{ code: 'empty_file', message: 'nothing' }]);
});

test('the cursor moves once: what a slow runner says of the same lines is refused', async () => {
  const { runs, lease, read } = await openRunScene();
  expect(await read()).toMatchObject({ cursor: { line: 4, byte: 400 }, admitted: 3 });
  const again = { from: START, to: { line: 4, byte: 400 }, admitted: 3, blanks: [] };
  await expect(runs.admit(lease, { ...again, rejected: new Map() })).rejects.toThrow(
    LeaseLostError,
  );
  expect((await read()).admitted).toBe(3);
});

test('a line is counted once, however often and by however many it is told', async () => {
  const { runs, read } = await openRunScene();
  const cost = { currency: 'USD' as const, prices_as_of: '2026-11-01' };
  const lines = [
    {
      ...done(1),
      usage: { input_tokens: 10, output_tokens: 2 },
      cost: { status: 'known' as const, amount: 0.25, ...cost },
    },
    {
      line: 4,
      outcome: 'failed' as const,
      usage: { input_tokens: 5 },
      cost: { status: 'unknown' as const, reason: 'no price' },
    },
  ];
  const counted = await Promise.all([1, 2, 3].map(() => runs.countEnded(BATCH, lines)));
  expect(counted.toSorted((a, b) => a - b)).toEqual([0, 0, 2]);
  expect((await read()).record).toMatchObject({
    counts: { total: 3, completed: 1, failed: 2, cancelled: 0, expired: 0 },
    usage: { input_tokens: 15, output_tokens: 2 },
    cost: { status: 'partial', amount: 0.25, prices_as_of: '2026-11-01' },
  });
  expect(await runs.endedLines(BATCH, 2)).toEqual({ lines: [1, 3], count: 3 });
  expect(await runs.uncounted(BATCH, 4)).toEqual([]);
});

test('lines whose end nobody has told are known; blank and rejected ones are none of them', async () => {
  const { runs } = await openRunScene();
  expect(await runs.uncounted(BATCH, 4)).toEqual([1, 4]);
  expect(await runs.rejections(BATCH, [1, 3])).toEqual(
    new Map([[3, { customId: 'c', statusCode: 404, code: 'model_not_found', message: 'unknown' }]]),
  );
});

test('a part joins its file as its lines leave the ended ones; their jobs are to be told', async () => {
  const { runs, lease, read, output } = await openRunScene();
  await runs.countEnded(BATCH, [done(1), done(4)]);
  await runs.commitPart(lease, partOf('acme/file-out/p1', 1, 3), new Set([3]));
  expect(await output()).toEqual({
    bytes: 20,
    parts: ['{"key":"acme/file-out/p1","bytes":20}'],
  });
  expect((await read()).record.outputFileId).toBe('file-out');
  expect(await runs.endedLines(BATCH, 10)).toEqual({ lines: [4], count: 1 });
  expect(await runs.moving(BATCH)).toEqual([{ line: 1, file: 'file-out' }]);
  expect(await runs.rejections(BATCH, [3])).toEqual(new Map());
  await runs.moved(BATCH, [1]);
  expect(await runs.moving(BATCH)).toEqual([]);
  expect(await runs.runs(BATCH, 'file-out')).toEqual([
    { key: 'acme/file-out/p1', entries: [1, 3].map((line) => ({ line, bytes: 10 })) },
  ]);
});

test('a file that its owner removed takes no part, and its lines leave all the same', async () => {
  const { redis, prefix, runs, lease, read } = await openRunScene();
  const { record, parts } = fileKeys(prefix, 'acme', 'file-out');
  await redis.del(record);
  await runs.commitPart(lease, partOf('acme/file-out/p1', 3), new Set([3]));
  const part = { key: 'acme/file-out/merged', bytes: 9 };
  await runs.completeOutput(lease, {
    file: 'file-out',
    record: COMPLETED,
    expiresAt: NOON,
    parts: [part],
  });
  expect(await redis.exists(record, parts)).toBe(0);
  expect(await runs.endedLines(BATCH, 10)).toEqual({ lines: [], count: 0 });
  expect((await read()).record.outputFileId).toBeUndefined();
});

test('lines that never were jobs end in one step, and are looked for as jobs no more', async () => {
  const { runs, lease, read, output } = await openRunScene();
  const step = { from: { line: 4, byte: 400 }, to: { line: 900, byte: 9000 } };
  await runs.skipLines(lease, { ...step, outcome: 'expired', lines: 2 }, partOf('k', 5, 6));
  expect(await read()).toMatchObject({
    cursor: step.to,
    lastJobLine: 4,
    admitted: 5,
    record: { counts: { expired: 2 } },
  });
  expect((await output()).bytes).toBe(20);
});

test('finalizing begins when every line is counted and written, and goes where the lines went', async () => {
  const { runs, lease, read } = await openRunScene();
  expect(await runs.finalize(lease, NOON)).toBe(false);
  await runs.countEnded(BATCH, [done(1), { line: 4, outcome: 'expired' }]);
  expect(await runs.finalize(lease, NOON)).toBe(false);
  await runs.commitPart(lease, partOf('k', 1, 3, 4), new Set());
  expect(await runs.finalize(lease, NOON + 9)).toBe(true);
  expect(await runs.finalize(lease, NOON + 10)).toBe(false);
  expect(await read()).toMatchObject({
    goal: 'expired',
    record: { status: 'finalizing', finalizingAt: NOON + 9 },
  });
});

test('a batch that ended has told the stream once, counts nothing more, and is left alone', async () => {
  const { redis, prefix, store, runs, lease, read } = await openRunScene();
  const { record } = await read();
  const ended = { ...record, status: 'completed' as const, version: 3, completedAt: NOON + 9 };
  await runs.finish(lease, ended, NOON + 9, 60_000);
  await expect(runs.finish(lease, ended, NOON + 9, 60_000)).rejects.toThrow(LeaseLostError);
  const { events } = await readEvents(redis, prefix, 'acme', STREAM_START, 10);
  expect(events).toMatchObject([{ type: 'batch.completed', eventId: 'evt_batch_1_v3' }]);
  // A relay that repeats itself after a crash finds the bits gone.
  expect(await runs.countEnded(BATCH, [done(1)])).toBe(0);
  expect((await read()).record).toEqual(ended);
  expect(await store.remove('acme', 'batch_1')).toBe('running');
  expect(await redis.zrange(unfinishedKey(prefix), '0', '-1')).toEqual(['acme/batch_1']);
  await runs.leave(BATCH);
  expect(await redis.zrange(unfinishedKey(prefix), '0', '-1')).toEqual([]);
  expect(await store.remove('acme', 'batch_1')).toBe('removed');
  await runs.leave(BATCH);
  expect(await runs.read(BATCH)).toBeUndefined();
});

test('a completed file has the merged parts alone, and the time it expires', async () => {
  const { redis, prefix, runs, lease, output } = await openRunScene();
  await runs.commitPart(lease, partOf('k1', 3), new Set([3]));
  const merged = { key: 'm', bytes: 70 };
  await runs.completeOutput(lease, {
    file: 'file-out',
    record: COMPLETED,
    expiresAt: LATER,
    parts: [merged],
  });
  const keys = fileKeys(prefix, 'acme', 'file-out');
  expect(await output()).toEqual({ bytes: 70, parts: [JSON.stringify(merged)] });
  expect(await redis.hmget(keys.record, 'rec', 'complete')).toEqual([
    JSON.stringify(COMPLETED),
    '1',
  ]);
  expect(await redis.zscore(keys.expiring, 'file-out')).toBe(String(LATER));
  expect(await runs.runs(BATCH, 'file-out')).toEqual([]);
});
