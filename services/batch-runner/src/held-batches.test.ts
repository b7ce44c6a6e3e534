import { setTimeout } from 'node:timers/promises';
import { batchKeys } from '@understudy/batch-store';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createHeldBatches } from './held-batches.ts';
import { inputOf, lostSeal, openRunnerScene } from './testing/runner-scene.ts';

/** Ends where somebody works on it, by itself. */
const BROKEN = 'no request';

async function openHeldScene(most: number, { idleMs = 200, turnMs = 60_000, portion = 1000 } = {}) {
  const { context: sound, batches, create, answer } = await openRunnerScene();
  const { bytes } = sound;
  const write = vi.fn<typeof bytes.write>(bytes.write);
  const context = { ...sound, bytes: { ...bytes, write } };
  const { redis, keyPrefix } = context.dispatch;
  const held = createHeldBatches(context, { holder: 'runner', most, portion, idleMs, turnMs });
  onTestFinished(() => held.close());
  const status = async (id: string) => (await batches.read('acme', id))?.status;
  return {
    create: (id: string, input: string) => create(input, { id }),
    answer,
    /** Lines that workers may begin. */
    waiting: async () => (await context.dispatch.queue.counts('a')).waiting,
    /** Has one more line of a batch end with each call. */
    goOn: async (id: string) => {
      const line = await redis.incr(`${keyPrefix}:went-on`);
      await context.runs.countEnded({ project: 'acme', id }, [{ line, outcome: 'failed' }]);
    },
    /** A batch that is to be cancelled, and which nobody can read. */
    createLost: async (id: string) => {
      await create(inputOf(1), { id });
      const { record } = batchKeys(keyPrefix, { project: 'acme', id });
      const problems = `sealed:${lostSeal().toString('base64')}`;
      await redis.hset(record, { st: 'cancelling', problems });
    },
    look: () => held.look(),
    write,
    /** The next write goes on once the result is called. */
    stallWrite: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      write.mockImplementationOnce(async (...given) => {
        await promise;
        return bytes.write(...given);
      });
      onTestFinished(() => resolve());
      return resolve;
    },
    /** Another runner works on it. */
    takeElsewhere: async (id: string) => {
      const now = context.dispatch.clock.now();
      await context.runs.claim({ project: 'acme', id }, 'other', now, now + 60_000);
    },
    cancel: (id: string) => batches.cancel('acme', id, context.dispatch.clock.now()),
    status,
    /** Looks as often as lines end. */
    lookUntil: async (id: string, wanted: string, each: () => unknown = () => undefined) => {
      const looked = async () => {
        await each();
        await held.look();
        expect(await status(id)).toBe(wanted);
      };
      await vi.waitFor(looked, { timeout: 10_000, interval: 50 });
    },
  };
}

test('where there is no room, a batch that does not get on gives way to one that waits', async () => {
  const { create, lookUntil, status } = await openHeldScene(2);
  // Nobody answers their lines.
  for (const id of ['batch_1', 'batch_2']) {
    await create(id, inputOf(1));
    await lookUntil(id, 'in_progress');
  }
  await create('batch_3', BROKEN);
  await lookUntil('batch_3', 'failed');
  // What gave way goes on where it was, and the other gives way to the next.
  await create('batch_4', BROKEN);
  await lookUntil('batch_4', 'failed');
  expect(await status('batch_1')).toBe('in_progress');
});

test('a batch that is to be cancelled needs no room, though what is held gets on', async () => {
  const scene = await openHeldScene(1, { idleMs: 2000 });
  const { create, cancel, goOn, lookUntil, status } = scene;
  await create('batch_1', inputOf(1));
  await lookUntil('batch_1', 'in_progress');
  await create('batch_2', inputOf(400));
  await lookUntil('batch_2', 'in_progress');
  await cancel('batch_1');
  await lookUntil('batch_1', 'cancelled', () => goOn('batch_2'));
  expect(await status('batch_2')).toBe('in_progress');
});

test('batches that are to be cancelled and never end keep nobody else out', async () => {
  const { create, createLost, lookUntil, status } = await openHeldScene(1);
  for (const id of ['batch_1', 'batch_2', 'batch_3']) await createLost(id);
  await create('batch_4', BROKEN);
  await lookUntil('batch_4', 'failed');
  await create('batch_5', BROKEN);
  await lookUntil('batch_5', 'failed');
  await expect(status('batch_1')).rejects.toThrow('lost');
});

test('where all get on, a batch that waits gets its turn, and then the next', async () => {
  const scene = await openHeldScene(1, { idleMs: 60_000, turnMs: 500 });
  const { create, answer, lookUntil, status } = scene;
  await create('batch_1', inputOf(1));
  await lookUntil('batch_1', 'in_progress');
  await create('batch_2', inputOf(1));
  await create('batch_3', BROKEN);
  await lookUntil('batch_2', 'in_progress');
  await lookUntil('batch_3', 'failed');
  expect(await status('batch_1')).toBe('in_progress');
  await answer(1);
  await lookUntil('batch_1', 'completed');
});

test('a batch that gives way while a write of it is stalled holds up no look, and its place waits', async () => {
  const scene = await openHeldScene(1, { idleMs: 60_000, turnMs: 500 });
  const { create, answer, cancel, look, lookUntil, status, waiting, stallWrite, write } = scene;
  await create('batch_1', inputOf(2));
  await lookUntil('batch_1', 'in_progress');
  await vi.waitFor(async () => expect(await waiting()).toBe(2), { timeout: 5000 });
  const goOn = stallWrite();
  await answer(1);
  await vi.waitFor(() => expect(write).toHaveBeenCalledOnce(), { timeout: 5000 });
  await create('batch_2', BROKEN);
  await create('batch_3', inputOf(1));
  await cancel('batch_3');
  await lookUntil('batch_3', 'cancelled');
  // Longer than a turn, and than it takes until room is looked for again.
  for (let looks = 0; looks < 15; looks += 1) {
    await look();
    await setTimeout(100);
  }
  expect(await status('batch_2')).toBe('validating');
  goOn();
  await lookUntil('batch_2', 'failed');
});

test('where there is no room, a batch behind many others that wait is seen, too', async () => {
  const scene = await openHeldScene(1, { idleMs: 60_000, portion: 2 });
  const { create, cancel, lookUntil, status } = scene;
  await create('batch_1', inputOf(1));
  await lookUntil('batch_1', 'in_progress');
  for (const id of ['batch_2', 'batch_3', 'batch_4', 'batch_5']) await create(id, inputOf(1));
  await cancel('batch_5');
  await lookUntil('batch_5', 'cancelled');
  await cancel('batch_2');
  await lookUntil('batch_2', 'cancelled');
  expect(await status('batch_3')).toBe('validating');
});

test('where there is room, a batch behind many others that are worked on elsewhere is taken', async () => {
  const { create, takeElsewhere, lookUntil, status } = await openHeldScene(2, { portion: 1 });
  for (const id of ['batch_1', 'batch_2']) {
    await create(id, inputOf(1));
    await takeElsewhere(id);
  }
  await create('batch_3', BROKEN);
  await lookUntil('batch_3', 'failed');
  expect(await status('batch_1')).toBe('validating');
});
