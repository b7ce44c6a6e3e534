import { expect, test } from 'vitest';
import { startKillableRedis } from '../faults/killable-redis.ts';
import { untilReady } from '../support/until-ready.ts';
import { verifyDelivery } from '../support/webhook-receiver.ts';
import { startWebhookScene, type WebhookScene } from '../support/webhook-scene.ts';

const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
/** The lock of a turn runs out after 10 s, and the next look comes 2.5 s later. */
const RECOVERY_MS = 30_000;

async function killAndRestart({ broker }: WebhookScene, name: string): Promise<void> {
  const service = broker.services.get(name);
  if (service === undefined) throw new Error(`the broker has no ${name}`);
  service.kill('SIGKILL');
  await service.ended;
  await broker.startService(name);
}

test('an event whose receiver is called while the deliverer is killed comes again with its id and body', async () => {
  await using scene = await startWebhookScene();
  const restore = scene.receiver.answer('/hang', { answer: 'never' });
  const id = await scene.submit({ url: `${scene.receiver.url}/hang`, secret: SECRET });
  const [first] = await scene.receiver.waitFor('/hang');
  restore();
  await killAndRestart(scene, 'webhook-deliverer');
  const [, second] = await scene.receiver.waitFor('/hang', 2, RECOVERY_MS);
  expect([second?.id, second?.body]).toEqual([first?.id, first?.body]);
  verifyDelivery(second!, SECRET);
  expect(await scene.settled(`job=${id}`)).toMatchObject({
    state: 'delivered',
    event: { id: first?.id },
  });
});

test('an event outlives the API, the scheduler and the deliverer together', async () => {
  await using scene = await startWebhookScene();
  scene.vendor.onCall(/^\/v1\//, [{ delayMs: 1500 }]);
  const id = await scene.submit({ url: `${scene.receiver.url}/late`, secret: SECRET });
  await scene.vendor.waitForCalls(1);
  await Promise.all(
    ['api', 'scheduler', 'webhook-deliverer'].map((name) => killAndRestart(scene, name)),
  );
  const [delivery] = await scene.receiver.waitFor('/late', 1, RECOVERY_MS);
  verifyDelivery(delivery!, SECRET);
  expect(delivery?.event).toMatchObject({ type: 'job.completed', data: { id } });
  await untilReady(scene.broker.url);
  await scene.settled(`job=${id}`);
  expect(new Set(scene.receiver.at('/late').map((one) => one.id)).size).toBe(1);
});

test('an event that waits for its next try outlives a restart of Redis', async () => {
  await using redis = await startKillableRedis();
  await using scene = await startWebhookScene({ redisUrl: redis.url, retries: '0s, 2s, 5s' });
  const restore = scene.receiver.answer('/down', { status: 500, body: '' });
  const id = await scene.submit({ url: `${scene.receiver.url}/down`, secret: SECRET });
  const [first] = await scene.receiver.waitFor('/down');
  await redis.kill();
  restore();
  await redis.start();
  const came = await scene.receiver.waitFor('/down', 2, RECOVERY_MS);
  expect(new Set(came.map((one) => `${one.id} ${one.body}`))).toEqual(
    new Set([`${first?.id} ${first?.body}`]),
  );
  verifyDelivery(came.at(-1)!, SECRET);
  await untilReady(scene.broker.url);
  expect(await scene.settled(`job=${id}`)).toMatchObject({ state: 'delivered' });
});
