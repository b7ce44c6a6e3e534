import { batchKeys } from '@understudy/batch-store';
import type { BatchReference } from '@understudy/batch-store';
import type { BatchRequest } from '@understudy/contracts';
import { createAdmission } from '@understudy/dispatch';
import { jobKeys } from '@understudy/job-store';
import { S3_CREDENTIALS, startS3Storage } from '@understudy/file-store/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { hasEnded, inputOf, lostSeal, openRunnerScene } from './testing/runner-scene.ts';
import type { RunnerContext } from './runner-context.ts';
import { runStep } from './run-step.ts';
import { sweepFiles } from './sweep-files.ts';
import { matchingKeys } from '../../../test/support/matching-keys.ts';

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const ids = (lines: number[]): string[] => lines.map((line) => `r${line}`);
const crash = (): Promise<never> => Promise.reject(new Error('the process is killed'));
/** What the place of files holds of one. */
const keysOfFile = async ({ bytes }: RunnerContext, file: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of bytes.list('acme/')) {
    if (key.startsWith(`acme/${file}/`)) keys.push(key);
  }
  return keys;
};
const diskFull = (): Promise<never> => Promise.reject(new Error('the disk is full'));

test('a batch runs from its input to its files, is told once, and then left alone', async () => {
  const { create, takeOver, run, answer, batch, lines, told, context, jobOf } =
    await openRunnerScene();
  await create(inputOf(5));
  const held = await takeOver();
  expect(await run(held)).toBe('wait');
  expect(await batch()).toMatchObject({ status: 'in_progress', counts: { total: 5 } });
  await answer(4, 2, 5);
  await run(held);
  expect(await lines('out')).toEqual(['r2', 'r4', 'r5']);
  expect(await context.dispatch.store.readResult(jobOf(4))).toBeUndefined();
  await answer(3, 1);
  expect(await run(held)).toBe('done');
  expect(await batch()).toMatchObject({ status: 'completed', counts: { completed: 5 } });
  expect(await lines('out')).toEqual(ids(range(1, 5)));
  expect(await lines('out', 'response')).toMatchObject(
    range(1, 5).map((line) => ({ status_code: 200, body: { answer: line } })),
  );
  expect(told.map(({ status }) => status)).toEqual(['completed']);
  expect(await context.runs.unfinished(10)).toEqual([]);
});

test('a runner that dies between a part and its commit leaves the lines to the next one', async () => {
  const { create, takeOver, run, step, answer, lines, batch, context } = await openRunnerScene();
  await create(inputOf(4));
  const dying = await takeOver();
  await run(dying);
  await answer(1, 2);
  const killed = { ...context, runs: { ...context.runs, commitPart: crash } };
  await expect(step(dying, killed)).rejects.toThrow('killed');
  expect(await lines('out')).toEqual([]);
  const next = await takeOver();
  await run(next);
  expect(await lines('out')).toEqual(['r1', 'r2']);
  await answer(3, 4);
  // The one that seemed dead wakes up, and must not write what the other one writes.
  await expect(step(dying)).rejects.toThrow('taken over');
  expect(await run(next)).toBe('done');
  expect(await lines('out')).toEqual(ids(range(1, 4)));
  expect((await batch()).counts).toMatchObject({ total: 4, completed: 4 });
});

test('a runner that dies between a commit and its jobs leaves no answer in Redis', async () => {
  const { create, takeOver, run, step, answer, context, jobOf, lines } = await openRunnerScene();
  await create(inputOf(3));
  const dying = await takeOver();
  await run(dying);
  await answer(1, 2, 3);
  const { dispatch } = context;
  const store = { ...dispatch.store, moveResults: crash };
  const killed = { ...context, dispatch: { ...dispatch, store } };
  await expect(step(dying, killed)).rejects.toThrow('killed');
  expect(await dispatch.store.readResult(jobOf(1))).toBeDefined();
  expect(await run(await takeOver())).toBe('done');
  expect(await lines('out')).toEqual(ids(range(1, 3)));
  for (const line of [1, 2, 3]) {
    expect(await dispatch.store.readResult(jobOf(line))).toBeUndefined();
    const [record] = await dispatch.store.readRecords([jobOf(line)]);
    expect(record?.resultFile).toMatch(/^file-/);
  }
});

