import { isRedisUnavailable } from '@understudy/runtime';
import type { Bell } from './bell.ts';
import { KEEP_ALIVE, OPENING, writeEvents } from './server-sent-event.ts';
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
  /** Called once, when the stream is over. */
  stop(): void;
}

const AWAY_RETRY_MS = 1000;

/**
 * The text of a stream: whatever is found each time the bell rings, and a comment where it has
 * been silent for `keepAliveMs`; until it has ended, or is over for another reason.
 */
export async function* eventFrames(
  { look }: Followed,
  bell: Bell,
  isOver: () => boolean,
  keepAliveMs: number,
): AsyncGenerator<string> {
  yield OPENING;
  while (!isOver()) {
    const glance = await patiently(look);
    if (glance.events.length > 0) yield writeEvents(glance.events);
    if (glance.ended) return;
    if (glance.more) continue;
    const rang = await bell.rungWithin(glance.away ? AWAY_RETRY_MS : keepAliveMs);
    if (!rang) yield KEEP_ALIVE;
  }
}

/**
 * A listener stays while Redis is away, and hears what came meanwhile once it is back. An
 * EventSource that met a 503 instead would never come back.
 */
async function patiently(look: () => Promise<Glance>): Promise<Glance & { away?: true }> {
  try {
    return await look();
  } catch (error) {
    if (!isRedisUnavailable(error)) throw error;
    return { events: [], away: true };
  }
}
