import type { Room } from '@understudy/availability';
import { isUnread, jobKeys, parseMember } from '@understudy/job-store';
import type { JobReference } from '@understudy/job-store';
import type { DispatchContext } from './dispatch-context.ts';
import { wakeRead } from './wake-job.ts';

/**
 * Wakes the first jobs of a waiting room, best priority and oldest first. A member that no longer
 * waits is swept out. A job leaves the room only after it has moved, so a crash forgets nobody. One
 * whose record cannot be read stays: a service of the newer release, or with the key, lets it out.
 * @returns how many were in the room, at most `count`
 */
export async function releaseWaiting(
  context: DispatchContext,
  room: Room,
  count: number,
): Promise<number> {
  const jobs = (await context.rooms.peek(room, count)).map(parseMember);
  const heads = await context.store.readHeads(jobs);
  // What they ask of Redis goes out together.
  await Promise.all(
    jobs.map(async (job, index) => {
      const head = heads[index];
      if (isUnread(head)) return;
      if (head === undefined || !(await wakeRead(context, head))) await sweep(context, room, job);
    }),
  );
  return jobs.length;
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
