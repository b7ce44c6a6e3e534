import { pino, stdTimeFunctions } from 'pino';
import type { DestinationStream } from 'pino';
import { describeError, withoutQuotes } from './describe-error.ts';
import { allowedFields } from './log-fields.ts';
import type { LogFields } from './log-fields.ts';

interface LogMethod {
  (text: string): void;
  (fields: LogFields, text: string): void;
}

/** What services log by. Fields that are not in `LOG_FIELDS` do not compile. */
export interface Logger {
  level: string;
  /** Whether lines of this level are written: else their fields are not worth gathering. */
  isLevelEnabled(level: string): boolean;
  trace: LogMethod;
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
  fatal: LogMethod;
}

/**
 * One JSON line per entry, or a readable one on a terminal. What is logged is an allow-list, so that
 * a field that slips past the compiler is named in `withheld` and not shown; an error is told without
 * what it quotes.
 * @param destination takes the lines in place of standard output
 */
export function createLogger(
  service: string,
  level: string,
  destination?: DestinationStream,
): Logger {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { log: allowedFields },
    serializers: { err: describeError, reason: (reason: unknown) => withoutQuotes(String(reason)) },
  };
  if (destination !== undefined) return pino(options, destination);
  if (!process.stdout.isTTY) return pino(options);
  return pino({
    ...options,
    transport: {
      target: 'pino-pretty',
      options: { ignore: 'service,pid,hostname', messageFormat: '{service}: {msg}' },
    },
  });
}
