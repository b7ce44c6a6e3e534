import { createParser } from 'eventsource-parser';
import type { EventSourceMessage } from 'eventsource-parser';
import { anySignal } from './any-signal.ts';
import type { Connection } from './connection.ts';
import type { PublicEvent, StreamEventType } from './events.ts';
import { pause } from './pause.ts';

export interface ListenOptions {
  /** Of one job: what becomes of it, from its beginning to its end. Of all of the project otherwise. */
  id?: string;
  /** Of the project's; the ends of jobs where absent. */
  types?: readonly StreamEventType[];
  /** The `id` of the last event heard; `0` for the oldest that is kept. */
  lastEventId?: string;
  /**
   * Told where to go on, as `lastEventId`, once all before it was handed out: also before the first
   * event, and now and then while none comes.
   */
  onPlace?: (id: string) => void;
  signal?: AbortSignal;
}

export interface HeardEvent {
  /** Where to go on, as `lastEventId`. */
  id: string;
  type: string;
  data: PublicEvent;
}

/** The broker says something every 15 seconds, if only a comment. */
const SILENCE_MS = 45_000;
const RECONNECT_MS = 2000;
const JOB_ENDS: readonly string[] = ['job.completed', 'job.failed', 'job.cancelled', 'job.expired'];

/**
 * Server-sent events, each once and in order. Connects again by itself, from where it was. Those of
 * one job end with it; those of the project never do.
 */
export async function* listen(
  connection: Connection,
  options: ListenOptions = {},
): AsyncGenerator<HeardEvent, void, undefined> {
  const { id, onPlace } = options;
  const signal = anySignal(connection.signal, options.signal);
  let lastEventId = options.lastEventId;
  let reconnectMs = RECONNECT_MS;
  let ended = false;
  while (!ended) {
    const silence = new AbortController();
    const response = await connection.send(
      () =>
        connection.request(pathOf(options), {
          headers: {
            accept: 'text/event-stream',
            ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
          },
        }),
      { signal: anySignal(silence.signal, signal) },
    );
    if (response.status === 204 || response.body === null) return;
    try {
      for await (const found of readEvents(response.body, silence)) {
        if ('retryMs' in found) {
          reconnectMs = found.retryMs;
        } else if ('place' in found) {
          lastEventId = found.place;
          onPlace?.(found.place);
        } else {
          const { id: place = '', event: type = 'message', data } = found.event;
          ended ||= id !== undefined && JOB_ENDS.includes(type);
          yield { id: place, type, data: readEvent(data) };
        }
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof SyntaxError) throw error;
      // The connection broke, or was silent for too long: what was missed is told by the next.
    }
    if (!ended) await pause(reconnectMs, signal);
  }
}

function pathOf({ id, types }: ListenOptions): string {
  if (id !== undefined) return `/v1/jobs/${encodeURIComponent(id)}/events`;
  return types === undefined ? '/v1/events' : `/v1/events?types=${types.join(',')}`;
}

function readEvent(text: string): PublicEvent {
  const event: PublicEvent = JSON.parse(text);
  return event;
}

/** A stream says where it stands with an event, or by an id without one. */
type Found = { event: EventSourceMessage } | { retryMs: number } | { place: string };

/**
 * The events of one connection, the delays it asks for, and the place after what was handed out.
 * Leaving it closes the connection.
 */
async function* readEvents(
  body: ReadableStream<Uint8Array>,
  silence: AbortController,
): AsyncGenerator<Found, void, undefined> {
  const found: Found[] = [];
  let place: string | undefined;
  const parser = createParser({
    onId: (id) => (place = id),
    onEvent: (event) => found.push({ event }),
    onRetry: (retryMs) => found.push({ retryMs }),
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const timer = setTimeout(() => silence.abort(), SILENCE_MS);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* found.splice(0);
      if (place !== undefined) yield { place };
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
