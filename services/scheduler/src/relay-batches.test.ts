import { createBatchRuns, createBatchStore } from '@understudy/batch-store';
import { SCHEMA_VERSION } from '@understudy/contracts';
import { endJob } from '@understudy/dispatch';
import { openDispatchScene, requestAt } from '@understudy/dispatch/testing';
import { SHARD_COUNT } from '@understudy/job-store';
import { listedIds } from '@understudy/job-store/testing';
import { expect, test } from 'vitest';
import { readOutboxPage } from './outbox-page.ts';
import { createBatchRelay } from './relay-batches.ts';
import { relayOutbox } from './relay-outbox.ts';
import { matchingKeys } from '../../../test/support/matching-keys.ts';

const SHARDS = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);
const BATCH = { project: 'acme', id: 'batch_1' };

/** A running batch of three lines, and a way to submit one of them. */
async function openRelayScene() {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { redis, keyPrefix, clock } = scene.dispatch;
  const store = createBatchStore(redis, keyPrefix);
  const runs = createBatchRuns(redis, keyPrefix);
  const { endpoint, priority, traceparent, ...times } = requestAt(clock.now());
  await store.create({
    v: SCHEMA_VERSION,
    ...BATCH,
    surface: 'openai',
    input_file_id: 'file-1',
    output_life_ms: 86_400_000,
    endpoint,
    priority,
    traceparent,
    created_at: times.created_at,
    expires_at: times.expires_at,
  });
  const claim = await runs.claim(BATCH, 'one', clock.now(), clock.now() + 60_000);
  if (claim.kind !== 'claimed') throw new Error('the batch cannot be claimed');
  await runs.validated(claim.lease, clock.now(), 3, []);
  return {
    ...scene,
    relay: createBatchRelay(scene.dispatch),
    counts: async () => (await store.read('acme', 'batch_1'))?.counts,
    submitLine: (line: number, id: string) =>
      scene.submit({ id, batch: { id: 'batch_1', line, custom_id: `r${line}` } }),
  };
}

test('the ends of a batch’s lines are counted once, however often they are relayed', async () => {
  const { dispatch, relay, submitLine, counts } = await openRelayScene();
  const first = await submitLine(1, 'job_1');
  await submitLine(2, 'job_2');
  await endJob(dispatch, first, 'cancelled');
  await endJob(dispatch, await submitLine(3, 'job_3'), 'expired');
  // A relay that dies before it trims the outbox, twice.
  const page = await readOutboxPage(dispatch, SHARDS, 100);
  await relay(page);
  await relay(page);
  await relayOutbox(dispatch, [relay]);
  expect(await counts()).toEqual({ total: 3, completed: 0, failed: 0, cancelled: 1, expired: 1 });
});

test('a job that is no line, or of a batch that is gone, is nobody’s', async () => {
  const { dispatch, relay, submit, counts } = await openRelayScene();
  await endJob(dispatch, await submit({ id: 'job_1' }), 'cancelled');
  const stray = { id: 'batch_9', line: 1, custom_id: 'r1' };
  await endJob(dispatch, await submit({ id: 'job_2', batch: stray }), 'cancelled');
  await relayOutbox(dispatch, [relay]);
  expect(await counts()).toMatchObject({ cancelled: 0 });
  const keys = await matchingKeys(dispatch.redis, `${dispatch.keyPrefix}:*batch_9*`);
  expect(keys).toEqual([`${dispatch.keyPrefix}:{p:acme}:jobs:batch:batch_9`]);
});

test('the lines of a batch stand in a list of their own', async () => {
  const { dispatch, relay, submit, submitLine } = await openRelayScene();
  await submit({ id: 'job_1' });
  await submitLine(1, 'job_2');
  await relayOutbox(dispatch, [relay]);
  const { redis, keyPrefix } = dispatch;
  expect(await listedIds(redis, keyPrefix, 'acme', { batch: 'batch_1' })).toEqual(['job_2']);
});
