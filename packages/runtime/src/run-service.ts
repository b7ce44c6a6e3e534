import closeWithGrace from 'close-with-grace';
import type { Logger } from './logger.ts';

/** Something that was started and can be stopped; `close` may be called twice. */
export interface Closable {
  close(): Promise<void>;
}

/** The grace period of running calls plus what settling and disconnecting may take. */
const CLOSE_MARGIN_MS = 10_000;

/**
 * Starts a service and stops it on SIGTERM, SIGINT, or when the process that started it is gone.
 * A start that fails is logged as one line and ends the process with code 1.
 */
export async function runService(
  logger: Logger,
  gracePeriodMs: number,
  start: () => Promise<Closable>,
): Promise<void> {
  let service: Closable;
  try {
    service = await start();
  } catch (error) {
    logger.fatal(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
    // Connections opened before the failure would keep the process alive.
    setImmediate(() => process.exit(1));
    return;
  }
  const handle = closeWithGrace(
    { delay: gracePeriodMs + CLOSE_MARGIN_MS, logger: false },
    async ({ err, signal }) => {
      if (err) logger.fatal({ err }, 'the service failed and stops');
      else logger.info({ signal }, 'the service stops');
      await service.close();
    },
  );
  // Only a process with an IPC channel has a parent that watches over it.
  if (process.channel) process.on('disconnect', () => handle.close());
}
