import { createParser } from 'eventsource-parser';
import { request } from 'undici';

/** A listener to a stream of server-sent events. */
export interface FollowedEvents extends AsyncDisposable {
  /** @returns when this process had the news that the job is completed, in `process.hrtime` */
  heard(id: string): Promise<bigint>;
}

/** Resolves once the stream is open. @throws Error where the API opens none */
export async function followEvents(url: string, key: string): Promise<FollowedEvents> {
  const ended = new AbortController();
  const { statusCode, body } = await request(url, {
    headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' },
    signal: ended.signal,
    bodyTimeout: 0,
  });
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}: ${await body.text()}`);
  const heard: { data: string; atNs: bigint }[] = [];
  let news = Promise.withResolvers<void>();
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event !== 'job.completed') return;
      heard.push({ data, atNs: process.hrtime.bigint() });
      news.resolve();
      news = Promise.withResolvers();
    },
  });
  body.setEncoding('utf8').on('data', (text: string) => parser.feed(text));
  // It is ended by whoever follows it, or by the API after the job's last event.
  body.on('error', () => undefined);
  return {
    heard: async (id) => {
      for (;;) {
        const found = heard.find(({ data }) => data.includes(id));
        if (found !== undefined) return found.atNs;
        await news.promise;
      }
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort();
    },
  };
}
