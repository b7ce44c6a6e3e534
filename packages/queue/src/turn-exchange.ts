import { gatherCalls, loadScript, replyList, replyText } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { queueKey } from './queue-name.ts';

const exchangeScript = loadScript(new URL('./scripts/exchange-turns.lua', import.meta.url));

/** Turns that one script ends and takes, so that none holds Redis for long. */
const EXCHANGED_AT_A_TIME = 100;
/** BullMQ's names of what the script changes, in its order. */
const KEY_NAMES = [
  'active',
  'prioritized',
  'meta',
  'stalled',
  'marker',
  'pc',
  'delayed',
  'wait',
] as const;

/** What a worker gives back, and what it wants for it. */
export interface TurnExchange {
  /** Of the lock that the worker holds the ended entry by, and the next one. */
  token: string;
  /** Id of the entry whose turn has ended; empty where the worker held none. */
  ended: string;
  takesNext: boolean;
}

/** An entry that is the worker's now. */
export interface TakenEntry {
  id: string;
  /** JSON of the entry. */
  data: string;
  /** Counts the present one. */
  starts: number;
  /** Milliseconds since the epoch. */
  takenAt: number;
}

export type ExchangedTurn =
  /** Somebody else holds the entry, or nobody: nothing has changed. */
  | { kind: 'lost' }
  /** The entry has ended. The next one is left to BullMQ's script: some rest, or have stalled. */
  | { kind: 'ask_bullmq' }
  | { kind: 'exchanged'; next: TakenEntry | undefined };

/**
 * Ends turns of a provider's queue and takes the next ones, in half as many commands of Redis as
 * BullMQ's own scripts. One round trip, atomic; what workers of this process ask within one turn of
 * the event loop is done by one script. Not for a queue with a rate limit.
 */
export function turnExchange(
  redis: Redis,
  keyPrefix: string,
  provider: string,
  lockMs: number,
): (exchange: TurnExchange) => Promise<ExchangedTurn> {
  const keys = KEY_NAMES.map((name) => queueKey(keyPrefix, provider, name));
  const entryPrefix = queueKey(keyPrefix, provider, '');
  const exchangeSome = async (some: readonly TurnExchange[]): Promise<ExchangedTurn[]> => {
    const takenAt = Date.now();
    const reply = await exchangeScript.run(redis, keys, [
      entryPrefix,
      takenAt,
      lockMs,
      ...some.flatMap(({ token, ended, takesNext }) => [token, ended, takesNext ? 1 : '']),
    ]);
    return parseExchanged(reply, some, takenAt);
  };
  return gatherCalls(
    () => provider,
    async (exchanges) => {
      const portions = Array.from(
        { length: Math.ceil(exchanges.length / EXCHANGED_AT_A_TIME) },
        (_, index) =>
          exchanges.slice(index * EXCHANGED_AT_A_TIME, (index + 1) * EXCHANGED_AT_A_TIME),
      );
      return (await Promise.all(portions.map(exchangeSome))).flat();
    },
  );
}

function parseExchanged(
  reply: unknown,
  exchanges: readonly TurnExchange[],
  takenAt: number,
): ExchangedTurn[] {
  const [leaves, held, taken] = replyList(reply);
  const isHeld = replyList(held).map((one) => Number(one) === 1);
  const entries = replyList(taken).values();
  return exchanges.map(({ takesNext }, index): ExchangedTurn => {
    if (isHeld[index] !== true) return { kind: 'lost' };
    if (!takesNext) return { kind: 'exchanged', next: undefined };
    if (Number(leaves) === 1) return { kind: 'ask_bullmq' };
    const { value: entry } = entries.next();
    return {
      kind: 'exchanged',
      next: entry === undefined ? undefined : parseEntry(entry, takenAt),
    };
  });
}

function parseEntry(entry: unknown, takenAt: number): TakenEntry {
  const [id, data, starts] = replyList(entry);
  return { id: replyText(id), data: replyText(data), starts: Number(starts), takenAt };
}
