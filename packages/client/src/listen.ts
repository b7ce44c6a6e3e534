import { createParser } from 'eventsource-parser';
import type { EventSourceMessage } from 'eventsource-parser';
import type { Connection } from './connection.ts';
import { pause } from './pause.ts';
import type { PublicEvent, WebhookEventType } from './types.ts';

export interface ListenOptions {
  /** Of one job: what becomes of it, from its beginning to its end. Of all of the project otherwise. */
  id?: string;
  /** Of the project's; the ends of jobs where absent. */
  types?: readonly WebhookEventType[];
  /** The `id` of the last event heard; `0` for the oldest that is kept. */
  lastEventId?: string;
  signal?: AbortSignal;
}

export interface HeardEvent {
  /** Where to go on, as `lastEventId`. */
  id: string;
  type: string;
  /** Of `stream.gap`, which says that older events are no longer kept, the ids around the gap. */
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
  const { id, signal } = options;
  let lastEventId = options.lastEventId;
  let reconnectMs = RECONNECT_MS;
  let ended = false;
  while (!ended) {
    const silence = new AbortController();
    const either =
      signal === undefined ? silence.signal : AbortSignal.any([silence.signal, signal]);
    const response = await connection.send(
      () =>
        connection.request(pathOf(options), {
          headers: {
            accept: 'text/event-stream',
            ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
          },
        }),
      { signal: either },
    );
    if (response.status === 204 || response.body === null) return;
    try {
      for await (const found of readEvents(response.body, silence)) {
        if (typeof found === 'number') {
          reconnectMs = found;
          continue;
        }
        lastEventId = found.id ?? lastEventId;
        const type = found.event ?? 'message';
        ended ||= id !== undefined && JOB_ENDS.includes(type);
        yield { id: found.id ?? '', type, data: readEvent(found.data) };
      }
    } catch (error) {
      signal?.throwIfAborted();
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

/** The events of one connection, and the delays it asks for. Leaving it closes the connection. */
async function* readEvents(
  body: ReadableStream<Uint8Array>,
  silence: AbortController,
): AsyncGenerator<EventSourceMessage | number, void, undefined> {
  const found: (EventSourceMessage | number)[] = [];
  const parser = createParser({
    onEvent: (event) => found.push(event),
    onRetry: (delayMs) => found.push(delayMs),
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
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
