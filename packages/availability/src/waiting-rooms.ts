import { ORDERS_PER_PRIORITY } from '@understudy/contracts';
import type { Priority } from '@understudy/contracts';
import { gatherCalls, loadScript, repliesOf } from '@understudy/runtime';
import type { Redis, Several } from '@understudy/runtime';
import { providerKeys } from './provider-keys.ts';
import { takeTurns } from './take-turns.ts';
import type { InLine } from './take-turns.ts';

const forgetScript = loadScript(new URL('./scripts/forget-empty-lines.lua', import.meta.url));
/** Lines that one script looks at. */
const FORGOTTEN_AT_ONCE = 500;

/** Where jobs stand that wait for one model at one provider to open again. */
export interface Room {
  provider: string;
  /** The provider's name for the model. */
  model: string;
}

/** A room that somebody stands in. */
export interface OccupiedRoom extends Room {
  count: number;
  /** When the oldest of `first` was submitted. */
  oldestAt: number;
  /** Who is first in line of each project: its priority, and when it was submitted, to the second. */
  first: { priority: Priority; at: number }[];
}

/**
 * Members are `<project>/<id>`. What is asked for members of one project within one turn of the event
 * loop is one command for all of them.
 */
export interface WaitingRooms {
  /** Idempotent. Each project has a line of its own, in which jobs stand by order, then by id. */
  enter(rooms: readonly Room[], member: string, order: number): Promise<void>;
  /** Whether the member stands in each of the rooms. */
  stands(rooms: readonly Room[], member: string): Promise<boolean>;
  /** The next `count` members, of every project in turn; they stay until they leave. */
  peek(room: Room, count: number): Promise<string[]>;
  leave(rooms: readonly Room[], member: string): Promise<void>;
  /** Rooms of a provider that have somebody in them. */
  occupied(provider: string): Promise<OccupiedRoom[]>;
  /**
   * Forgets the names of a provider's rooms and lines in which nobody stands: where callers may choose
   * names of models freely, the others would be lost among them. Who enters meanwhile is found.
   */
  forgetEmpty(provider: string): Promise<void>;
}

/** A job's place in one room. */
interface Standing {
  room: Room;
  member: string;
}

export function createWaitingRooms(
  redis: Redis,
  prefix: string,
  random: () => number = Math.random,
): WaitingRooms {
  const linesOf = async ({ provider, model }: Room): Promise<string[]> => {
    const keys = providerKeys(prefix, provider);
    const projects = await redis.smembers(keys.waitingProjects(model));
    return projects.map((project) => keys.waiting(project, model));
  };
  const lineOf = ({ room: { provider, model }, member }: Standing): string =>
    providerKeys(prefix, provider).waiting(projectOf(member), model);

  const enter = gatherCalls(lineOf, async (some: Several<Standing & { order: number }>) => {
    const [{ room, member }] = some;
    const keys = providerKeys(prefix, room.provider);
    // All or nothing: nobody would look into a line that has members and no name. The line comes first,
    // so that the previous release, whose commands others may come between, is safe as well.
    const transaction = redis.multi();
    transaction.zadd(lineOf(some[0]), ...some.flatMap((one) => [one.order, one.member]));
    transaction.sadd(keys.waitingProjects(room.model), projectOf(member));
    transaction.sadd(keys.waitingModels, room.model);
    await repliesOf(transaction.exec());
    return some.map(() => undefined);
  });
  const stands = gatherCalls(lineOf, async (some: Several<Standing>) => {
    const scores = await redis.zmscore(lineOf(some[0]), ...some.map(({ member }) => member));
    return scores.map((score) => score !== null);
  });
  const leave = gatherCalls(lineOf, async (some: Several<Standing>) => {
    await redis.zrem(lineOf(some[0]), ...some.map(({ member }) => member));
    return some.map(() => undefined);
  });

  return {
    enter: async (rooms, member, order) => {
      await Promise.all(rooms.map((room) => enter({ room, member, order })));
    },
    stands: async (rooms, member) => {
      const found = await Promise.all(rooms.map((room) => stands({ room, member })));
      return found.every(Boolean);
    },
    peek: async (room, count) => {
      const lines = await Promise.all(
        (await linesOf(room)).map((line) => readLine(redis, line, count)),
      );
      return takeTurns(lines, count, random);
    },
    leave: async (rooms, member) => {
      await Promise.all(rooms.map((room) => leave({ room, member })));
    },
    occupied: async (provider) => {
      const models = await redis.smembers(providerKeys(prefix, provider).waitingModels);
      const rooms = await Promise.all(
        models.map(async (model) => {
          const lines = await linesOf({ provider, model });
          const [counts, heads] = await Promise.all([
            Promise.all(lines.map((line) => redis.zcard(line))),
            Promise.all(lines.map((line) => readLine(redis, line, 1))),
          ]);
          const first = heads.flat().map(({ order }) => ({
            priority: Math.floor(order / ORDERS_PER_PRIORITY),
            at: submittedAt(order),
          }));
          return {
            provider,
            model,
            count: counts.reduce((sum, count) => sum + count, 0),
            oldestAt: Math.min(...first.map(({ at }) => at)),
            first,
          };
        }),
      );
      return rooms.filter(({ count }) => count > 0);
    },
    forgetEmpty: async (provider) => {
      const models = await redis.smembers(providerKeys(prefix, provider).waitingModels);
      await Promise.all(
        models.map((model) => forgetEmptyLines(redis, prefix, { provider, model })),
      );
    },
  };
}

/** Also the room, where no line of it is left. */
async function forgetEmptyLines(
  redis: Redis,
  prefix: string,
  { provider, model }: Room,
): Promise<void> {
  const keys = providerKeys(prefix, provider);
  const projects = await redis.smembers(keys.waitingProjects(model));
  // A room without any line is asked about as well.
  for (let start = 0; start === 0 || start < projects.length; start += FORGOTTEN_AT_ONCE) {
    const some = projects.slice(start, start + FORGOTTEN_AT_ONCE);
    const lines = some.map((project) => keys.waiting(project, model));
    await forgetScript.run(
      redis,
      [keys.waitingModels, keys.waitingProjects(model), ...lines],
      [model, ...some],
    );
  }
}

/** An order is made of priority and second of submission. */
function submittedAt(order: number): number {
  return (order % ORDERS_PER_PRIORITY) * 1000;
}

/** Project names hold no slash. */
function projectOf(member: string): string {
  return member.slice(0, member.indexOf('/'));
}

async function readLine(redis: Redis, line: string, count: number): Promise<InLine[]> {
  const reply = await redis.zrange(line, '0', String(count - 1), 'WITHSCORES');
  return Array.from({ length: reply.length / 2 }, (_, index) => ({
    member: reply[2 * index] ?? '',
    order: Number(reply[2 * index + 1]),
  }));
}
