import { startQueueConsumer } from '@understudy/queue';
import { openTestRedis } from '../../../../test/support/redis.ts';
import type { TestApi } from './start-test-api.ts';

/** Takes the next job from the queue of `main` as a worker does, and holds it until told to end. */
export async function runningJob(api: TestApi): Promise<{ id: string; end(): Promise<void> }> {
  const { store, clock, keyPrefix, logger } = api.dispatch;
  const connection = openTestRedis();
  const held = Promise.withResolvers<void>();
  const started = Promise.withResolvers<string>();
  const consumer = await startQueueConsumer(
    connection,
    { provider: 'main', keyPrefix, concurrency: 1, logger },
    async ({ project, id, turn }) => {
      const begun = await store.begin({ project, id }, turn, clock.now(), clock.now() + 10_000);
      if (begun.kind === 'started') {
        started.resolve(id);
        await held.promise;
      }
      return 'served';
    },
  );
  return {
    id: await started.promise,
    end: async () => {
      held.resolve();
      await consumer.close();
    },
  };
}