test('lines that were admitted before a crash are the same jobs afterwards', async () => {
  const { create, takeOver, run, step, answer, context, lines, batch } = await openRunnerScene();
  await create(inputOf(6));
  const dying = await takeOver();
  const killed = { ...context, runs: { ...context.runs, admit: crash } };
  await step(dying);
  await expect(step(dying, killed)).rejects.toThrow('killed');
  await answer(2);
  const next = await takeOver();
  await run(next);
  expect((await context.dispatch.queue.counts('a')).waiting).toBe(6);
  await answer(1, 3, 4, 5, 6);
  expect(await run(next)).toBe('done');
  expect(await lines('out')).toEqual(ids(range(1, 6)));
  expect((await batch()).counts.completed).toBe(6);
});

test('a batch that is cancelled ends the jobs that a dead runner made beyond its cursor', async () => {
  const { create, takeOver, run, step, context, batches, batch, lines, relay, jobOf } =
    await openRunnerScene();
  await create(inputOf(500));
  const dying = await takeOver();
  await step(dying);
  const killed = { ...context, runs: { ...context.runs, admit: crash } };
  await expect(step(dying, killed)).rejects.toThrow('killed');
  await batches.cancel('acme', 'batch_1', context.dispatch.clock.now());
  const next = await takeOver();
  await run(next);
  await relay(...range(1, 200));
  expect(await run(next)).toBe('done');
  expect(await batch()).toMatchObject({
    status: 'cancelled',
    counts: { total: 500, completed: 0, failed: 0, cancelled: 500 },
  });
  expect(await lines('err')).toEqual(ids(range(1, 500)));
  const records = await context.dispatch.store.readRecords(range(1, 500).map(jobOf));
  const made = records.filter((record) => record !== undefined);
  expect(made).toHaveLength(200);
  expect(new Set(made.map(({ status }) => status))).toEqual(new Set(['cancelled']));
});

test('one step makes jobs of as many lines as there is room for', async () => {
  const { create, takeOver, step, context, batch } = await openRunnerScene();
  await create(inputOf(450));
  const held = await takeOver();
  await step(held);
  await step(held);
  expect((await context.dispatch.queue.counts('a')).waiting).toBe(450);
  expect((await batch()).counts.total).toBe(450);
});

test('a batch whose input is removed while it runs fails, says why, and keeps what was answered', async () => {
  const { create, takeOver, run, step, answer, relay, batch, lines, context } =
    await openRunnerScene();
  const { input_file_id: input } = await create(inputOf(450));
  const held = await takeOver();
  await step(held);
  let chunks = 1;
  const admission = { isOpen: () => Promise.resolve(chunks-- > 0) };
  await step(held, { ...context, admission });
  await answer(1, 2, 3);
  await context.files.remove('acme', input);
  await run(held);
  await relay(...range(4, 200));
  expect(await run(held)).toBe('done');
  expect(await batch()).toMatchObject({
    status: 'failed',
    problems: [{ code: 'input_file_not_found' }],
    counts: { total: 450, completed: 3, failed: 0, cancelled: 447 },
  });
  expect(await lines('out')).toEqual(ids([1, 2, 3]));
});

test('a batch whose input is removed counts the jobs that a dead runner made beyond its cursor', async () => {
  const { create, takeOver, run, step, answer, relay, batch, lines, context } =
    await openRunnerScene();
  const { input_file_id: input } = await create(inputOf(500));
  const dying = await takeOver();
  await step(dying);
  const killed = { ...context, runs: { ...context.runs, admit: crash } };
  await expect(step(dying, killed)).rejects.toThrow('killed');
  await answer(...range(1, 150));
  await context.files.remove('acme', input);
  const next = await takeOver();
  // It finds them, and ends them with the next look.
  expect(await run(next)).toBe('wait');
  await run(next);
  await relay(...range(151, 200));
  expect(await run(next)).toBe('done');
  expect(await batch()).toMatchObject({
    status: 'failed',
    problems: [{ code: 'input_file_not_found' }],
    counts: { total: 500, completed: 150, failed: 0, cancelled: 350 },
  });
  expect(await lines('out')).toEqual(ids(range(1, 150)));
  expect(await lines('err')).toEqual(ids(range(151, 200)));
});

