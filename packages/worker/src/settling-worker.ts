import { setTimeout as sleep } from 'node:timers/promises';
import { isRedisUnavailable } from '@understudy/runtime';
import type { RunningTurn } from './running-turns.ts';
import type { WorkerContext } from './worker-context.ts';

/** Between two tries of what Redis refuses for the moment. */
const AGAIN_MS = 1000;

/**
 * The worker as it settles a call. A Redis that is there may refuse to write for a while: it lacks memory
 * or replicas, or another server takes its place. What came of the call is told again until it is taken,
 * for else the call would be made, and paid for, once more. Each of these steps may be repeated: token,
 * version or the time of the call guard what it changes. When the job has ended, or this process must
 * hand back what it holds, there is one last try, and its refusal is thrown.
 */
export function settlingWorker(
  worker: WorkerContext,
  { job, signal }: Pick<RunningTurn, 'job' | 'signal'>,
): WorkerContext {
  const { dispatch } = worker;
  const { store, cooldowns, staleNames, logger } = dispatch;
  let isTold = false;
  const untilTaken =
    <Given extends unknown[], Reply>(ask: (...given: Given) => Promise<Reply>) =>
    async (...given: Given): Promise<Reply> => {
      for (;;) {
        try {
          return await ask(...given);
        } catch (error) {
          if (!isRedisUnavailable(error) || signal.aborted) throw error;
          if (!isTold) {
            logger.warn({ err: error, job: job.id }, 'what came of a call waits for Redis');
          }
          isTold = true;
        }
        await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    };
  return {
    ...worker,
    dispatch: {
      ...dispatch,
      store: {
        ...store,
        read: untilTaken(store.read),
        transition: untilTaken(store.transition),
      },
      cooldowns: {
        ...cooldowns,
        reportFailure: untilTaken(cooldowns.reportFailure),
        reportSuccess: untilTaken(cooldowns.reportSuccess),
        releaseProbe: untilTaken(cooldowns.releaseProbe),
      },
      staleNames: {
        ...staleNames,
        reportMissing: untilTaken(staleNames.reportMissing),
        forget: untilTaken(staleNames.forget),
      },
    },
  };
}
