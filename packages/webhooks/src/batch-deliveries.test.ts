import type { BatchRecord } from '@understudy/contracts';
import { openTestSubscriber } from '../../../test/support/redis.ts';
import { onTestFinished, expect, test } from 'vitest';
import { createBatchDeliveries } from './batch-deliveries.ts';
import { createEndpointDirectory } from './endpoint-directory.ts';
import { callbackEndpointId } from './endpoint.ts';
import { endedBatch } from './testing/ended-batch.ts';
import { openWebhookScene } from './testing/webhook-scene.ts';

const CALLBACK_URL = 'https://a.example/hook';

function openBatchScene() {
  const scene = openWebhookScene();
  const { parts, keyPrefix, clock } = scene;
  const subscriber = openTestSubscriber();
  onTestFinished(() => subscriber.disconnect());
  const directory = createEndpointDirectory(
    parts.endpoints,
    subscriber,
    keyPrefix,
    clock.monotonic,
  );
  return {
    ...scene,
    tell: (batch: BatchRecord) => createBatchDeliveries(parts, directory, batch, () => 0),
    deliveries: async (project: string) =>
      (await scene.store.listDeliveries(project, {}, undefined, 10)).deliveries,
  };
}

test('the end of a batch is told to its callback and to who subscribed, once', async () => {
  const { tell, store, deliveries } = openBatchScene();
  const draft = { url: 'https://b.example/hook', events: ['batch.completed' as const] };
  const { endpoint } = await store.createEndpoint('acme', draft);
  await store.createEndpoint('acme', { ...draft, events: ['job.completed', 'batch.failed'] });
  await store.createEndpoint('other', draft);
  const batch = endedBatch({ callback: { url: CALLBACK_URL, events: ['batch.completed'] } });
  await tell(batch);
  await tell(batch);
  const told = await deliveries('acme');
  expect(told.map((delivery) => delivery.endpoint).toSorted()).toEqual(
    [endpoint.id, callbackEndpointId('acme', CALLBACK_URL)].toSorted(),
  );
  expect(new Set(told.map(({ event }) => event.id))).toEqual(new Set(['evt_batch_1_v4']));
  expect(told[0]?.event).toMatchObject({ type: 'batch.completed', batch: { id: 'batch_1' } });
  expect(await deliveries('other')).toEqual([]);
});

test('a batch that nobody listens to makes no deliveries', async () => {
  const { tell, deliveries } = openBatchScene();
  await tell(endedBatch({ callback: { url: CALLBACK_URL, events: ['batch.failed'] } }));
  expect(await deliveries('acme')).toEqual([]);
});