test('a batch whose output is removed while it runs ends, and the file stays removed', async () => {
  const { create, takeOver, run, answer, batch, context } = await openRunnerScene();
  await create(inputOf(3));
  const held = await takeOver();
  await run(held);
  await answer(1);
  await run(held);
  const { outputFileId = '' } = await batch();
  expect(await context.files.remove('acme', outputFileId)).toBe(true);
  await answer(2, 3);
  expect(await run(held)).toBe('done');
  expect(await batch()).toMatchObject({ status: 'completed', counts: { completed: 3 } });
  expect(await context.files.read('acme', outputFileId)).toBeUndefined();
  expect(await keysOfFile(context, outputFileId)).toEqual([]);
  const { redis, keyPrefix } = context.dispatch;
  expect(await matchingKeys(redis, `${keyPrefix}:*:runs:*`)).toEqual([]);
});

test('a batch that is cancelled ends although its error file is removed meanwhile', async () => {
  const { create, takeOver, run, relay, batches, batch, context } = await openRunnerScene();
  await create(inputOf(20_500));
  const held = await takeOver();
  const admission = { isOpen: () => Promise.resolve(false) };
  await run(held, { ...context, admission });
  await batches.cancel('acme', 'batch_1', context.dispatch.clock.now());
  // Between the two parts that tell of the lines which were no jobs.
  let parts = 0;
  const skipLines: typeof context.runs.skipLines = async (...step) => {
    await context.runs.skipLines(...step);
    const { errorFileId = '' } = await batch();
    if ((parts += 1) === 1) await context.files.remove('acme', errorFileId);
  };
  const watched = { ...context, runs: { ...context.runs, skipLines } };
  await run(held, watched);
  await relay(...range(1, 200));
  expect(await run(held, watched)).toBe('done');
  expect(parts).toBe(2);
  const { status, errorFileId = '' } = await batch();
  expect(status).toBe('cancelled');
  expect(await context.files.read('acme', errorFileId)).toBeUndefined();
  expect(await keysOfFile(context, errorFileId)).toEqual([]);
});

/** The runner, with so few lines of a batch that are jobs at a time. */
function withLinesInFlight(context: RunnerContext, linesInFlight: number): RunnerContext {
  const { dispatch } = context;
  const views = () => {
    const known = dispatch.views();
    const { settings } = known;
    return {
      ...known,
      settings: { ...settings, batches: { ...settings.batches, linesInFlight } },
    };
  };
  return { ...context, dispatch: { ...dispatch, views } };
}

