import { parseExactJson } from '@understudy/contracts';
import { createParser } from 'eventsource-parser';
import { isObject, type JsonObject } from '../dialects/json-reading.ts';
import type { StreamEvents } from './stream-events.ts';

/**
 * The events of an SSE body whose data are JSON objects, up to the first that reports an error or
 * is none. That is a truncation where nothing follows.
 */
export function readServerSentEvents(body: Buffer): StreamEvents {
  const datas = dataOf(body.toString('utf8'));
  const events: JsonObject[] = [];
  for (const [index, data] of datas.entries()) {
    const event = parsed(data);
    if (event === undefined) {
      const last = index === datas.length - 1;
      return { events, brokenBy: { fault: last ? 'truncated_answer' : 'invalid_answer' } };
    }
    if (isObject(event['error'])) return { events, brokenBy: { error: event } };
    events.push(event);
  }
  return { events };
}

function dataOf(text: string): string[] {
  const datas: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => datas.push(data) });
  parser.feed(text);
  // Ends the last event where only its blank line is missing: what it says is all there.
  parser.feed('\n\n');
  return datas;
}

function parsed(data: string): JsonObject | undefined {
  try {
    const value = parseExactJson(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
