import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openai } from '../support/fake-vendor-errors.ts';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({
    kinds: ['openai-compatible'],
    configuration: `
providers:
  first: { kind: openai-compatible, baseUrl: "${vendor.url}/first/v1", apiKey: "first-test-key" }
  second: { kind: openai-compatible, baseUrl: "${vendor.url}/second/v1", apiKey: "second-test-key" }
routes:
  chat:
    targets: [ { provider: first, model: model-a }, { provider: second, model: model-b } ]
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});
beforeEach(() => vendor.reset());

const chatJob = {
  endpoint: '/v1/chat/completions',
  body: { model: 'chat', messages: [{ role: 'user', content: 'Hello' }] },
};

test.each([404, 405, 409, 410])(
  'status codes: a %i at the first provider goes on to the next one',
  async (status) => {
    vendor.onCall(/^\/first\//, { status, body: { error: { message: 'no', type: 'error' } } });
    const job = await broker.waitForJob((await broker.submit(chatJob)).id);
    expect(job.status).toBe('completed');
    expect(job.attempts).toMatchObject([
      {
        number: 1,
        provider: 'first',
        outcome: 'failed',
        status_code: status,
        verdict: status === 409 ? 'next' : 'next_for_good',
        rule: `default.status_${status}`,
      },
      { number: 2, provider: 'second', outcome: 'succeeded', status_code: 200 },
    ]);
  },
);

test('a job that met 404, then 429 with Retry-After, then an answer shows three attempts with all their fields', async () => {
  const limited = {
    status: 429,
    headers: { 'x-request-id': 'req_limited', 'retry-after': '2' },
    body: openai.rateLimitExceeded.body,
  };
  vendor.onCall(/^\/first\//, { ...openai.modelNotFound, delayMs: 60 });
  vendor.onCall(/^\/second\//, [
    { ...limited, delayMs: 120 },
    { delayMs: 180, modelServed: 'model-b-2026-01-01' },
  ]);
  const { id } = await broker.submit({ ...chatJob, body: { ...chatJob.body, seed: 7 } });
  const job = await broker.waitForJob(id);

  expect(job.status).toBe('completed');
  const [missing, refused, answered] = job.attempts;
  const common = {
    kind: 'openai-compatible',
    dialect: 'chat-completions',
    model_requested: 'chat',
    started_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    queued_ms: expect.any(Number),
    duration_ms: expect.any(Number),
    request_id: expect.any(String),
  };
  expect(missing).toEqual({
    ...common,
    number: 1,
    round: 1,
    target: 'first/model-a',
    provider: 'first',
    model_drawn: 'model-a',
    model_sent: 'model-a',
    outcome: 'failed',
    status_code: 404,
    verdict: 'next_for_good',
    rule: 'default.code_model_not_found',
    error: {
      type: 'invalid_request_error',
      code: 'model_not_found',
      message: 'The model `gpt-0` does not exist or you do not have access to it.',
      body: JSON.stringify(openai.modelNotFound.body),
    },
  });
  expect(refused).toEqual({
    ...common,
    number: 2,
    round: 1,
    target: 'second/model-b',
    provider: 'second',
    model_drawn: 'model-b',
    model_sent: 'model-b',
    outcome: 'failed',
    status_code: 429,
    verdict: 'next',
    rule: expect.any(String),
    error: expect.objectContaining({ body: JSON.stringify(openai.rateLimitExceeded.body) }),
    retry_after_ms: 2000,
    cooldown: { scope: 'model', until: expect.any(String) },
  });
  expect(answered).toEqual({
    ...common,
    number: 3,
    round: 2,
    target: 'second/model-b',
    provider: 'second',
    model_drawn: 'model-b',
    model_sent: 'model-b',
    model_served: 'model-b-2026-01-01',
    outcome: 'succeeded',
    status_code: 200,
    probe: true,
    provider_response_id: expect.any(String),
    usage: expect.objectContaining({ input_tokens: expect.any(Number) }),
    cost: { status: 'unknown', reason: expect.stringContaining('model-b') },
  });

  // True durations: what the vendor took, and little more.
  for (const [attempt, tookMs] of [
    [missing, 60],
    [refused, 120],
    [answered, 180],
  ] as const) {
    const duration = Number(attempt?.['duration_ms']);
    expect(duration).toBeGreaterThanOrEqual(tookMs - 5);
    expect(duration).toBeLessThan(tookMs + 1500);
  }
  const started = job.attempts.map((attempt) => Date.parse(String(attempt['started_at'])));
  expect(started).toEqual(started.toSorted((a, b) => a - b));
  expect(Number(started[2]) - Number(started[1])).toBeGreaterThanOrEqual(2000);
  expect(job['waits']).toMatchObject([{ reason: 'cooling_down', ended_at: expect.any(String) }]);
});
