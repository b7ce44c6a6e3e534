import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { anthropicSdks, openAiSdks } from '../support/sdk-clients.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({
    kinds: ['openai', 'anthropic'],
    configuration: `
providers:
  openai: { kind: openai, baseUrl: "${vendor.url}/openai/v1", apiKey: "openai-test-key" }
  claude: { kind: anthropic, baseUrl: "${vendor.url}/claude", apiKey: "claude-test-key" }
projects:
  poor: { spendPerDay: 0.0000001 }
`,
  });
  await admin('projects', { name: 'poor' });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});
beforeEach(() => vendor.reset());

const messages = [{ role: 'user' as const, content: 'Hello' }];
const chat = { model: 'gpt-5.5', messages };

async function admin(what: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await broker.request(`/v1/admin/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

async function keyWith(limits: unknown, project = 'default'): Promise<string> {
  const { key } = await admin('keys', { project, scopes: ['submit', 'read'], limits });
  return String(key);
}

/** What a call rejects with. */
async function rejection(call: PromiseLike<unknown>) {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) {
      return error as Error & { status: number; headers: Headers; code?: string; type?: string };
    }
  }
  throw new Error('the call did not reject with an error');
}

describe.each(openAiSdks)('%s', (_name, connect) => {
  const client = (apiKey: string, maxRetries: number) =>
    connect({ baseURL: `${broker.url}/v1`, apiKey, maxRetries });

  test('a key that made its requests of the minute hears 429 and when to come again', async () => {
    const openai = client(await keyWith({ requests_per_minute: 2 }), 0);
    await openai.chat.completions.create(chat);
    const { response } = await openai.chat.completions.create(chat).withResponse();
    expect(response.headers.get('ratelimit')).toMatch(/^"key-requests";r=0;t=\d+$/);
    const error = await rejection(openai.chat.completions.create(chat));
    expect(error).toMatchObject({ status: 429, code: 'rate_limited', type: 'rate_limit_error' });
    const retryAfter = Number(error.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(30);
    expect(retryAfter).toBeLessThanOrEqual(61);
    expect(vendor.calls.length).toBe(2);
  });

  test('the SDK waits by itself for room among the jobs of its key', async () => {
    const openai = client(await keyWith({ jobs_waiting: 1 }), 4);
    vendor.onCall(() => true, { text: 'In turn.', delayMs: 300 });
    const answers = await Promise.all(
      [1, 2].map(() => openai.chat.completions.create(chat).withResponse()),
    );
    expect(answers.map(({ data }) => data.choices[0]?.message.content)).toEqual([
      'In turn.',
      'In turn.',
    ]);
    expect(vendor.calls.length).toBe(2);
  });

  test('whose money of the day is spent is told once, and asks no second time', async () => {
    const key = await keyWith({ spend_per_day: 0.0000001 });
    await client(key, 0).chat.completions.create(chat);
    // The scheduler settles what the call has cost within a second.
    await expect
      .poll(async () => await spentOf(key), { timeout: 10_000 })
      .toBeGreaterThan(0.0000001);
    const started = Date.now();
    const error = await rejection(client(key, 5).chat.completions.create(chat));
    expect(error).toMatchObject({ status: 429, code: 'quota_exceeded' });
    expect(error.headers.get('x-should-retry')).toBe('false');
    expect(Number(error.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Date.now() - started).toBeLessThan(3000);
    expect(vendor.calls.length).toBe(1);
  });
});

async function spentOf(key: string): Promise<number> {
  const response = await fetch(`${broker.url}/v1/limits`, { headers: { 'x-api-key': key } });
  const shown = (await response.json()) as { key: { use: { spend_per_day: number } } };
  return shown.key.use.spend_per_day;
}

describe.each(anthropicSdks)('%s', (_name, connect) => {
  const claude = (apiKey: string) =>
    connect({ baseURL: `${broker.url}/anthropic`, apiKey, maxRetries: 2 });

  test('a limit of the configuration holds for every key of its project', async () => {
    const [first, second] = [await keyWith({}, 'poor'), await keyWith({}, 'poor')];
    const message = { model: 'claude-opus-4-7', max_tokens: 100, messages };
    // One call spends the money of the day; where the other SDK did so before, it is refused.
    await claude(first)
      .messages.create(message)
      .catch(() => undefined);
    const refused = async () => {
      const error = await rejection(claude(second).messages.create(message));
      return error.status;
    };
    await expect.poll(() => refused().catch(() => 200), { timeout: 20_000 }).toBe(429);
    const error = await rejection(claude(second).messages.create(message));
    expect(error).toMatchObject({ status: 429, type: 'rate_limit_error' });
  });
});
