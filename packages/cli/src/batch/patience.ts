import { setTimeout as pause } from 'node:timers/promises';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

export interface PatienceOptions {
  /** Whether a failure may pass by itself; every other one is final. */
  mayPass(error: unknown): boolean;
  /** Whether the broker is there and has no room, which is no outage. */
  asksToWait(error: unknown): boolean;
  /** What the broker asks for, where it does. */
  retryAfterMs(error: unknown): number | undefined;
  /** Told once when the waiting begins, with its reason, and once when it is over. */
  say(line: string): void;
  signal: AbortSignal;
}

/** What is said of a wait. */
interface WaitWords {
  begin(reason: string): string;
  over: string;
}

const NO_ANSWER: WaitWords = {
  begin: (reason) => `The broker does not answer (${reason}); waiting for it …`,
  over: 'The broker answers again.',
};
const NO_ROOM: WaitWords = {
  begin: (reason) => `The broker asks to wait (${reason}); trying again by itself …`,
  over: 'The broker has room again.',
};

/** Repeats a call until it is answered. Rejects with the signal's reason when that ends it. */
export type Patience = <T>(call: () => Promise<T>) => Promise<T>;

/** Waits as long as it takes: half a second at first, ten seconds at most between two tries. */
export function createPatience(options: PatienceOptions): Patience {
  const { mayPass, asksToWait, retryAfterMs, say, signal } = options;
  return async (call) => {
    let over = '';
    for (let failures = 0; ; failures += 1) {
      signal.throwIfAborted();
      try {
        const answer = await call();
        if (failures > 0) say(over);
        return answer;
      } catch (error) {
        signal.throwIfAborted();
        if (!mayPass(error)) throw error;
        if (failures === 0) {
          const words = asksToWait(error) ? NO_ROOM : NO_ANSWER;
          say(words.begin(reasonOf(error)));
          over = words.over;
        }
        const growing = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
        await pauseFor(Math.min(LONGEST_PAUSE_MS, retryAfterMs(error) ?? growing), signal);
      }
    }
  };
}

/** Rejects with the signal's own reason, where node:timers would make one of its own. */
export async function pauseFor(durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(durationMs, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
