import closeWithGrace from 'close-with-grace';
import type { Logger } from './logger.ts';

/** Something that was started and can be stopped; `close` may be called twice. */
export interface Closable {
  close(): Promise<void>;
}

/** A service as a whole, once it runs. */
export interface RunningService extends Closable {
  /** How long its close may take by its settings, in milliseconds, where that may be longer than usual. */
  gracePeriodMs?: number;
}

/** Makes a close that may be called again: every caller waits for the one end. */
export function closableOnce(close: () => Promise<void>): Closable {
  let closing: Promise<void> | undefined;
  return { close: () => (closing ??= close()) };
}

/** The grace period of running calls plus what settling and disconnecting may take. */
const CLOSE_MARGIN_MS = 10_000;

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Ends the service with code 1, for a reason an operator must mend. */
export type Refuse = (reason: string) => void;

/**
 * Starts a service and stops it on SIGTERM, SIGINT, or when the process that started it is gone;
 * while it starts, which may wait for Redis without end, it just ends, with code 0.
 * A start that fails is logged as one line and ends the process with code 1, and so does `refuse`,
 * which is handed in for what only shows after the start.
 */
export async function runService(
  logger: Logger,
  gracePeriodMs: number,
  start: (refuse: Refuse) => Promise<RunningService>,
): Promise<void> {
  let closeGracefully: (() => void) | undefined;
  // Only a process with an IPC channel has a parent that watches over it; it may have died already.
  if ('connected' in process && !process.connected) process.exit(1);
  process.on('disconnect', () => {
    if (closeGracefully === undefined) process.exit(1);
    closeGracefully();
  });
  let refused = false;
  const refuse = (reason: string): void => {
    if (refused) return;
    refused = true;
    logger.fatal(reason);
    // Before the start is over there is nothing to close, and connections keep the process alive.
    if (closeGracefully === undefined) setImmediate(() => process.exit(1));
    else closeGracefully();
  };

  const endStart = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'the service stops before it has started');
    process.exit(0);
  };
  // The first process of a container ignores a signal that it does not handle.
  for (const signal of STOP_SIGNALS) process.on(signal, endStart);

  let service: RunningService;
  try {
    service = await start(refuse);
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
    return;
  }
  const closingMs = Math.max(gracePeriodMs, service.gracePeriodMs ?? 0);
  const handle = closeWithGrace(
    { delay: closingMs + CLOSE_MARGIN_MS, logger: false },
    async ({ err, signal }) => {
      if (err) logger.fatal({ err }, 'the service failed and stops');
      else logger.info({ signal }, 'the service stops');
      await service.close();
      if (refused) process.exit(1);
    },
  );
  for (const signal of STOP_SIGNALS) process.off(signal, endStart);
  closeGracefully = () => handle.close();
}
