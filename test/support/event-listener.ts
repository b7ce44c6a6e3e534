import { createParser } from 'eventsource-parser';

/** One event as a client of a stream sees it. */
export interface HeardEvent {
  /** Place in the stream. */
  id: string;
  type: string;
  /** What stands in `data:`. */
  event: { id: string; type: string; data: { id: string; [member: string]: unknown } };
}

export interface EventListener {
  response: Response;
  /** Every event so far, in order. */
  heard: readonly HeardEvent[];
  comments: readonly string[];
  /** What a browser would name when it connects again. */
  lastEventId(): string | undefined;
  /** `ended` when the server ended the stream, `cut` when the connection broke. */
  over: Promise<'ended' | 'cut'>;
  hangUp(): void;
}

export interface ListenOptions {
  apiKey: string;
  /** Sent as Last-Event-ID. */
  lastEventId?: string;
  /** Sent as Understudy-Project. */
  project?: string;
  onEvent?: (event: HeardEvent) => void;
}

/** Listens to a stream of server-sent events as a browser does, but does not connect again. */
export async function listenTo(url: string, options: ListenOptions): Promise<EventListener> {
  const { apiKey, lastEventId, project, onEvent } = options;
  const hangUp = new AbortController();
  const response = await fetch(url, {
    signal: hangUp.signal,
    headers: {
      authorization: `Bearer ${apiKey}`,
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      ...(project === undefined ? {} : { 'understudy-project': project }),
    },
  });
  const heard: HeardEvent[] = [];
  const comments: string[] = [];
  let place = lastEventId;
  const parser = createParser({
    onId: (id) => (place = id),
    onEvent: ({ id = '', event: type = '', data }) => {
      const event = { id, type, event: JSON.parse(data) as HeardEvent['event'] };
      heard.push(event);
      onEvent?.(event);
    },
    onComment: (comment) => comments.push(comment),
  });
  return {
    response,
    heard,
    comments,
    lastEventId: () => place,
    over: response.ok ? feed(response, (text) => parser.feed(text)) : Promise.resolve('ended'),
    hangUp: () => hangUp.abort(),
  };
}

async function feed(response: Response, take: (text: string) => void): Promise<'ended' | 'cut'> {
  if (response.body === null) return 'ended';
  try {
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) take(text);
    return 'ended';
  } catch {
    return 'cut';
  }
}