/** Steps, and has each line answered that a step began. */
async function openBusyScene(given: { lines: number; linesInFlight: number }) {
  const scene = await openRunnerScene();
  const context = withLinesInFlight(scene.context, given.linesInFlight);
  const { create, takeOver, step, answer } = scene;
  const reference = { project: 'acme', id: (await create(inputOf(given.lines))).id };
  let answered = 0;
  const admitted = async () => (await context.runs.read(reference))?.admitted ?? 0;
  const stepAndAnswer = async (
    held: Awaited<ReturnType<typeof takeOver>>,
    with_ = context,
    then: (line: number) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<void> => {
    await step(held, with_).catch((error: unknown) => {
      if (!String(error).includes('the disk is full')) throw error;
    });
    const last = await admitted();
    const begun = range(answered + 1, last);
    answered = last;
    await Promise.all(
      begun.map(async (line) => {
        await answer(line);
        await then(line);
      }),
    );
  };
  return { ...scene, context, admitted, stepAndAnswer };
}

test('while results cannot be written, whoever holds the batch begins only so many more lines', async () => {
  const { takeOver, context, admitted, stepAndAnswer, run, batch } = await openBusyScene({
    lines: 1100,
    linesInFlight: 200,
  });
  const full = { ...context, bytes: { ...context.bytes, write: diskFull } };
  for (let holds = 0; holds < 2; holds += 1) {
    const held = await takeOver();
    for (let steps = 0; steps < 7; steps += 1) await stepAndAnswer(held, full);
    expect(await admitted()).toBe(1000);
  }
  const held = await takeOver();
  for (let steps = 0; steps < 10; steps += 1) await stepAndAnswer(held);
  expect(await run(held, context)).toBe('done');
  expect((await batch()).counts).toMatchObject({ total: 1100, completed: 1100 });
}, 60_000);

test('while answers do not open, only so many more lines are begun', async () => {
  const { takeOver, context, admitted, stepAndAnswer, run, batch, jobOf } = await openBusyScene({
    lines: 1100,
    linesInFlight: 200,
  });
  const { redis, keyPrefix } = context.dispatch;
  const answers: [string, Buffer][] = [];
  const seal = async (line: number): Promise<void> => {
    const { result } = jobKeys(keyPrefix, jobOf(line));
    answers.push([result, (await redis.getBuffer(result)) ?? Buffer.alloc(0)]);
    await redis.set(result, lostSeal());
  };
  const held = await takeOver();
  for (let steps = 0; steps < 10; steps += 1) await stepAndAnswer(held, context, seal);
  expect(await admitted()).toBe(1000);
  await Promise.all(answers.map(([key, answer]) => redis.set(key, answer)));
  for (let steps = 0; steps < 10; steps += 1) await stepAndAnswer(held);
  expect(await run(held, context)).toBe('done');
  expect((await batch()).counts).toMatchObject({ total: 1100, completed: 1100 });
}, 60_000);

test('where few lines may be jobs at a time, no part is written for every few of them', async () => {
  const { takeOver, context, admitted, answer } = await openBusyScene({
    lines: 200,
    linesInFlight: 4,
  });
  const { dispatch } = context;
  // No time passes for which a part would be written.
  const clock = { ...dispatch.clock, monotonic: () => 0 };
  const held = { ...(await takeOver()), writtenAt: 0 };
  for (let answered = 0; answered < 200;) {
    await runStep({ ...context, dispatch: { ...dispatch, clock } }, held);
    const last = await admitted();
    for (; answered < last; answered += 1) await answer(answered + 1);
  }
  expect(held.partsWritten).toBe(0);
}, 30_000);

test('while the lines that were no jobs cannot be told of, no more of them become jobs', async () => {
  const { create, takeOver, step, run, relay, context, batches, batch, lines, jobOf } =
    await openRunnerScene();
  await create(inputOf(900));
  const held = await takeOver();
  await step(held);
  await batches.cancel('acme', 'batch_1', context.dispatch.clock.now());
  const full = { ...context, bytes: { ...context.bytes, write: diskFull } };
  for (let steps = 0; steps < 4; steps += 1) {
    await expect(step(held, full)).rejects.toThrow('full');
  }
  const records = await context.dispatch.store.readRecords(range(1, 900).map(jobOf));
  expect(records.filter((record) => record !== undefined)).toHaveLength(200);
  await run(held);
  await relay(...range(1, 200));
  expect(await run(held)).toBe('done');
  expect((await batch()).counts).toMatchObject({ total: 900, cancelled: 900 });
  expect(await lines('err')).toEqual(ids(range(1, 900)));
});

test('a runner that takes over between two parts of lines that were no jobs makes none of the rest', async () => {
  const { create, takeOver, step, run, relay, context, batches, batch, jobOf } =
    await openRunnerScene();
  await create(inputOf(20_500));
  const dying = await takeOver();
  await step(dying);
  await batches.cancel('acme', 'batch_1', context.dispatch.clock.now());
  let parts = 0;
  const skipLines: typeof context.runs.skipLines = (...given) =>
    (parts += 1) === 1 ? context.runs.skipLines(...given) : crash();
  const killed = { ...context, runs: { ...context.runs, skipLines } };
  await expect(step(dying, killed)).rejects.toThrow('killed');
  const next = await takeOver();
  await run(next);
  const beyond = await context.dispatch.store.readRecords(range(20_201, 20_500).map(jobOf));
  expect(beyond.filter((record) => record !== undefined)).toEqual([]);
  await relay(...range(1, 200));
  expect(await run(next)).toBe('done');
  expect((await batch()).counts).toMatchObject({ total: 20_500, cancelled: 20_500 });
});

test('where the lines that were no jobs cannot be told of, the input is closed', async () => {
  const { create, takeOver, step, context, batches } = await openRunnerScene();
  await create(inputOf(250));
  const held = await takeOver();
  await step(held, { ...context, admission: { isOpen: () => Promise.resolve(false) } });
  await batches.cancel('acme', 'batch_1', context.dispatch.clock.now());
  let open = 0;
  const counted = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    open += 1;
    try {
      yield* chunks;
    } finally {
      open -= 1;
    }
  };
  const content: typeof context.files.content = async (...of) => {
    const chunks = await context.files.content(...of);
    return chunks === undefined ? undefined : counted(chunks);
  };
  const full = {
    files: { ...context.files, content },
    bytes: { ...context.bytes, write: diskFull },
  };
  await expect(step(held, { ...context, ...full })).rejects.toThrow('full');
  expect(open).toBe(0);
});

