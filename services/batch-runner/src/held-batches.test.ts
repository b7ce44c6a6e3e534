import { expect, onTestFinished, test, vi } from 'vitest';
import { createHeldBatches } from './held-batches.ts';
import { inputOf, openRunnerScene } from './testing/runner-scene.ts';

/** Ends where somebody works on it, by itself. */
const BROKEN = 'no request';

async function openHeldScene(most: number) {
  const { context, batches, create } = await openRunnerScene();
  const held = createHeldBatches(context, { holder: 'runner', most, idleMs: 200 });
  onTestFinished(() => held.close());
  const status = async (id: string) => (await batches.read('acme', id))?.status;
  return {
    create: (id: string, input: string) => create(input, { id }),
    cancel: (id: string) => batches.cancel('acme', id, context.dispatch.clock.now()),
    status,
    /** Looks as often as lines end. */
    lookUntil: async (id: string, wanted: string) => {
      const looked = async () => {
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

test('a batch that is to be cancelled comes before those that wait for longer', async () => {
  const { create, cancel, lookUntil, status } = await openHeldScene(1);
  await create('batch_1', inputOf(1));
  await lookUntil('batch_1', 'in_progress');
  await create('batch_2', inputOf(1));
  await create('batch_3', BROKEN);
  await cancel('batch_3');
  await lookUntil('batch_3', 'cancelled');
  expect(await status('batch_2')).toBe('validating');
  await lookUntil('batch_2', 'in_progress');
});
