import { expect, test } from 'vitest';
import { openWorker } from './testing/worker-scene.ts';

const REFUSAL = 'NOREPLICAS Not enough good replicas to write.';
const ab = [{ provider: 'a' }, { provider: 'b' }];

/** The same, but refused the first times by a Redis that cannot write. */
function refusedAtFirst<Given extends unknown[], Reply>(
  times: number,
  ask: (...given: Given) => Promise<Reply>,
): { asked: () => number; refused: (...given: Given) => Promise<Reply> } {
  let asked = 0;
  return {
    asked: () => asked,
    refused: async (...given) => {
      asked += 1;
      if (asked <= times) throw new Error(REFUSAL);
      return ask(...given);
    },
  };
}

test('an answer that Redis refuses to write for a moment is kept, and its call is made once', async () => {
  const { vendor, dispatch, submit, takeTurn } = await openWorker(ab);
  const { asked, refused } = refusedAtFirst(1, dispatch.store.transition);
  dispatch.store.transition = refused;
  const { record, attempts } = await takeTurn(await submit());
  expect(record).toMatchObject({ status: 'completed', starts: 0 });
  expect(attempts.map(({ outcome }) => outcome)).toEqual(['succeeded']);
  expect(vendor.calls).toHaveLength(1);
  expect(asked()).toBe(2);
});

test('a failure of which Redis would not hear at first still moves its job on', async () => {
  const { vendor, dispatch, submit, takeTurn } = await openWorker(ab);
  vendor.onCall(/^\/a\//, { status: 429, body: { error: { message: 'no' } } });
  dispatch.cooldowns.reportFailure = refusedAtFirst(1, dispatch.cooldowns.reportFailure).refused;
  const { record, attempts } = await takeTurn(await submit());
  expect(record.progress.place).toMatchObject({ kind: 'queue', planned: { provider: 'b' } });
  expect(attempts).toMatchObject([{ outcome: 'failed', cooldown: { scope: 'model' } }]);
  expect(vendor.calls).toHaveLength(1);
});

test('a worker that stops tries once more and lets the turn go', async () => {
  const { worker, dispatch, submit, takeTurn } = await openWorker(ab);
  const { asked, refused } = refusedAtFirst(Infinity, dispatch.store.transition);
  dispatch.store.transition = refused;
  const turn = takeTurn(await submit());
  await expect.poll(asked).toBe(1);
  worker.running.stopAll('drain');
  await expect(turn).rejects.toThrow(REFUSAL);
  expect(asked()).toBe(2);
  expect(worker.running.jobs()).toEqual([]);
});