test('a batch whose input is gone before it is read fails at once', async () => {
  const { create, takeOver, run, batch, context } = await openRunnerScene();
  const { input_file_id: input } = await create(inputOf(3));
  await context.files.remove('acme', input);
  expect(await run(await takeOver())).toBe('done');
  expect(await batch()).toMatchObject({
    status: 'failed',
    problems: [{ code: 'input_file_not_found' }],
  });
});

test('a line whose job was erased does not hold up its batch', async () => {
  const { create, takeOver, run, answer, batch, context, jobOf } = await openRunnerScene();
  await create(inputOf(2));
  const held = await takeOver();
  await run(held);
  await answer(1);
  const { redis, keyPrefix } = context.dispatch;
  await redis.del(...(await matchingKeys(redis, `${keyPrefix}:*:job:${jobOf(2).id}*`)));
  expect(await run(held)).toBe('wait');
  held.mendedAt = -Infinity;
  expect(await run(held)).toBe('done');
  expect(hasEnded(await batch())).toBe(true);
  expect((await batch()).counts).toMatchObject({ completed: 1, failed: 1 });
});

test('an end that nobody relayed is found', async () => {
  const { create, takeOver, run, answer, batch, context } = await openRunnerScene();
  await create(inputOf(1));
  const held = await takeOver();
  await run(held);
  const countEnded = context.runs.countEnded;
  context.runs.countEnded = () => Promise.resolve(0);
  await answer(1);
  context.runs.countEnded = countEnded;
  expect(await run(held)).toBe('wait');
  held.mendedAt = -Infinity;
  expect(await run(held)).toBe('done');
  expect((await batch()).counts.completed).toBe(1);
});

/** Of a batch of three lines, of which the second does not open. */
async function openUnreadScene(given: Partial<BatchRequest> = {}) {
  const scene = await openRunnerScene();
  const { create, takeOver, run, answer, context, jobOf } = scene;
  await create(inputOf(3), given);
  const held = await takeOver();
  await run(held);
  await answer(1, 3);
  const { redis, keyPrefix } = context.dispatch;
  const keys = jobKeys(keyPrefix, jobOf(2));
  return { ...scene, held, redis, keys };
}

test.each(['answered', 'running'])(
  'a line that was %s and whose record was changed in Redis is given up with its batch, and holds up no other',
  async (state) => {
    const { held, redis, keys, run, answer, advance, lines, batch } = await openUnreadScene();
    if (state === 'answered') await answer(2);
    await redis.hset(keys.record, 'req', '{"dialect":');
    held.mendedAt = -Infinity;
    expect(await run(held)).toBe('wait');
    expect(await lines('out')).toEqual(['r1', 'r3']);
    advance(86_400_000);
    expect(await run(held)).toBe('done');
    const completed = state === 'answered' ? 3 : 2;
    expect(await batch()).toMatchObject({
      status: 'completed',
      counts: { total: 3, completed, failed: 3 - completed },
    });
    expect(await lines('out')).toEqual(['r1', 'r3']);
    expect(await lines('err', 'error')).toMatchObject([{ code: 'unreadable' }]);
  },
);

