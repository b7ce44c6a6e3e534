import { expect, test } from 'vitest';
import { providerKeys } from '../../packages/availability/src/provider-keys.ts';
import { openTestRedis } from '../support/redis.ts';
import { expectLedgerKept } from './audit.ts';
import { WORKER, openFaultScene } from './fault-scene.ts';
import { sayFigures } from './fault-size.ts';

const TWO_TARGETS = `
routes:
  chat: { targets: [ { provider: first, model: m }, { provider: second, model: m } ] }
`;
/** The lock of 10 s, and the looks at workers and queues. */
const TAKEN_OVER_WITHIN_MS = 60_000;

test('a call that the death of the last worker of a provider cut off is made at the next one', async () => {
  await using scene = await openFaultScene({
    providers: { first: '', second: '' },
    configuration: TWO_TARGETS,
    replyTo: ({ provider }) => (provider === 'first' ? { answer: 'never' } : { text: 'good' }),
  });
  const { ledger, vendor, broker, replicas, client } = scene;
  await replicas.start(WORKER, { UNDERSTUDY_PROVIDERS: 'second' });

  const job = await client.submit('cut-off', 'chat');
  await vendor.waitForCalls(1);
  broker.services.get(WORKER)!.kill('SIGKILL');
  const diedAt = performance.now();
  // As if the 30 s had passed after which a silent worker counts as dead.
  await openTestRedis().del(providerKeys(broker.keyPrefix, 'first').beats);
  await vendor.waitForCalls(2, { timeoutMs: TAKEN_OVER_WITHIN_MS });
  const takenOverMs = Math.round(performance.now() - diedAt);

  expect(await client.watch(job)).toMatchObject({
    status: 'completed',
    attempts: [{ outcome: 'interrupted' }, { outcome: 'succeeded', requestId: 'call-2' }],
  });
  expect(await expectLedgerKept(ledger, client)).toMatchObject({ calls: 2, duplicateCalls: 1 });
  sayFigures('last worker', { takenOverMs });
});
