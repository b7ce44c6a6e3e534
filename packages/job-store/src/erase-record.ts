import { RECORD_VERSIONS } from '@understudy/contracts';
import { loadScript, repliesOf, replyList, replyText } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { listsKey } from './list-keys.ts';
import { jobKeys } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';
import { NewerRecordError } from './newer-record.ts';

const eraseScript = loadScript(new URL('./scripts/erase.lua', import.meta.url));

/** So long can an erasure that a crash interrupted be finished by asking for it again. */
const MARK_MS = 7 * 86_400_000;

export type Erasure = 'erased' | 'running' | 'missing';

/**
 * Erases the record of a job that has ended, with its request, attempts and result; atomic. No key
 * has to open it. What remembers its idempotency key stays. Until `finishErasure`, asking again gives
 * `erased` again.
 * @returns `running` for a job that has not ended, and for a batch's line whose answer is not yet in
 *   the batch's file
 * @throws NewerRecordError when a newer release wrote the record, which is left as it is
 */
export async function eraseRecord(
  redis: Redis,
  prefix: string,
  job: JobReference,
): Promise<Erasure> {
  const { record, request, attempts, result } = jobKeys(prefix, job);
  const keys = [record, request, attempts, result, markOf(record)];
  const reply = replyList(await eraseScript.run(redis, keys, [MARK_MS, RECORD_VERSIONS.newest]));
  const said = replyText(reply[0]);
  if (said === 'erased' || said === 'running' || said === 'missing') return said;
  if (said === 'newer')
    throw new NewerRecordError(job.id, Number(replyText(reply[1])), RECORD_VERSIONS.newest);
  throw new Error(`erase.lua answered "${said}"`);
}

/** Takes an erased job out of its project's lists, and notes that nothing is left to be done. */
export async function finishErasure(
  redis: Redis,
  prefix: string,
  { project, id }: JobReference,
): Promise<void> {
  const lists = await redis.smembers(listsKey(prefix, project));
  const pipeline = redis.pipeline();
  for (const list of lists) pipeline.zrem(list, id);
  await repliesOf(pipeline.exec());
  await redis.del(markOf(jobKeys(prefix, { project, id }).record));
}

function markOf(record: string): string {
  return `${record}:erasing`;
}
