import { randomBytes } from 'node:crypto';
import { createSealer, parseEncryptionKeys } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { expect, test } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { createBatchRuns } from './create-batch-runs.ts';
import { createBatchStore } from './create-batch-store.ts';
import { NOON, batchRequest } from './testing/batch-scene.ts';

const SECRET = 'whsec_canaryOfTheSecret';
const REASON = {
  customId: 'c',
  statusCode: 404,
  code: 'model_not_found',
  message: 'there is no model "canary-of-the-line"',
};
const PROBLEM = { code: 'invalid_json_line', message: 'canary-of-the-input', line: 2 };
const HOOK = 'https://a.example/canary-of-the-hook';
const METADATA = { customer: 'canary-of-the-metadata' };
const CANARIES = [SECRET, HOOK, METADATA.customer, 'canary-of-the-line', 'canary-of-the-input'];
const BATCH = { project: 'acme', id: 'batch_1' };

const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const sealerOf = (...keys: string[]): Sealer => createSealer(parseEncryptionKeys(keys.join(',')));

function openScene(sealer: Sealer, prefix = uniqueKeyPrefix()) {
  const redis = openTestRedis();
  return {
    redis,
    prefix,
    store: createBatchStore(redis, prefix, () => 0, sealer),
    runs: createBatchRuns(redis, prefix, undefined, sealer),
  };
}

/** A batch with a line that became no job, and one more whose input was no good. */
async function run({ store, runs }: ReturnType<typeof openScene>) {
  const callback = {
    url: HOOK,
    events: ['batch.completed' as const],
    secret: SECRET,
  };
  for (const id of ['batch_1', 'batch_2'])
    await store.create(batchRequest({ id, callback, metadata: METADATA }));
  const claimed = await Promise.all(
    ['batch_1', 'batch_2'].map((id) => runs.claim({ ...BATCH, id }, 'one', NOON, NOON + 10_000)),
  );
  const [first, second] = claimed.map((claim) => {
    if (claim.kind !== 'claimed') throw new Error(claim.kind);
    return claim.lease;
  });
  await runs.validated(first!, NOON, 1, []);
  const start = { line: 0, byte: 0 };
  const to = { line: 1, byte: 10 };
  const rejected = new Map([[1, REASON]]);
  await runs.admit(first!, { from: start, to, admitted: 1, blanks: [], rejected });
  await runs.validated(second!, NOON, 2, [PROBLEM]);
}

test('with a key nothing that a caller wrote into a batch stands in Redis, and all is read back', async () => {
  const scene = openScene(sealerOf(newKey('k1')));
  await run(scene);
  const contents = await redisContents(scene.redis, scene.prefix);
  expect(contents).toContain('batch_1');
  expect(CANARIES.filter((canary) => contents.includes(canary))).toEqual([]);

  const { store, runs } = scene;
  expect(await runs.rejections(BATCH, [1])).toEqual(new Map([[1, REASON]]));
  const one = await store.read('acme', 'batch_1');
  expect(one?.request).toMatchObject({
    metadata: METADATA,
    callback: { url: HOOK, secret: SECRET },
  });
  const { batches } = await store.list('acme', { surface: 'openai', limit: 10 });
  expect(batches.map(({ problems }) => problems)).toContainEqual([PROBLEM]);
});

test('without a key the same is found there, and a key that comes later reads it', async () => {
  const plain = openScene(createSealer([]));
  await run(plain);
  const contents = await redisContents(plain.redis, plain.prefix);
  expect(CANARIES.filter((canary) => contents.includes(canary))).toEqual(CANARIES);
  const { runs, store } = openScene(sealerOf(newKey('k1')), plain.prefix);
  expect(await runs.rejections(BATCH, [1])).toEqual(new Map([[1, REASON]]));
  expect((await store.read('acme', 'batch_2'))?.problems).toEqual([PROBLEM]);
});
