import type { Room } from '@understudy/availability';
import { isUnread, jobKeys, parseMember } from '@understudy/job-store';
import type { JobReference, StoredHead, UnreadRecord } from '@understudy/job-store';
import { isRedisUnavailable } from '@understudy/runtime';
import type { DispatchContext } from './dispatch-context.ts';
import { wakeRead } from './wake-job.ts';

/** So many more are looked at where one of the first cannot be read: nobody else would ever go. */
const PASSED_OVER = 100;

/**
 * Wakes the first jobs of a waiting room, best priority and oldest first. A member that no longer
 * waits is swept out. A job leaves the room only after it has moved, so a crash forgets nobody. One
 * whose record cannot be read stays, and the next go: a service of the newer release, or with the
 * key, lets it out.
 * @returns how many were in the room, at most `count`
 */
export async function releaseWaiting(
  context: DispatchContext,
  room: Room,
  count: number,
): Promise<number> {
  const first = await readFirst(context, room, count);
  const isUsual = !first.some(({ head }) => isUnread(head));
  const seen = isUsual ? first : await readFirst(context, room, count + PASSED_OVER);
  const going = seen.flatMap(({ job, head }) => (isUnread(head) ? [] : [{ job, head }]));
  // What they ask of Redis goes out together.
  await Promise.all(
    going.slice(0, count).map(({ job, head }) => release(context, room, job, head)),
  );
  return Math.min(seen.length, count);
}

async function readFirst(
  { rooms, store }: DispatchContext,
  room: Room,
  count: number,
): Promise<{ job: JobReference; head: StoredHead | UnreadRecord | undefined }[]> {
  const jobs = (await rooms.peek(room, count)).map(parseMember);
  const heads = await store.readHeads(jobs);
  return jobs.map((job, index) => ({ job, head: heads[index] }));
}

/** One that cannot be moved, as what was said of its attempts does not open, holds nobody back. */
async function release(
  context: DispatchContext,
  room: Room,
  job: JobReference,
  head: StoredHead | undefined,
): Promise<void> {
  try {
    if (head === undefined || !(await wakeRead(context, head))) await sweep(context, room, job);
  } catch (error) {
    if (isRedisUnavailable(error)) throw error;
    context.logger.warn({ err: error, job: job.id }, 'a waiting job could not be let out');
  }
}

/** Takes a member out that does not wait in the room, unless it came back since it was looked at. */
async function sweep(context: DispatchContext, room: Room, job: JobReference): Promise<void> {
  const [record] = await context.store.readEach([job]);
  if (isUnread(record)) return;
  const place = record?.status === 'queued' ? record.progress.place : undefined;
  const staysHere =
    place?.kind === 'waiting' &&
    place.rooms.some(({ provider, model }) => provider === room.provider && model === room.model);
  if (!staysHere) await context.rooms.leave([room], jobKeys(context.keyPrefix, job).member);
}
