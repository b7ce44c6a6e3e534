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

export interface BodyLimits {
  mostBytes: number;
  /** As the client stated it; NaN where it did not. */
  statedBytes: number;
  pace: BodyPace;
}

/** How often a body that is not whole is looked at. */
const LOOK_INTERVAL_MS = 1000;

/**
 * All of a request's body. One that comes byte by byte would hold a connection for as long as its
 * sender likes, so it must keep a pace.
 * @throws BrokerError 413 as soon as it is too large, 408 once it is too slow
 */
export function readBody(
  body: Readable,
  { mostBytes, statedBytes, pace }: BodyLimits,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  if (statedBytes > mostBytes) {
    reject(tooLarge(mostBytes));
    return promise;
  }
  const startedAt = performance.now();
  const chunks: Buffer[] = [];
  let receivedBytes = 0;
  const look = setInterval(
    () => {
      const lateMs = performance.now() - startedAt - pace.graceMs;
      if (lateMs > 0 && receivedBytes < (lateMs / 1000) * pace.bytesPerSecond) {
        stop(() => reject(tooSlow(pace)));
      }
    },
    Math.min(LOOK_INTERVAL_MS, pace.graceMs),
  );

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
    clearInterval(look);
    body.off('data', onData).off('end', onEnd).off('close', onClose);
    settle();
  };
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
