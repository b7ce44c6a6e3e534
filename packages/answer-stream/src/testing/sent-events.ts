import { createParser } from 'eventsource-parser';

/** What a reader of server-sent events gets of frames: each event's name and data, in order. */
export function sentEvents(frames: Iterable<string>): { name: string | undefined; data: string }[] {
  const events: { name: string | undefined; data: string }[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ name: event, data }),
  });
  for (const frame of frames) {
    const before = events.length;
    parser.feed(frame);
    if (events.length !== before + 1) throw new Error(`a frame holds one event: ${frame}`);
  }
  return events;
}

/** The data of events as values, without the line that ends a stream of chat completions. */
export function sentValues(frames: Iterable<string>): unknown[] {
  return sentEvents(frames)
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => {
      const value: unknown = JSON.parse(data);
      return value;
    });
}
