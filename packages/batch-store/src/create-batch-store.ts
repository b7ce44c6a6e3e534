import type { BatchRecord, BatchRequest } from '@understudy/contracts';
import { isTerminalBatch } from '@understudy/contracts';
import { NotReplicatedError } from '@understudy/job-store';
import { loadScript, repliesOf, replyList, replyText, serverOf } from '@understudy/runtime';
import type { Redis, UnreadableTeller } from '@understudy/runtime';
import { createSealer } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { batchKeys, batchListKey, batchMember, unfinishedKey, wakeChannel } from './batch-keys.ts';
import type { BatchReference } from './batch-keys.ts';
import { batchRequestText } from './batch-seal.ts';
import { listBatches } from './list-batches.ts';
import type { BatchStore } from './batch-store.ts';
import { parseBatch } from './parse-batch.ts';
import { trimList } from './trim-list.ts';

const createScript = loadScript(new URL('./scripts/create.lua', import.meta.url));
const cancelScript = loadScript(new URL('./scripts/cancel.lua', import.meta.url));
const removeScript = loadScript(new URL('./scripts/remove.lua', import.meta.url));

/** How long an idempotency key is remembered past the life of its batch. */
export const TOMBSTONE_MS = 86_400_000;
/** Below the patience of a connection on which a caller waits. */
const REPLICATION_TIMEOUT_MS = 500;

/**
 * @param replicas how many replicas must have a new batch before it counts; where fewer confirm it
 *   in time, `create` rejects with NotReplicatedError although this Redis has the batch
 * @param sealer encrypts what callers wrote; without keys unless given
 * @param tellUnreadable hears of the batches that lists leave out, as they cannot be read
 */
export function createBatchStore(
  redis: Redis,
  keyPrefix: string,
  replicas: () => number = () => 0,
  sealer: Sealer = createSealer([]),
  tellUnreadable: UnreadableTeller = () => undefined,
): BatchStore {
  const read = async (batch: BatchReference): Promise<BatchRecord | undefined> => {
    const { record } = batchKeys(keyPrefix, batch);
    return parseBatch(await redis.hgetall(record), sealer, record)?.record;
  };

  const announce = async (request: BatchRequest): Promise<void> => {
    const member = batchMember(request);
    await repliesOf(
      redis
        .pipeline()
        .zadd(unfinishedKey(keyPrefix), request.created_at, member)
        .publish(wakeChannel(keyPrefix), member)
        .exec(),
    );
  };

  return {
    create: async (request) => {
      const keys = batchKeys(keyPrefix, request);
      const list = listKeyOf(keyPrefix, request);
      // Before the record and after it: whichever a crash or a slow moment leaves out, no batch is
      // kept that nobody would run.
      await redis.zadd(unfinishedKey(keyPrefix), request.created_at, batchMember(request));
      const reply = replyList(
        await createScript.run(
          redis,
          [keys.record, keys.tombstone, list],
          [
            batchRequestText(request, sealer, keys.record),
            request.id,
            request.created_at,
            request.fingerprint ?? '',
          ],
        ),
      );
      if (Number(reply[0]) === 2) return { kind: 'gone', fingerprint: replyText(reply[1]) };
      const batch = await read(request);
      if (batch === undefined) throw new Error(`batch ${request.id} was removed as it was created`);
      if (!isTerminalBatch(batch.status)) await announce(batch.request);
      if (Number(reply[0]) === 1) await trimList(redis, keyPrefix, request.project, list);
      await replicated(redis, keys.record, replicas());
      return Number(reply[0]) === 1 ? { kind: 'created', batch } : { kind: 'exists', batch };
    },

    read: (project, id) => read({ project, id }),

    list: (project, query) =>
      listBatches({ redis, keyPrefix, sealer, tellUnreadable }, project, query),

    cancel: async (project, id, now) => {
      const batch = { project, id };
      const asked = await cancelScript.run(redis, [batchKeys(keyPrefix, batch).record], [now]);
      const record = await read(batch);
      if (record !== undefined && Number(asked) === 1) await announce(record.request);
      return record;
    },

    remove: async (project, id) => {
      const batch = { project, id };
      const record = await read(batch);
      if (record === undefined) return 'missing';
      const { record: key, tombstone, ...rest } = batchKeys(keyPrefix, batch);
      const reply = await removeScript.run(
        redis,
        [key, tombstone, listKeyOf(keyPrefix, record.request), ...Object.values(rest)],
        [id, TOMBSTONE_MS],
      );
      const outcome = replyText(reply);
      return outcome === 'removed' || outcome === 'running' ? outcome : 'missing';
    },
  };
}

function listKeyOf(keyPrefix: string, { project, surface }: BatchRequest): string {
  return batchListKey(keyPrefix, project, surface);
}

async function replicated(redis: Redis, record: string, wanted: number): Promise<void> {
  if (wanted === 0) return;
  // WAIT counts from this connection's own last write, so one is made.
  await redis.hset(record, 'rep', '1');
  const confirmed = await (await serverOf(redis, record)).wait(wanted, REPLICATION_TIMEOUT_MS);
  if (confirmed >= wanted) return;
  throw new NotReplicatedError(`${confirmed} of ${wanted} replicas confirmed a batch in time`);
}
