import { expect, onTestFinished, test } from 'vitest';
import { submitMany } from './submit-many.ts';
import type { JobOutcome, RunJob } from './submit-many.ts';
import type { Job, NewJob } from './types.ts';
import { UnderstudyError } from './understudy-error.ts';

const jobOf = (text: string): NewJob => ({
  endpoint: '/v1/chat/completions',
  body: { model: 'chat', messages: [{ role: 'user', content: text }] },
});
const done = (id: string) => ({ id, status: 'completed' }) as Job;
const jobs = (count: number) => Array.from({ length: count }, (_, index) => jobOf(`${index}`));

async function collect(outcomes: AsyncIterable<JobOutcome>): Promise<JobOutcome[]> {
  const collected: JobOutcome[] = [];
  for await (const outcome of outcomes) collected.push(outcome);
  return collected;
}

const endAtOnce: RunJob = async (_job, key) => done(key);

async function* brokenSource() {
  yield jobOf('0');
  throw new Error('line 2 is no JSON');
}

/** Runs whose ends the test decides. */
function heldRuns() {
  const open = new Map<string, (job: Job) => void>();
  let most = 0;
  const run: RunJob = (_job, key) =>
    new Promise((resolve) => {
      open.set(key, (job) => {
        open.delete(key);
        resolve(job);
      });
      most = Math.max(most, open.size);
    });
  return { open, run, most: () => most };
}

test('no more jobs are open than asked for, and each ends once under its own key', async () => {
  const { open, run, most } = heldRuns();
  const indexes: number[] = [];
  const told: number[] = [];
  const outcomes = submitMany(jobs(50), run, {
    concurrency: 7,
    keyPrefix: 'night',
    onResult: ({ index }) => told.push(index),
  });
  const reading = (async () => {
    for await (const { index, job } of outcomes) {
      expect(job?.id).toBe(`night-${index}`);
      indexes.push(index);
    }
  })();
  while (indexes.length < 50) {
    await expect.poll(() => open.size, { interval: 1 }).toBeGreaterThan(0);
    // The latest first, so that the order is not that of the input.
    const [key = '', end] = [...open].at(-1) ?? [];
    end?.(done(key));
    const before = indexes.length;
    await expect.poll(() => indexes.length, { interval: 1 }).toBeGreaterThan(before);
  }
  await reading;
  expect(most()).toBe(7);
  expect(indexes.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(indexes).not.toEqual(indexes.toSorted((a, b) => a - b));
  expect(told).toEqual(indexes);
});

test('a job that is refused is an outcome, and the others go on', async () => {
  const refusal = new UnderstudyError('no such model', { code: 'model_not_found', status: 404 });
  const run: RunJob = async (_job, key) => {
    if (key === 'k-1') throw refusal;
    return done(key);
  };
  const outcomes = await collect(submitMany(jobs(3), run, { keyPrefix: 'k' }));
  expect(outcomes.toSorted((a, b) => a.index - b.index)).toEqual([
    { index: 0, job: done('k-0') },
    { index: 1, error: refusal },
    { index: 2, job: done('k-2') },
  ]);
});

test('what would meet every job ends the whole', async () => {
  const locked = new UnderstudyError('wrong key', { code: 'unauthenticated', status: 401 });
  const run: RunJob = () => Promise.reject(locked);
  await expect(collect(submitMany(jobs(3), run))).rejects.toBe(locked);
});

test('leaving the loop aborts what is open and closes the source', async () => {
  let closed = false;
  async function* source() {
    try {
      for (let index = 0; ; index += 1) yield jobOf(`${index}`);
    } finally {
      closed = true;
    }
  }
  const signals: AbortSignal[] = [];
  const run: RunJob = async (_job, key, signal) => {
    signals.push(signal);
    if (key === 'k-0') return done(key);
    return new Promise<Job>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  };
  for await (const { index } of submitMany(source(), run, { keyPrefix: 'k', concurrency: 3 })) {
    expect(index).toBe(0);
    break;
  }
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
  await expect.poll(() => closed).toBe(true);
});

test('an abort reaches also who waits for a source that gives nothing', async () => {
  const giveUp = new AbortController();
  const source: AsyncIterable<NewJob> = {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.withResolvers<never>().promise }),
  };
  const next = submitMany(source, heldRuns().run, { signal: giveUp.signal }).next();
  giveUp.abort(new Error('enough'));
  await expect(next).rejects.toThrow('enough');
});

test('it needs nothing of a runtime that Node 20 lacks', async () => {
  const { withResolvers } = Promise;
  onTestFinished(() => void Object.assign(Promise, { withResolvers }));
  Reflect.deleteProperty(Promise, 'withResolvers');
  const outcomes = await collect(submitMany(jobs(2), endAtOnce, { keyPrefix: 'k' }));
  expect(outcomes.map(({ job }) => job?.id)).toEqual(['k-0', 'k-1']);
});

test('a source that fails ends the whole with its own error', async () => {
  await expect(collect(submitMany(brokenSource(), endAtOnce))).rejects.toThrow('line 2 is no JSON');
});
