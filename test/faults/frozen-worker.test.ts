import { expect, test } from 'vitest';
import type { Reply } from '../support/fake-vendor-reply.ts';
import { NOTHING_WRONG, checkLedger } from './check-ledger.ts';
import { WORKER, openFaultScene } from './fault-scene.ts';
import { sayFigures } from './fault-size.ts';
import type { VendorCall } from './ledger-vendor.ts';

/** Beyond the lock: by now another worker has taken the turns. */
const TAKEN_OVER_WITHIN_MS = 40_000;

/** By token and call: the first ones are answered while the worker is stopped. */
function createReplies(): (call: VendorCall) => Reply {
  const calls = new Map<string, number>();
  return ({ token }) => {
    const made = (calls.get(token) ?? 0) + 1;
    calls.set(token, made);
    if (made === 1 && token === 'late-failure') {
      return { status: 500, body: { error: { message: 'broken' } }, delayMs: 3000 };
    }
    if (made === 1) return { text: 'late but good', delayMs: 3000 };
    return token === 'late-failure' ? { delayMs: 3000 } : { answer: 'never' };
  };
}

/**
 * Both jobs are held by a worker that is stopped beyond its lock. By then their first calls have
 * been answered, the one well and the other not; their second calls hang until the worker goes on.
 */
test('a worker that wakes after its lock may bring an answer, and its failure changes nothing', async () => {
  await using scene = await openFaultScene({ replyTo: createReplies() });
  const { ledger, vendor, broker, replicas, client } = scene;
  const frozen = broker.services.get(WORKER)!;

  const good = await client.submit('late-answer', 'chat');
  const bad = await client.submit('late-failure', 'chat');
  await vendor.waitForCalls(2);
  frozen.kill('SIGSTOP');
  const frozenAt = performance.now();
  await replicas.start(WORKER);
  await vendor.waitForCalls(4, { timeoutMs: TAKEN_OVER_WITHIN_MS });
  const takenOverMs = Math.round(performance.now() - frozenAt);
  frozen.kill('SIGCONT');

  const records = new Map([
    [good, await client.watch(good)],
    [bad, await client.watch(bad)],
  ]);
  // The late answer ended the job and hung up the newer call, which stays on the record.
  expect(records.get(good)).toMatchObject({
    status: 'completed',
    attempts: [{ outcome: 'succeeded', requestId: 'call-1' }, { outcome: 'cancelled' }],
  });
  // The late failure came to a job that had gone on without it.
  expect(records.get(bad)).toMatchObject({
    status: 'completed',
    attempts: [{ outcome: 'interrupted' }, { outcome: 'succeeded' }],
  });
  for (const id of records.keys()) await client.watch(id);
  expect(checkLedger(ledger, records)).toMatchObject({
    accepted: 2,
    calls: 4,
    duplicateCalls: 2,
    ...NOTHING_WRONG,
  });
  sayFigures('frozen worker', { takenOverMs });
}, 120_000);
