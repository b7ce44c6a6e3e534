import { parseQueueEntryId } from '@understudy/contracts';
import type { Redis } from '@understudy/runtime';
import type { ServedQueue } from './served-queue.ts';
import type { PlaceInLine } from '../fair-numbers.ts';
import { waitingEntriesKey } from '../queue-name.ts';

/** Of a job that joins a line; ids tell what became of it. */
export interface Joining extends Partial<PlaceInLine> {
  id: string;
}

export const NOON = Date.UTC(2026, 10, 22, 12);

/** The line at provider `a`, without a worker: what is first, a test takes away. */
export interface Line {
  /** Takes a number and stands in line with it. @returns the number */
  join(joining: Joining): Promise<number>;
  /** As many as 2500 in a second: their numbers are all taken before the first stands in line. */
  joinTogether(joining: readonly Joining[]): Promise<void>;
  /** Ids in the order in which they will be served. */
  order(): Promise<string[]>;
  /** Takes the first `count` away, as a worker does. */
  serve(count: number): Promise<string[]>;
}

/** Jobs of project `acme` at priority 5, submitted at noon, unless said otherwise. */
export function openLine({ redis, prefix, producer }: ServedQueue): Line {
  const key = waitingEntriesKey(prefix, 'a');
  const take = ({
    project = 'acme',
    priority = 5,
    submittedAt = NOON,
    comesBack = false,
  }: Joining) => producer.takeNumber('a', { project, priority, submittedAt, comesBack });
  const add = ({ id, project = 'acme' }: Joining, number: number) =>
    producer.add('a', { project, id, turn: 1 }, number);
  return {
    join: async (joining) => {
      const number = await take(joining);
      await add(joining, number);
      return number;
    },
    joinTogether: async (joining) => {
      const numbers = await Promise.all(joining.map(take));
      await Promise.all(joining.map((one, index) => add(one, numbers[index] ?? NaN)));
    },
    order: async () => idsOf(await redis.zrange(key, '0', '-1')),
    serve: async (count) => idsOf(await popFirst(redis, key, count)),
  };
}

async function popFirst(redis: Redis, key: string, count: number): Promise<string[]> {
  const members = await redis.zrange(key, '0', String(count - 1));
  if (members.length > 0) await redis.zrem(key, ...members);
  return members;
}

function idsOf(members: readonly string[]): string[] {
  return members.map((member) => parseQueueEntryId(member).id);
}
