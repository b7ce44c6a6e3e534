import { BrokerError } from '@understudy/contracts';
import type { BatchRecord } from '@understudy/contracts';
import { isUnreadable, readAlone } from '@understudy/job-store';
import type { UnreadableRecord } from '@understudy/job-store';
import { repliesOf } from '@understudy/runtime';
import type { Redis, UnreadableTeller } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import { batchKeys, batchListKey } from './batch-keys.ts';
import type { BatchQuery } from './batch-store.ts';
import { parseBatch } from './parse-batch.ts';

/** Records that are read at once behind a page of which none opens. */
const LARGEST_PAGE = 1000;

interface BatchPage {
  batches: BatchRecord[];
  hasMore: boolean;
}

/** Where the records of batches stand. */
interface BatchPlace {
  redis: Redis;
  keyPrefix: string;
  sealer: Sealer;
  /** Is told of each batch that is left out, as its record cannot be read. */
  tellUnreadable: UnreadableTeller;
}

/**
 * One page of a project's batches, newest first. What is no longer kept leaves the list on the way; what
 * does not open is left out, but a page with more behind it is never empty.
 * @throws BrokerError 400 when `after` or `before` names no batch
 */
export async function listBatches(
  { redis, keyPrefix, sealer, tellUnreadable }: BatchPlace,
  project: string,
  asked: BatchQuery,
): Promise<BatchPage> {
  const list = batchListKey(keyPrefix, project, asked.surface);
  // Looked through with each round trip: of thousands that do not open not a few at a time.
  let query = asked;
  for (;;) {
    const { first, last, looksBack } = await ranksOf(redis, list, query);
    const ids = last < first ? [] : await redis.zrange(list, String(first), String(last), 'REV');
    const keys = ids.map((id) => batchKeys(keyPrefix, { project, id }).record);
    const found = await readAll(redis, sealer, keys);
    const gone = ids.filter((_, index) => found[index] === undefined);
    if (gone.length > 0) {
      await redis.zrem(list, ...gone);
      continue;
    }
    const goesOn = ids.length > query.limit;
    const start = goesOn && looksBack ? 1 : 0;
    const open = found.slice(start, start + query.limit).flatMap((batch, index) => {
      if (!isUnreadable(batch)) return batch ?? [];
      const id = ids[start + index] ?? '';
      tellUnreadable({ project, id }, { batch: id }, batch.unreadable);
      return [];
    });
    if (open.length > 0 || !goesOn) {
      const batches = looksBack ? open.slice(-asked.limit) : open.slice(0, asked.limit);
      return { batches, hasMore: goesOn || open.length > asked.limit };
    }
    const [end = ''] = ids.slice(looksBack ? start : query.limit - 1);
    const limit = Math.max(LARGEST_PAGE, asked.limit);
    query = { ...asked, limit, ...(looksBack ? { before: end } : { after: end }) };
  }
}

/** Ranks of a page and one more, counted from the newest. */
async function ranksOf(
  redis: Redis,
  list: string,
  { after, before, limit }: BatchQuery,
): Promise<{ first: number; last: number; looksBack: boolean }> {
  if (before !== undefined) {
    const rank = await rankOf(redis, list, before, 'before');
    return { first: Math.max(0, rank - limit - 1), last: rank - 1, looksBack: true };
  }
  const first = after === undefined ? 0 : (await rankOf(redis, list, after, 'after')) + 1;
  return { first, last: first + limit, looksBack: false };
}

async function rankOf(redis: Redis, list: string, id: string, param: string): Promise<number> {
  const rank = await redis.zrevrank(list, id);
  if (rank !== null) return rank;
  throw new BrokerError('invalid_request', `${param} names no batch; give the id of a listed one`, {
    param,
  });
}

async function readAll(
  redis: Redis,
  sealer: Sealer,
  keys: readonly string[],
): Promise<(BatchRecord | UnreadableRecord | undefined)[]> {
  const pipeline = redis.pipeline();
  for (const key of keys) pipeline.hgetall(key);
  const replies = await repliesOf(pipeline.exec());
  return keys.map((key, index) => readAlone(() => parseBatch(replies[index], sealer, key)?.record));
}
