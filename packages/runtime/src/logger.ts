import { pino, stdTimeFunctions } from 'pino';
import type { Logger } from 'pino';

export type { Logger } from 'pino';

/**
 * One JSON line per entry, or a readable one on a terminal. Only what a caller passes is logged:
 * never hand it a request body, a completion, or a provider's settings.
 */
export function createLogger(service: string, level: string): Logger {
  const options = { level, base: { service }, timestamp: stdTimeFunctions.isoTime };
  if (!process.stdout.isTTY) return pino(options);
  return pino({
    ...options,
    transport: {
      target: 'pino-pretty',
      options: { ignore: 'service,pid,hostname', messageFormat: '{service}: {msg}' },
    },
  });
}
