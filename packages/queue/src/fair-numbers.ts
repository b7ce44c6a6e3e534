import { PRIORITIES, SCHEMA_VERSION, queueEntryId } from '@understudy/contracts';
import type { Priority, QueueEntry } from '@understudy/contracts';
import { gatherCalls, loadScript, replyList } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { firstNumber, NUMBERS_PER_PRIORITY } from './priority-numbers.ts';
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
/** Turns that one script puts into a queue, so that none holds Redis for long. */
const ENTERED_AT_A_TIME = 100;

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
   * changes where the same turn waits or runs already. One round trip, atomic; jobs of a project that
   * enter within one turn of the event loop do so by one script, in their order.
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

/** A turn that is to enter a queue. */
interface Entrant {
  provider: string;
  entry: Omit<QueueEntry, 'v'>;
  place: PlaceInLine;
  now: number;
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
  const enterSome = async (entrants: readonly Entrant[]): Promise<boolean[]> => {
    const [first] = entrants;
    if (first === undefined) return [];
    const { provider, place, now } = first;
    const key = (name: string): string => queueKey(keyPrefix, provider, name);
    const ids = entrants.map(({ entry }) => queueEntryId(entry));
    const reply = await takeScript.run(
      redis,
      [
        ...takeKeys(provider, place),
        ...['meta', 'active', 'pc', 'marker'].map(key),
        ...ids.map(key),
      ],
      [
        ...takeArguments(place),
        now,
        ...entrants.flatMap(({ entry, place: { submittedAt } }, index) => [
          secondOf(submittedAt),
          ids[index] ?? '',
          JSON.stringify({ v: SCHEMA_VERSION, ...entry }),
        ]),
      ],
    );
    return replyList(reply).map((number) => Number(number) > 0);
  };
  const enter = gatherCalls(
    ({ provider, place: { project, priority, comesBack } }: Entrant) =>
      JSON.stringify([provider, project, priority, comesBack]),
    async (entrants) => {
      if (entrants.length <= ENTERED_AT_A_TIME) return enterSome(entrants);
      const portions = Array.from(
        { length: Math.ceil(entrants.length / ENTERED_AT_A_TIME) },
        (_, index) => entrants.slice(index * ENTERED_AT_A_TIME, (index + 1) * ENTERED_AT_A_TIME),
      );
      return (await Promise.all(portions.map(enterSome))).flat();
    },
  );

  return {
    take: async (provider, place) => {
      const given = [...takeArguments(place), '', secondOf(place.submittedAt)];
      const reply = await takeScript.run(redis, takeKeys(provider, place), given);
      return Number(replyList(reply)[0]);
    },
    enter: (provider, entry, place, now) => enter({ provider, entry, place, now }),
    renumber: async (provider) => {
      const moved = await Promise.all(
        PRIORITIES.map((priority) => renumberPriority(provider, priority)),
      );
      return moved.reduce((sum, count) => sum + count, 0);
    },
  };
}

function takeArguments({ project, priority, comesBack }: PlaceInLine): (string | number)[] {
  return [
    firstNumber(priority),
    NUMBERS_PER_PRIORITY,
    POSITIONS,
    JOBS_PER_LAP,
    project,
    comesBack ? 1 : 0,
    MARKS_KEPT_SECONDS,
  ];
}

function secondOf(submittedAt: number): number {
  return Math.floor(submittedAt / 1000);
}
