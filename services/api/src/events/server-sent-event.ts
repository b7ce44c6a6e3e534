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

/** What a stream begins with, so that the caller hears at once that it is open. */
export const OPENING = `retry: ${RETRY_MS}\n: listening\n\n`;

/** Says nothing, and shows both sides that the connection lives. */
export const KEEP_ALIVE = ': still here\n\n';

/** The text of events, in order (WHATWG HTML, section 9.2.6). */
export function writeEvents(events: readonly ServerSentEvent[]): string {
  return events
    .map(({ id, type, data }) => {
      const place = id === undefined ? '' : `id: ${id}\n`;
      return `${place}event: ${type}\ndata: ${data}\n\n`;
    })
    .join('');
}