test('an answer whose key is missing is written when the key is back, and holds up no other', async () => {
  const { held, redis, keys, run, answer, advance, lines, batch } = await openUnreadScene();
  await answer(2);
  const bytes = (await redis.getBuffer(keys.result)) ?? Buffer.alloc(0);
  await redis.set(keys.result, lostSeal());
  expect(await run(held)).toBe('wait');
  expect(await lines('out')).toEqual(['r1', 'r3']);
  advance(86_400_000);
  expect(await run(held)).toBe('wait');
  await redis.set(keys.result, bytes);
  expect(await run(held)).toBe('done');
  expect(await lines('out')).toEqual(['r1', 'r2', 'r3']);
  expect((await batch()).status).toBe('completed');
});

test('what was answered of a batch is kept for as long as it waits for the key of a line', async () => {
  const { held, redis, keys, run, answer, advance, lines, batch, context } = await openUnreadScene({
    output_life_ms: 3_600_000,
  });
  await answer(2);
  const bytes = (await redis.getBuffer(keys.result)) ?? Buffer.alloc(0);
  await redis.set(keys.result, lostSeal());
  await run(held);
  advance(86_400_000);
  for (let halfHours = 0; halfHours < 4; halfHours += 1) {
    await run(held);
    advance(1_800_000);
    await sweepFiles(context);
  }
  expect(await lines('out')).toEqual(['r1', 'r3']);
  await redis.set(keys.result, bytes);
  expect(await run(held)).toBe('done');
  expect(await lines('out')).toEqual(['r1', 'r2', 'r3']);
  expect((await batch()).status).toBe('completed');
  // Complete, it is kept for as long as was asked for.
  const { outputFileId = '' } = await batch();
  const { expires_at: expiresAt = 0 } =
    (await context.files.read('acme', outputFileId))?.record ?? {};
  expect(expiresAt - context.dispatch.clock.now()).toBeLessThanOrEqual(3_600_000);
  advance(7_200_000);
  await sweepFiles(context);
  expect(await context.files.read('acme', outputFileId)).toBeUndefined();
});

/** Of a batch that nobody can read until its key is back. */
async function loseKeyOf(
  { redis, keyPrefix }: RunnerContext['dispatch'],
  reference: BatchReference,
) {
  const { record } = batchKeys(keyPrefix, reference);
  const text = (await redis.hget(record, 'req')) ?? '';
  const sealed = `sealed:${lostSeal().toString('base64')}`;
  await redis.hset(record, 'req', JSON.stringify({ ...JSON.parse(text), sealed }));
  return async (): Promise<void> => void (await redis.hset(record, 'req', text));
}

test('what was answered of a batch is kept for as long as nobody can read the batch', async () => {
  const { held, run, step, answer, advance, lines, batch, context } = await openUnreadScene({
    output_life_ms: 3_600_000,
  });
  await run(held);
  const bringKey = await loseKeyOf(context.dispatch, held.lease.batch);
  advance(86_400_000);
  for (let hours = 0; hours < 3; hours += 1) {
    await expect(step(held)).rejects.toThrow('lost');
    advance(3_600_000);
    await sweepFiles(context);
  }
  await answer(2);
  await bringKey();
  expect(await run(held)).toBe('done');
  expect(await lines('out')).toEqual(['r1', 'r2', 'r3']);
  expect((await batch()).status).toBe('completed');
});

