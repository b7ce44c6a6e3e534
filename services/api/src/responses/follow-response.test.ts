import { createParser } from 'eventsource-parser';
import { jobKeys } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { complete, fail, startTestApi } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { submitResponse } from './testing/submit-response.ts';

const jobIdOf = (id: string): string => id.replace('resp_', 'job_');

interface Event {
  type: string;
  sequence_number: number;
  response?: { id: string; status: string; output: unknown[] };
}

function answerOf(text: string): string {
  return JSON.stringify({
    id: 'resp_of_the_vendor',
    object: 'response',
    status: 'completed',
    model: 'gpt-4o',
    output: [
      {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text, annotations: [] }],
      },
    ],
  });
}

/** Reads a stream to its end; `onEvent` hears each event as it comes. */
async function readEvents(
  api: TestApi,
  path: string,
  onEvent: (event: Event) => void = () => undefined,
): Promise<Event[]> {
  const response = await api.call(path);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const events: Event[] = [];
  const parser = createParser({
    onEvent: ({ event: type, data }) => {
      const event = JSON.parse(data) as Event;
      expect(event.type).toBe(type);
      events.push(event);
      onEvent(event);
    },
  });
  for await (const bytes of response.body ?? []) parser.feed(Buffer.from(bytes).toString('utf8'));
  return events;
}

test('a stream tells a Response from queued to its end as that comes', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { background: true });
  const events = await readEvents(api, `/v1/responses/${id}?stream=true`, ({ type }) => {
    if (type === 'response.queued') void complete(api, jobIdOf(id), answerOf('Hello'));
  });
  const types = events.map(({ type }) => type);
  expect(types.slice(0, 3)).toEqual([
    'response.created',
    'response.queued',
    'response.in_progress',
  ]);
  expect(types).toContain('response.output_text.delta');
  expect(types.at(-1)).toBe('response.completed');
  expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, at) => at));
  expect(events.at(-1)?.response).toEqual(await (await api.call(`/v1/responses/${id}`)).json());
});

test('whoever goes on after an event hears exactly what came after it', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api);
  await complete(api, jobIdOf(id), answerOf('words and words '.repeat(100)));
  const whole = await readEvents(api, `/v1/responses/${id}?stream=true`);
  expect(whole.length).toBeGreaterThan(20);
  for (const after of [0, 2, 7, whole.length - 2]) {
    const path = `/v1/responses/${id}?stream=true&starting_after=${after}`;
    expect(await readEvents(api, path)).toEqual(whole.slice(after + 1));
  }
});

test('whoever has heard the end hears no more', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api);
  await complete(api, jobIdOf(id), answerOf('Hello'));
  const path = `/v1/responses/${id}?stream=true&starting_after=1000000`;
  expect(await readEvents(api, path)).toEqual([]);
});

test('a Response that was cancelled before it began ends the stream of who waits', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { background: true });
  const events = await readEvents(api, `/v1/responses/${id}?stream=true`, ({ type }) => {
    if (type === 'response.queued') void api.call(`/v1/responses/${id}/cancel`, { method: 'POST' });
  });
  expect(events.map(({ type }) => type)).toEqual([
    'response.created',
    'response.queued',
    'response.failed',
  ]);
  expect(events.at(-1)?.response).toMatchObject({ status: 'cancelled', output: [] });
});

test('a failed Response ends its stream with the error', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { background: true });
  await fail(api, jobIdOf(id), { status_code: 429 });
  const events = await readEvents(api, `/v1/responses/${id}?stream=true`);
  expect(events.at(-1)).toMatchObject({
    type: 'response.failed',
    sequence_number: 3,
    response: { status: 'failed', error: { code: 'rate_limit_exceeded' } },
  });
});

test('a large answer is told in pieces and whole', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api);
  const text = 'word '.repeat(400_000);
  await complete(api, jobIdOf(id), answerOf(text));
  const events = await readEvents(api, `/v1/responses/${id}?stream=true`);
  const deltas = events.filter(({ type }) => type === 'response.output_text.delta');
  expect(deltas.map((event) => (event as unknown as { delta: string }).delta).join('')).toBe(text);
});

test('a place that is no number is refused', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api);
  const response = await api.call(`/v1/responses/${id}?stream=true&starting_after=x`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { param: 'starting_after' } });
});

test('who listens to a Response that is erased meanwhile is told so', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { background: true });
  const { redis, keyPrefix } = api.dispatch;
  const forget = async (): Promise<void> => {
    await redis.unlink(jobKeys(keyPrefix, { project: 'default', id: jobIdOf(id) }).record);
    api.parts.openStreams.lookAgain();
  };
  const events = await readEvents(api, `/v1/responses/${id}?stream=true`, ({ type }) => {
    if (type === 'response.queued') void forget();
  });
  expect(events.at(-1)).toMatchObject({ type: 'error', code: 'not_found', sequence_number: 2 });
});
