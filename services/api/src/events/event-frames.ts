import { isRedisUnavailable } from '@understudy/runtime';
import type { Bell } from './bell.ts';
import { keepAlive, opening, writeEvents } from './server-sent-event.ts';
import type { ServerSentEvent } from './server-sent-event.ts';

/** What a stream found when it looked. */
export interface Glance {
  events: readonly ServerSentEvent[];
  /** There is more to be had at once. */
  more?: boolean;
  /** Nothing will ever follow. */
  ended?: boolean;
}

/** What a stream follows. Each look goes on where the one before ended. */
export interface Followed {
  look(): Promise<Glance>;
  /**
   * Where a listener who has been sent all that was found stands. Absent where the ids of events
   * alone say so; undefined where there is no place yet.
   */
  place?(): string | undefined;
  /** Called once, when the stream is over. */
  stop(): void;
}

const AWAY_RETRY_MS = 1000;

/**
 * The text of a stream: whatever is found each time the bell rings, and a comment where it has
 * been silent for `keepAliveMs`, however often the bell rang for nothing; until it has ended, or is
 * over for another reason. The listener's place is told with the beginning and with each comment:
 * whoever heard no event yet, or none for long, resumes from there.
 */
export async function* eventFrames(
  followed: Followed,
  bell: Bell,
  isOver: () => boolean,
  keepAliveMs: number,
): AsyncGenerator<string> {
  yield opening(followed.place?.());
  let wroteAt = performance.now();
  while (!isOver()) {
    const glance = await patiently(followed);
    if (glance.events.length > 0) {
      yield writeEvents(glance.events);
      wroteAt = performance.now();
    }
    if (glance.ended) return;
    if (performance.now() - wroteAt >= keepAliveMs) {
      yield keepAlive(followed.place?.());
      wroteAt = performance.now();
    }
    if (glance.more) continue;
    const silenceMs = wroteAt + keepAliveMs - performance.now();
    await bell.rungWithin(glance.away ? Math.min(silenceMs, AWAY_RETRY_MS) : silenceMs);
  }
}

/**
 * A listener stays while Redis is away, and hears what came meanwhile once it is back. An
 * EventSource that met a 503 instead would never come back.
 */
async function patiently(followed: Followed): Promise<Glance & { away?: true }> {
  try {
    return await followed.look();
  } catch (error) {
    if (!isRedisUnavailable(error)) throw error;
    return { events: [], away: true };
  }
}
