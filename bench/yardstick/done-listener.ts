import { EventEmitter, once } from 'node:events';
import type { Redis } from 'ioredis';
import { DONE_CHANNEL } from './settings.ts';

/** Lets a request wait for the end of its job. */
export interface DoneListener {
  /** Resolves true when the job ends, false after `timeoutMs`. Ask before the job is queued. */
  wait(id: string, timeoutMs: number): Promise<boolean>;
}

export async function startDoneListener(subscriber: Redis): Promise<DoneListener> {
  const ends = new EventEmitter().setMaxListeners(0);
  await subscriber.subscribe(DONE_CHANNEL);
  subscriber.on('message', (_channel, id) => ends.emit(id));
  return {
    wait: (id, timeoutMs) =>
      once(ends, id, { signal: AbortSignal.timeout(timeoutMs) }).then(
        () => true,
        () => false,
      ),
  };
}
