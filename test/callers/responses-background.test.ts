import OpenAI7 from 'openai';
import OpenAI6 from 'openai-6';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { strictResponseSchema } from '../support/response-schema.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';
import { untilReady } from '../support/until-ready.ts';

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({
    kinds: ['openai-compatible', 'anthropic'],
    configuration: `
providers:
  own: { kind: openai-compatible, baseUrl: "${vendor.url}/v1", dialects: [responses], passthrough: true }
  other: { kind: anthropic, baseUrl: "${vendor.url}", apiKey: unused }
routes:
  direct: { targets: [ { provider: own } ] }
  translated: { targets: [ { provider: other, model: claude-sonnet-4-5 } ] }
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});
beforeEach(() => vendor.reset());

/** The calls made are those that both generations have; only their classes are strangers. */
const SDKS: [string, string, (baseURL: string) => OpenAI7][] = [
  ['openai 7', '/v1', (baseURL) => new OpenAI7({ baseURL, apiKey: broker.apiKey })],
  [
    'openai 6',
    '/openai/v1',
    (baseURL) => new OpenAI6({ baseURL, apiKey: broker.apiKey }) as unknown as OpenAI7,
  ],
];

const PROMPT = { model: 'direct', input: 'Hello', background: true };

/** Every Response on the way is held against the types of the SDK. */
async function poll(client: OpenAI7, id: string) {
  for (;;) {
    const response = await client.responses.retrieve(id);
    checkShape(response);
    if (response.status !== 'queued' && response.status !== 'in_progress') return response;
    await sleep(50);
  }
}

/** What the SDK adds to what it was sent is none of the shape. */
function checkShape(response: object): void {
  const { output_text: _text, _request_id, ...sent } = response as Record<string, unknown>;
  strictResponseSchema.parse(sent);
}

test.each(SDKS)(
  '%s polls a Response in the background to its end',
  async (_sdk, prefix, connect) => {
    vendor.onCall('/responses', { delayMs: 300, text: 'Late, but here.' });
    const client = connect(`${broker.url}${prefix}`);
    const created = await client.responses.create({
      ...PROMPT,
      instructions: 'Be brief.',
      metadata: { team: 'search' },
      store: false,
    });
    checkShape(created);
    expect(created).toMatchObject({ status: 'queued', background: true, output: [] });
    const ended = await poll(client, created.id);
    expect(ended).toMatchObject({
      id: created.id,
      created_at: created.created_at,
      status: 'completed',
      background: true,
      metadata: { team: 'search' },
      output_text: 'Late, but here.',
    });

    const body = JSON.parse(vendor.calls[0]?.body ?? '') as Record<string, unknown>;
    expect(body).toMatchObject({ instructions: 'Be brief.', store: false });
    expect(body).not.toHaveProperty('background');
    const job = await broker.getJob(created.id.replace('resp_', 'job_'));
    expect(job.attempts[0]?.['provider_response_id']).toMatch(/^resp_/);
    expect(job.attempts[0]?.['provider_response_id']).not.toBe(created.id);
  },
);

test('a Response that a provider of another dialect answered has the shape of the types', async () => {
  const [, prefix, connect] = SDKS[0] ?? [];
  const client = connect?.(`${broker.url}${prefix}`);
  if (client === undefined) throw new Error('there is no client');
  const { id } = await client.responses.create({ ...PROMPT, model: 'translated' });
  expect(await poll(client, id)).toMatchObject({ id, status: 'completed', background: true });
  expect(vendor.calls[0]?.path).toBe('/v1/messages');
});

test.each(SDKS)(
  '%s streams a Response in the background, and again from any event on',
  async (_sdk, prefix, connect) => {
    vendor.onCall('/responses', { delayMs: 300, text: 'one two three '.repeat(30) });
    const client = connect(`${broker.url}${prefix}`);
    const stream = await client.responses.create({ ...PROMPT, stream: true });
    const events = [];
    for await (const event of stream) events.push(event);
    expect(events.slice(0, 3).map(({ type }) => type)).toEqual([
      'response.created',
      'response.queued',
      'response.in_progress',
    ]);
    const [first, last] = [events[0], events.at(-1)];
    if (first?.type !== 'response.created' || last?.type !== 'response.completed') {
      throw new Error(`the stream goes from ${first?.type} to ${last?.type}`);
    }
    checkShape(first.response);
    checkShape(last.response);
    const { id } = first.response;

    const rest = [];
    const resumed = await client.responses.retrieve(id, { stream: true, starting_after: 4 });
    for await (const event of resumed) rest.push(event);
    expect(rest).toEqual(events.slice(5));

    const final = await client.responses.stream({ response_id: id }).finalResponse();
    expect(final).toMatchObject({ id, status: 'completed' });
    expect(final.output_text).toBe('one two three '.repeat(30));
  },
);

test('a stream goes on at another API after the first one was killed', async () => {
  vendor.onCall('/responses', { delayMs: 3000 });
  const client = new OpenAI7({ baseURL: `${broker.url}/v1`, apiKey: broker.apiKey });
  const stream = await client.responses.create({ ...PROMPT, stream: true });
  let id = '';
  let seen = -1;
  const reading = async (): Promise<void> => {
    for await (const event of stream) {
      seen = event.sequence_number;
      if (event.type === 'response.created') ({ id } = event.response);
      if (event.type === 'response.in_progress') broker.services.get('api')?.kill('SIGKILL');
    }
  };
  await expect(reading()).rejects.toBeInstanceOf(Error);
  expect(seen).toBe(2);

  await broker.startService('api');
  await untilReady(broker.url);
  const resumed = await client.responses.retrieve(id, { stream: true, starting_after: seen });
  const numbers = [];
  for await (const event of resumed) numbers.push(event.sequence_number);
  expect(numbers).toEqual(numbers.map((_, index) => index + 3));
  expect(await client.responses.retrieve(id)).toMatchObject({ status: 'completed' });
  expect(vendor.calls).toHaveLength(1);
});

test.each(SDKS)('%s cancels a Response, twice', async (_sdk, prefix, connect) => {
  vendor.onCall('/responses', { answer: 'never' });
  const client = connect(`${broker.url}${prefix}`);
  const { id } = await client.responses.create(PROMPT);
  const [call] = await vendor.waitForCalls(1);
  for (let times = 0; times < 2; times += 1) {
    const cancelled = await client.responses.cancel(id);
    checkShape(cancelled);
    expect(cancelled).toMatchObject({ id, status: 'cancelled', output: [] });
  }
  expect(await call?.ended).toBe('closed-by-client');
});

test.each(SDKS)('%s deletes a Response, and it is gone', async (_sdk, prefix, connect) => {
  const client = connect(`${broker.url}${prefix}`);
  const { id } = await client.responses.create(PROMPT);
  await poll(client, id);
  await client.responses.delete(id);
  await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
});

test.each(SDKS)('%s lists what a Response was asked with', async (_sdk, prefix, connect) => {
  const client = connect(`${broker.url}${prefix}`);
  const input = Array.from({ length: 5 }, (_, index) => ({
    role: 'user' as const,
    content: `part ${index}`,
  }));
  const { id } = await client.responses.create({ ...PROMPT, input });
  const texts = [];
  for await (const item of client.responses.inputItems.list(id, { limit: 2, order: 'asc' })) {
    expect(item).toMatchObject({ type: 'message', role: 'user', id: expect.any(String) });
    texts.push((item as { content: { text: string }[] }).content[0]?.text);
  }
  expect(texts).toEqual(['part 0', 'part 1', 'part 2', 'part 3', 'part 4']);
});

test('a Response that was waited for is found again by its id, and is not cancelled', async () => {
  const client = new OpenAI7({ baseURL: `${broker.url}/v1`, apiKey: broker.apiKey });
  const answered = await client.responses.create({ model: 'direct', input: 'Hello' });
  expect(answered.id).toMatch(/^resp_[0-9a-z]{26}$/);
  const found = await client.responses.retrieve(answered.id);
  expect(found).toMatchObject({ id: answered.id, output: answered.output, background: false });
  await expect(client.responses.cancel(answered.id)).rejects.toMatchObject({ status: 400 });
});

test('a failed Response says why', async () => {
  vendor.onCall('/responses', {
    status: 400,
    body: { error: { message: 'the prompt is not good', type: 'invalid_request_error' } },
  });
  const client = new OpenAI7({ baseURL: `${broker.url}/v1`, apiKey: broker.apiKey });
  const { id } = await client.responses.create(PROMPT);
  expect(await poll(client, id)).toMatchObject({
    status: 'failed',
    error: { code: 'invalid_prompt', message: 'the prompt is not good' },
  });
});
