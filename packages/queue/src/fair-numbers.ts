import { SCHEMA_VERSION, queueEntryId } from '@understudy/contracts';
import type { Priority, QueueEntry } from '@understudy/contracts';
import { loadScript } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { firstNumber, NUMBERS_PER_PRIORITY, PRIORITIES } from './priority-numbers.ts';
import { queueKey, waitingEntriesKey } from './queue-name.ts';

const takeScript = loadScript(new URL('./scripts/take-number.lua', import.meta.url));
const renumberScript = loadScript(new URL('./scripts/renumber.lua', import.meta.url));

/**
 * Jobs of one project between those of another. More make numbers last longer, fewer mix finer; a
 * project that had nothing waiting goes first whatever this is.
 */
const JOBS_PER_LAP = 4;
/** The most that two halves of whole laps, of three numbers each, leave of a priority's numbers. */
const POSITIONS = Math.floor(NUMBERS_PER_PRIORITY / 6) * 6;
/** No job lives longer than a week. */
const MARKS_KEPT_SECONDS = 8 * 86_400;
/** About a millisecond of Redis. */
const RENUMBERED_AT_A_TIME = 1000;

/** Who asks for a place in a queue. */
export interface PlaceInLine {
  project: string;
  priority: Priority;
  submittedAt: number;
  /**
   * It stood in a queue before, or has risen: it goes before what its project submitted in its
   * second or after.
   */
  comesBack: boolean;
}

/**
 * The numbers by which BullMQ serves a queue: higher priorities first; within a priority projects
 * take turns, each with its own jobs in the order in which they came. A project that had nothing
 * waiting goes next, however much another has; beyond 279 000 waiting jobs of one project, its last
 * ones no longer make room for those of others. Any number of processes may take numbers at a time.
 */
export interface FairNumbers {
  /** One round trip, atomic. A number that is not used costs the project its turn, no more. */
  take(provider: string, place: PlaceInLine): Promise<number>;
  /**
   * Takes a number and puts a turn into the queue under it, as BullMQ does when it adds one. Nothing
   * changes where the same turn waits or runs already. One round trip, atomic.
   * @param now noted on the entry, in milliseconds since the epoch
   * @returns whether the turn was not there before
   */
  enter(
    provider: string,
    entry: Omit<QueueEntry, 'v'>,
    place: PlaceInLine,
    now: number,
  ): Promise<boolean>;
  /**
   * Gives waiting turns lower numbers where a priority's numbers come to an end; must be called now
   * and then, not twice within seconds. One small read for each priority where nothing is to be done.
   * @returns how many turns were moved
   */
  renumber(provider: string): Promise<number>;
}

export function createFairNumbers(redis: Redis, keyPrefix: string): FairNumbers {
  const sharesKey = (provider: string, priority: Priority): string =>
    `${keyPrefix}:{${provider}}:shares:${priority}`;
  const renumberPriority = async (provider: string, priority: Priority): Promise<number> => {
    const keys = [waitingEntriesKey(keyPrefix, provider), sharesKey(provider, priority)];
    const first = firstNumber(priority);
    let moved = 0;
    for (;;) {
      const page = Number(
        await renumberScript.run(redis, keys, [
          first,
          NUMBERS_PER_PRIORITY,
          POSITIONS,
          RENUMBERED_AT_A_TIME,
        ]),
      );
      if (page === 0) return moved;
      moved += page;
    }
  };

  const takeKeys = (provider: string, { project, priority }: PlaceInLine): string[] => {
    const shares = sharesKey(provider, priority);
    return [waitingEntriesKey(keyPrefix, provider), shares, `${shares}:marks:${project}`];
  };

  return {
    take: async (provider, place) =>
      Number(await takeScript.run(redis, takeKeys(provider, place), takeArguments(place))),
    enter: async (provider, entry, place, now) => {
      const id = queueEntryId(entry);
      const key = (name: string): string => queueKey(keyPrefix, provider, name);
      const number = await takeScript.run(
        redis,
        [
          ...takeKeys(provider, place),
          key(id),
          key('meta'),
          key('active'),
          key('pc'),
          key('marker'),
        ],
        [...takeArguments(place), id, JSON.stringify({ v: SCHEMA_VERSION, ...entry }), now],
      );
      return Number(number) > 0;
    },
    renumber: async (provider) => {
      const moved = await Promise.all(
        PRIORITIES.map((priority) => renumberPriority(provider, priority)),
      );
      return moved.reduce((sum, count) => sum + count, 0);
    },
  };
}

function takeArguments({
  project,
  priority,
  submittedAt,
  comesBack,
}: PlaceInLine): (string | number)[] {
  return [
    firstNumber(priority),
    NUMBERS_PER_PRIORITY,
    POSITIONS,
    JOBS_PER_LAP,
    project,
    Math.floor(submittedAt / 1000),
    comesBack ? 1 : 0,
    MARKS_KEPT_SECONDS,
  ];
}
