import { anySignal } from './any-signal.ts';
import { UnderstudyError } from './understudy-error.ts';

export interface WaitOptions {
  /** As long as it takes where absent, or where it is above 24 days, which no timer counts. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Of more than 2^31 ms a timer makes one. */
const LONGEST_TIMER_MS = 24 * 86_400_000;

/**
 * Waits for the end of something, until the caller gives up or the time is over: also amid a call
 * that is not answered.
 * @param what is waited for, such as "the job job_1"
 * @param wait resolves at the end, and rejects when its signal is aborted; tells each status that it
 *   sees meanwhile
 * @throws the caller's own reason; UnderstudyError `timeout`
 */
export async function waitAtMost<Found>(
  what: string,
  { timeoutMs = Infinity, signal }: WaitOptions,
  wait: (signal: AbortSignal, see: (status: string) => void) => Promise<Found>,
): Promise<Found> {
  const over = new AbortController();
  const timer =
    timeoutMs > LONGEST_TIMER_MS ? undefined : setTimeout(() => over.abort(), timeoutMs);
  let status: string | undefined;
  try {
    return await wait(anySignal(over.signal, signal), (seen) => (status = seen));
  } catch (error) {
    signal?.throwIfAborted();
    if (!over.signal.aborted) throw error;
    const stand = status === undefined ? 'not been heard of' : `not ended (${status})`;
    throw new UnderstudyError(`${what} has ${stand} after ${timeoutMs} ms; wait again`, {
      code: 'timeout',
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
