import type { JsonObject } from '@understudy/provider';
import { objectsAt } from '@understudy/provider';
import { itemEvents } from './item-events.ts';
import type { PlainEvent } from './plain-event.ts';

/** One event of a Response's stream. */
export interface ResponseEvent extends JsonObject {
  type: string;
  /** Counts from 0 through the whole stream. */
  sequence_number: number;
}

/** The events of a finished Response, from `response.created` on. */
export function* responseEvents(response: JsonObject): Generator<ResponseEvent> {
  const begun = begunResponse(response);
  yield* numbered([
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
  ]);
  yield* endingEvents(response, 2);
}

/**
 * The events of a finished Response that come after those of its beginning: each item of its
 * output, then its end.
 * @param first the number of the first of them
 */
export function* endingEvents(response: JsonObject, first: number): Generator<ResponseEvent> {
  yield* numbered(outputEvents(response), first);
}

/** Gives events their numbers, counting from `first`. */
export function* numbered(events: Iterable<PlainEvent>, first = 0): Generator<ResponseEvent> {
  let next = first;
  for (const { type, ...members } of events) {
    yield { type, sequence_number: next, ...members };
    next += 1;
  }
}

function* outputEvents(response: JsonObject): Generator<PlainEvent> {
  for (const [index, item] of (objectsAt(response, 'output') ?? []).entries()) {
    yield* itemEvents(item, index);
  }
  yield { type: endOf(response['status']), response };
}

/** A cancelled Response has no event of its own: to who waits for the answer it has failed. */
function endOf(status: unknown): string {
  if (status === undefined || status === 'completed') return 'response.completed';
  return status === 'incomplete' ? 'response.incomplete' : 'response.failed';
}

function begunResponse(response: JsonObject): JsonObject {
  const { usage: _usage, completed_at: _completed, output_text: _text, ...members } = response;
  return {
    ...members,
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    output: [],
  };
}
