import { Readable } from 'node:stream';
import { BrokerError } from '@understudy/contracts';
import type { ErrorCode } from '@understudy/contracts';
import type { Clock, Logger } from '@understudy/runtime';
import type { ApiKeys } from '../keys/api-keys.ts';
import type { FoundKey } from '../keys/stored-key.ts';
import { createBell } from './bell.ts';
import { eventFrames } from './event-frames.ts';
import type { Followed } from './event-frames.ts';
import { whileGood } from './while-good.ts';

export interface StreamLimits {
  /** Streams that one process keeps open. */
  process: number;
  /** Of these, for one project: one that opens many leaves room for the others. */
  project: number;
  /** A stream in which nothing happens says so at this interval. */
  keepAliveMs: number;
  /** Then it ends, so that whoever resumes it shows a key that is still good. */
  longestMs: number;
}

export const STREAM_LIMITS: StreamLimits = {
  process: 2000,
  project: 1000,
  // Below the idle timeouts of proxies in between, and of this server.
  keepAliveMs: 15_000,
  longestMs: 3_600_000,
};

const FULL_RETRY_SECONDS = 5;
/** What is made ready for a slow reader before it is waited for. */
const READY_BYTES = 16_384;

interface OpenStream {
  project: string;
  ring(): void;
  lookAgain(): void;
  end(): void;
}

/** The event streams that this process keeps open. */
export interface OpenStreams {
  /**
   * Opens a stream of server-sent events. It is pulled: what a slow reader has not taken is not
   * read from Redis either.
   * @param key that it was asked for with: the stream tells nothing beyond the end of it, and ends
   *   when it expires
   * @param follow begins to follow; `wake` makes the stream look again
   * @throws BrokerError 503 or 429 when too many are open
   */
  open(key: FoundKey, gone: AbortSignal, follow: (wake: () => void) => Followed): Readable;
  /** News may have been missed: every stream looks again, at its key first. */
  lookAgain(): void;
  /** Ends every stream of a project between two events: one of its keys was taken back. */
  endOf(project: string): void;
  /** How many are open now. */
  count(): number;
  /** Ends every stream between two events, and from now on each ends when it has been opened. */
  close(): void;
}

/** @param clock by which keys expire */
export function createOpenStreams(
  logger: Logger,
  clock: Pick<Clock, 'now'>,
  isGood: ApiKeys['isGood'],
  limits: StreamLimits = STREAM_LIMITS,
): OpenStreams {
  const streams = new Set<OpenStream>();
  let closed = false;
  const ringAll = (): void => {
    for (const stream of streams) stream.ring();
  };
  const checkRoom = (project: string): void => {
    const own = [...streams].filter((stream) => stream.project === project).length;
    if (streams.size >= limits.process)
      throw tooMany('unavailable', 'this server keeps', limits.process);
    if (own >= limits.project) throw tooMany('rate_limited', 'a project may keep', limits.project);
  };

  return {
    open: (key, gone, follow) => {
      const { project, expires_at: expiresAt = Infinity } = key;
      checkRoom(project);
      const bell = createBell();
      let over = false;
      const end = (): void => {
        over = true;
        bell.ring();
      };
      const followed = whileGood(() => isGood(key), follow(bell.ring));
      const lookAgain = (): void => {
        followed.doubt();
        bell.ring();
      };
      const stream = { project, ring: bell.ring, lookAgain, end };
      streams.add(stream);
      const lastCall = setTimeout(end, Math.min(limits.longestMs, expiresAt - clock.now()));
      const release = (): void => {
        end();
        clearTimeout(lastCall);
        streams.delete(stream);
        followed.stop();
      };
      if (gone.aborted) release();
      else gone.addEventListener('abort', release, { once: true });

      const isOver = (): boolean => closed || over;
      const frames = eventFrames(followed, bell, isOver, limits.keepAliveMs);
      const readable = Readable.from(frames, { objectMode: false, highWaterMark: READY_BYTES });
      // The head of the answer is out: nobody else will hear of it.
      readable.once('error', (error) => {
        if (!gone.aborted) logger.error({ err: error }, 'an event stream broke');
      });
      return readable;
    },
    lookAgain: () => {
      for (const stream of streams) stream.lookAgain();
    },
    endOf: (project) => {
      for (const stream of streams) if (stream.project === project) stream.end();
    },
    count: () => streams.size,
    close: () => {
      closed = true;
      ringAll();
    },
  };
}

function tooMany(code: ErrorCode, whose: string, limit: number): BrokerError {
  return new BrokerError(
    code,
    `${whose} ${limit} event streams open; close some, or poll the job with Prefer: wait=N`,
    { retryAfterSeconds: FULL_RETRY_SECONDS },
  );
}
