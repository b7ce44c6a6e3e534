import type { Logger } from './logger.ts';

export interface Repetition {
  /** Runs the work as soon as the current run, if any, has ended. */
  trigger(): void;
  /** After it resolves nothing runs and nothing will. */
  close(): Promise<void>;
}

/**
 * Runs `work` every `intervalMs`, never twice at once; a failure is logged and does not end it.
 * Work that knows it is wanted sooner resolves with the delay in milliseconds.
 */
export function repeat(
  name: string,
  intervalMs: number,
  logger: Logger,
  work: () => Promise<number | void>,
): Repetition {
  let closed = false;
  let running: Promise<void> | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  const schedule = (delayMs: number): void => {
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(run, delayMs);
  };
  const run = (): void => {
    running = work().catch(report).then(rest);
  };
  const report = (error: unknown): void => {
    // The end of a process cuts what was under way.
    if (!closed) logger.warn({ err: error }, `${name} failed and will run again`);
  };
  const rest = (soonerMs: number | void): void => {
    running = undefined;
    schedule(again ? 0 : Math.max(0, Math.min(intervalMs, soonerMs ?? intervalMs)));
    again = false;
  };
  schedule(0);
  return {
    trigger: () => {
      if (running === undefined) schedule(0);
      else again = true;
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
