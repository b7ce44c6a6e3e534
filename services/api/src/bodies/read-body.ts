import type { Readable } from 'node:stream';
import { BrokerError } from '@understudy/contracts';
import { interruptedBody } from './interrupted-body.ts';

/** How slowly a body may come. */
export interface BodyPace {
  /** From when its headers were there; until then nothing is asked of it. */
  graceMs: number;
  /** From then on, on average. */
  bytesPerSecond: number;
}

interface BodyLimits {
  mostBytes: number;
  /** As the client stated it; NaN where it did not. */
  statedBytes: number;
}

/**
 * All of a request's body.
 * @throws BrokerError 413 as soon as it is too large, 408 once it is too slow
 */
export type ReadBody = (body: Readable, limits: BodyLimits) => Promise<Buffer>;

/** How often a body that is not whole is looked at. */
const LOOK_INTERVAL_MS = 1000;

/**
 * Reads bodies that keep a pace: one that comes byte by byte would hold a connection for as long as
 * its sender likes.
 */
export function bodyReader(pace: BodyPace): ReadBody {
  const looks = createLooks(Math.min(LOOK_INTERVAL_MS, pace.graceMs));
  return (body, limits) => readBody(body, limits, pace, looks);
}

/** What is done now and then for as long as it is in the set. */
type Looks = Pick<Set<() => void>, 'add' | 'delete'>;

/** One timer for all bodies: one for each cost more than reading a small one. */
function createLooks(intervalMs: number): Looks {
  const looks = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  const lookAtAll = (): void => {
    for (const look of looks) look();
    if (looks.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  return {
    add: (look) => {
      timer ??= setInterval(lookAtAll, intervalMs).unref();
      return looks.add(look);
    },
    delete: (look) => looks.delete(look),
  };
}

function readBody(
  body: Readable,
  { mostBytes, statedBytes }: BodyLimits,
  pace: BodyPace,
  looks: Looks,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  if (statedBytes > mostBytes) {
    reject(tooLarge(mostBytes));
    return promise;
  }
  const startedAt = performance.now();
  const chunks: Buffer[] = [];
  let receivedBytes = 0;
  const look = (): void => {
    const lateMs = performance.now() - startedAt - pace.graceMs;
    if (lateMs > 0 && receivedBytes < (lateMs / 1000) * pace.bytesPerSecond) {
      stop(() => reject(tooSlow(pace)));
    }
  };

  const onData = (chunk: Buffer): void => {
    receivedBytes += chunk.length;
    if (receivedBytes > mostBytes) stop(() => reject(tooLarge(mostBytes)));
    else chunks.push(chunk);
  };
  // A copy, for a chunk is a view of memory that the connection uses again.
  const onEnd = (): void => stop(() => resolve(Buffer.concat(chunks, receivedBytes)));
  const onError = (error: unknown): void => stop(() => reject(interruptedBody(error)));
  const onClose = (): void => onError(undefined);
  const stop = (settle: () => void): void => {
    looks.delete(look);
    body.off('data', onData).off('end', onEnd).off('close', onClose);
    settle();
  };
  looks.add(look);
  // It stays, for an error that nobody hears ends the process.
  body.on('error', onError);
  body.on('data', onData).on('end', onEnd).on('close', onClose);
  return promise;
}

function tooLarge(mostBytes: number): BrokerError {
  return new BrokerError(
    'body_too_large',
    `the body is larger than the ${mostBytes} bytes that this broker accepts`,
  );
}

function tooSlow({ graceMs, bytesPerSecond }: BodyPace): BrokerError {
  return new BrokerError(
    'request_timeout',
    `the body came too slowly; after ${graceMs / 1000} s it must come at ${bytesPerSecond} bytes a second`,
  );
}
