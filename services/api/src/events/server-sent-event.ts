/** One event of a stream as it is sent. None of its members holds a line break. */
export interface ServerSentEvent {
  /** What the client names when it resumes; absent of an event that is no place to go on from. */
  id?: string;
  type: string;
  /** JSON, so without line breaks. */
  data: string;
}

/** An event from which a listener may go on. */
export type PlacedEvent = ServerSentEvent & { id: string };

/** How long a client waits before it connects again. */
const RETRY_MS = 2000;

/**
 * What a stream begins with, so that the caller hears at once that it is open.
 * @param place where the listener stands, as far as that is known
 */
export function opening(place: string | undefined): string {
  return `retry: ${RETRY_MS}\n${placeLine(place)}: listening\n\n`;
}

/** Tells of nothing, and shows both sides that the connection lives. */
export function keepAlive(place: string | undefined): string {
  return `${placeLine(place)}: still here\n\n`;
}

/** Without `data:` it is no event: it only says what the client names when it resumes. */
function placeLine(place: string | undefined): string {
  return place === undefined ? '' : `id: ${place}\n`;
}

/** The text of events, in order (WHATWG HTML, section 9.2.6). */
export function writeEvents(events: readonly ServerSentEvent[]): string {
  return events
    .map(({ id, type, data }) => `${placeLine(id)}event: ${type}\ndata: ${data}\n\n`)
    .join('');
}
