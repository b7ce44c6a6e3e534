import { createRedisBackend } from 'bullmq';
import type { BackendFactory, RedisQueueBackend } from 'bullmq';
import type { Redis } from '@understudy/runtime';
import { turnExchange } from './turn-exchange.ts';
import type { TakenEntry } from './turn-exchange.ts';

/** An entry's name and options, which are the same for all: no try but one. */
const ENTRY = { name: 'turn', opts: { attempts: 0 } };

/**
 * What BullMQ's worker asks of Redis, with our script where a turn ends well and a next one is
 * taken, which it does for every turn of every job. All else is BullMQ's own, as is what our script
 * leaves to it: entries that rest or have stalled, and the error where a lock was lost.
 * @param redis for our script; the worker has connections of its own for the rest
 */
export function turnBackend(
  redis: Redis,
  keyPrefix: string,
  provider: string,
  lockMs: number,
): BackendFactory<RedisQueueBackend> {
  const exchange = turnExchange(redis, keyPrefix, provider, lockMs);
  return (name, options, connections) => {
    const backend = createRedisBackend(name, options, connections);
    const take = backend.moveToActive.bind(backend);
    const complete = backend.moveToCompleted.bind(backend);
    backend.moveToActive = async (token, workerName) => {
      const exchanged = await exchange({ token, ended: '', takesNext: true });
      return exchanged.kind === 'exchanged' ? nextOf(exchanged.next) : take(token, workerName);
    };
    backend.moveToCompleted = async (job, returned, keep, token, takesNext) => {
      const exchanged = await exchange({ token, ended: job.id ?? '', takesNext });
      if (exchanged.kind === 'lost') return complete(job, returned, keep, token, takesNext);
      const finishedOn = Date.now();
      if (!takesNext) return { finishedOn, result: undefined };
      const isDone = exchanged.kind === 'exchanged';
      return { finishedOn, result: isDone ? nextOf(exchanged.next) : await take(token) };
    };
    return backend;
  };
}

/** As BullMQ's worker reads it: what is known of the entry, its id, and two delays. */
function nextOf(taken: TakenEntry | undefined): unknown[] {
  if (taken === undefined) return [undefined, '', 0, 0];
  const { id, data, starts, takenAt } = taken;
  return [{ ...ENTRY, id, data, attemptsStarted: starts, processedOn: takenAt }, id, 0, 0];
}
