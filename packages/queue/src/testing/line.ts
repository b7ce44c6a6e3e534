import { parseQueueEntryId, queueEntryId } from '@understudy/contracts';
import type { Redis } from '@understudy/runtime';
import type { ServedQueue } from './served-queue.ts';
import { createFairNumbers } from '../fair-numbers.ts';
import type { PlaceInLine } from '../fair-numbers.ts';
import { waitingEntriesKey } from '../queue-name.ts';

/** Of a job that joins a line; ids tell what became of it. */
export interface Joining extends Partial<PlaceInLine> {
  id: string;
}

/** BullMQ scores an entry by its number, then by a counter of 32 bits. */
const SCORES_PER_NUMBER = 2 ** 32;

export const NOON = Date.UTC(2026, 10, 22, 12);

/** The line at provider `a`, without a worker: what is first, a test takes away. */
export interface Line {
  /** Takes a number and stands in line with it. @returns the number */
  join(joining: Joining): Promise<number>;
  /** As the previous release does: all numbers are taken before the first stands in line. */
  joinTogether(joining: readonly Joining[]): Promise<void>;
  /** Ids in the order in which they will be served. */
  order(): Promise<string[]>;
  /** Takes the first `count` away, as a worker does. */
  serve(count: number): Promise<string[]>;
}

/** Jobs of project `acme` at priority 5, submitted at noon, unless said otherwise. */
export function openLine({ redis, prefix, producer, add }: ServedQueue): Line {
  const key = waitingEntriesKey(prefix, 'a');
  const numbers = createFairNumbers(redis, prefix);
  return {
    join: async (joining) => {
      const entry = { project: joining.project ?? 'acme', id: joining.id, turn: 1 };
      await producer.enter('a', entry, placeOf(joining), Date.now());
      const score = Number(await redis.zscore(key, queueEntryId(entry)));
      return Math.floor(score / SCORES_PER_NUMBER);
    },
    joinTogether: async (joining) => {
      const taken = await Promise.all(joining.map((one) => numbers.take('a', placeOf(one))));
      await Promise.all(
        joining.map(({ id, project }, index) => add(id, taken[index] ?? NaN, 1, project)),
      );
    },
    order: async () => idsOf(await redis.zrange(key, '0', '-1')),
    serve: async (count) => idsOf(await popFirst(redis, key, count)),
  };
}

function placeOf({
  project = 'acme',
  priority = 5,
  submittedAt = NOON,
  comesBack = false,
}: Joining): PlaceInLine {
  return { project, priority, submittedAt, comesBack };
}

async function popFirst(redis: Redis, key: string, count: number): Promise<string[]> {
  const members = await redis.zrange(key, '0', String(count - 1));
  if (members.length > 0) await redis.zrem(key, ...members);
  return members;
}

function idsOf(members: readonly string[]): string[] {
  return members.map((member) => parseQueueEntryId(member).id);
}