test('where no runner was up past the time of a batch, its sweep leaves the files to the first step', async () => {
  const { create, takeOver, run, answer, relay, advance, lines, batch, context } =
    await openRunnerScene();
  const { input_file_id: input } = await create(inputOf(6), { output_life_ms: 3_600_000 });
  const first = await takeOver();
  const narrow = withLinesInFlight(context, 3);
  await run(first, narrow);
  await answer(1, 3);
  await run(first, narrow);
  await answer(2);
  advance(2 * 86_400_000);
  await sweepFiles(context);
  const next = await takeOver();
  await run(next);
  await relay(4, 5);
  expect(await run(next)).toBe('done');
  const { status, outputFileId = '', errorFileId = '' } = await batch();
  expect(status).toBe('expired');
  expect(await lines('out')).toEqual(['r1', 'r2', 'r3']);
  expect(await lines('err')).toEqual(['r4', 'r5', 'r6']);
  // Nothing holds them any more.
  advance(7_200_000);
  await sweepFiles(context);
  for (const file of [input, outputFileId, errorFileId]) {
    expect(await context.files.read('acme', file)).toBeUndefined();
  }
});

test('while Redis is short of memory nothing is admitted', async () => {
  const { create, takeOver, run, batch, context } = await openRunnerScene();
  await create(inputOf(3));
  const held = await takeOver();
  const { redis, views, clock, logger } = context.dispatch;
  const tight = { ...views().settings.redis, memoryBudgetBytes: 1 };
  const closed = { ...context, admission: createAdmission(redis, () => tight, clock, logger) };
  await run(held, closed);
  expect((await batch()).status).toBe('in_progress');
  expect((await context.dispatch.queue.counts('a')).waiting).toBe(0);
  await run(held);
  expect((await context.dispatch.queue.counts('a')).waiting).toBe(3);
});

test('many parts are merged in several passes, and nothing between them stays behind', async () => {
  const { create, takeOver, run, step, answer, lines, context, batch } = await openRunnerScene();
  await create(inputOf(70));
  const held = await takeOver();
  await run(held);
  // From the last to the first: every part is in the wrong place.
  for (const line of range(1, 70).toReversed()) {
    await answer(line);
    if (line > 1) await step(held);
  }
  expect(await lines('out')).toEqual(ids(range(2, 70).toReversed()));
  expect(await run(held)).toBe('done');
  expect(await lines('out')).toEqual(ids(range(1, 70)));
  const { outputFileId } = await batch();
  const kept: string[] = [];
  for await (const { key } of context.bytes.list(`acme/${outputFileId}/`)) kept.push(key);
  // 70 parts, which whoever reads them just now may finish, and the one they became.
  expect(kept).toHaveLength(71);
}, 30_000);

test('a batch of many parts ends where they are objects of a bucket', async () => {
  const storage = await startS3Storage();
  onTestFinished(storage.stop);
  for (const [name, value] of Object.entries(S3_CREDENTIALS)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const scene = await openRunnerScene({ s3: storage.newSettings() });
  const { create, takeOver, run, step, answer, lines, batch } = scene;
  await create(inputOf(70));
  const held = await takeOver();
  await run(held);
  for (const line of range(1, 70).toReversed()) {
    await answer(line);
    if (line > 1) await step(held);
  }
  expect(await run(held)).toBe('done');
  expect((await batch()).status).toBe('completed');
  expect(await lines('out')).toEqual(ids(range(1, 70)));
}, 60_000);

const messageLine = (customId: string, params: object): string =>
  JSON.stringify({ custom_id: customId, params });

test('results of the Anthropic surface stand in one file, whatever became of them', async () => {
  const { create, takeOver, run, answer, lines, batch } = await openRunnerScene();
  await create(
    [
      messageLine('a', { model: 'm', max_tokens: 5, messages: [] }),
      messageLine('b', { max_tokens: 5, messages: [] }),
    ].join('\n'),
    { surface: 'anthropic', endpoint: '/v1/messages', lines: 2 },
  );
  const held = await takeOver();
  await run(held);
  await answer(1);
  expect(await run(held)).toBe('done');
  expect(await batch()).toMatchObject({ counts: { completed: 1, failed: 1 } });
  expect((await batch()).errorFileId).toBeUndefined();
  expect(await lines('out', 'result')).toMatchObject([
    { type: 'succeeded', message: { answer: 1 } },
    { type: 'errored', error: { error: { type: 'invalid_request_error' } } },
  ]);
});
