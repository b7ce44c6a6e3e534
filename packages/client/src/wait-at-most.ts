import { anySignal } from './any-signal.ts';
import { pause } from './pause.ts';
import { UnderstudyError } from './understudy-error.ts';

export interface WaitOptions {
  /**
   * As long as it takes where absent, or where it is above 24 days, which no timer counts. 0 looks
   * once. What has ended is found also where the last look begins as the time is over: a look that
   * is not answered is cut then, or a second after it began.
   */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** What one look found: the end, or how it stands and when to look again. */
export type Look<Found> = { ended: Found } | { status: string; againMs: number };

/** Of more than 2^31 ms a timer makes one. */
const LONGEST_TIMER_MS = 24 * 86_400_000;
/** A look as the time is over, or just before, has to be answered in this time. */
const LAST_LOOK_MS = 1000;

/**
 * Looks until the end of something, until the caller gives up or the time is over: also amid a look
 * that is not answered. The last look is as the time is over.
 * @param what is waited for, such as "the job job_1"
 * @param look is told how much of the time is left, and rejects when its signal is aborted
 * @throws the caller's own reason; UnderstudyError `timeout`
 */
export async function waitAtMost<Found>(
  what: string,
  { timeoutMs = Infinity, signal }: WaitOptions,
  look: (leftMs: number, signal: AbortSignal) => Promise<Look<Found>>,
): Promise<Found> {
  const startedAt = performance.now();
  const leftMs = (): number => Math.max(0, timeoutMs - (performance.now() - startedAt));
  let status: string | undefined;
  const timeout = (cause?: unknown): UnderstudyError => {
    const stand = status === undefined ? 'not been heard of' : `not ended (${status})`;
    const message = `${what} has ${stand} after ${timeoutMs} ms; wait again`;
    return new UnderstudyError(message, { code: 'timeout', cause });
  };
  for (;;) {
    const seen = await lookWithin(leftMs(), signal, look, timeout);
    if ('ended' in seen) return seen.ended;
    status = seen.status;
    if (leftMs() === 0) throw timeout();
    await pause(Math.min(seen.againMs, leftMs()), signal);
  }
}

async function lookWithin<Found>(
  leftMs: number,
  signal: AbortSignal | undefined,
  look: (leftMs: number, signal: AbortSignal) => Promise<Look<Found>>,
  timeout: (cause: unknown) => UnderstudyError,
): Promise<Look<Found>> {
  const over = new AbortController();
  const timer =
    leftMs > LONGEST_TIMER_MS
      ? undefined
      : setTimeout(() => over.abort(), Math.max(leftMs, LAST_LOOK_MS));
  try {
    return await look(leftMs, anySignal(over.signal, signal));
  } catch (error) {
    signal?.throwIfAborted();
    throw over.signal.aborted ? timeout(error) : error;
  } finally {
    clearTimeout(timer);
  }
}
