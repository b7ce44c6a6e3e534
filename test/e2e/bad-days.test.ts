import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { compatible, openai } from '../support/fake-vendor-errors.ts';
import { bigAnswer, redirectTo, type Reply } from '../support/fake-vendor-reply.ts';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
});
afterAll(() => vendor.close());
beforeEach(async () => {
  vendor.reset();
  broker = await startBroker({
    kinds: ['openai-compatible'],
    configuration: `
providers:
  bad: { kind: openai-compatible, baseUrl: "${vendor.url}/bad/v1", apiKey: "bad-test-key-123456", timeout: 3s }
  good: { kind: openai-compatible, baseUrl: "${vendor.url}/good/v1", apiKey: "good-test-key-123456" }
  nowhere: { kind: openai-compatible, baseUrl: "http://127.0.0.1:9/v1" }
routes:
  chat: { targets: [ { provider: bad, model: m }, { provider: good, model: m } ] }
  alone: { targets: [ { provider: bad, model: m } ] }
  nobody: { targets: [ { provider: nowhere, model: m }, { provider: good, model: m } ] }
`,
  });
  return () => broker.stop();
});

function chatJob(model = 'chat') {
  return {
    endpoint: '/v1/chat/completions',
    body: { model, messages: [{ role: 'user', content: 'Hello' }] },
  };
}

test('a bad day at the first provider has a defined outcome, and no process dies of it', async () => {
  const days: [Reply, Record<string, unknown>][] = [
    [{ answer: 'never' }, { rule: 'default.fault_timeout', maybe_billed: true }],
    [{ close: 'at-once' }, { rule: 'default.fault_reset', maybe_billed: true }],
    [{ close: 'after-half-body' }, { rule: 'default.fault_truncated_answer' }],
    [compatible.emptyAnswer, { rule: 'default.fault_empty_answer', status_code: 200 }],
    [compatible.blankAnswer, { rule: 'default.fault_empty_answer', status_code: 200 }],
    [{ body: '{"choices":[{"mess' }, { rule: 'default.fault_truncated_answer' }],
    [
      { body: '<html></html>' },
      {
        rule: 'default.fault_invalid_answer',
        status_code: 200,
        error: { message: expect.stringContaining('baseUrl'), body: '<html></html>' },
      },
    ],
    [{ body: { object: 'list' } }, { rule: 'default.fault_invalid_answer', status_code: 200 }],
    [redirectTo('http://169.254.169.254/'), { rule: 'default.fault_redirect', status_code: 307 }],
    [compatible.htmlFromProxy, { rule: 'default.status_5xx', status_code: 502 }],
    [openai.serverError, { status_code: 500, verdict: 'next' }],
    [
      { body: { error: { code: 502, message: 'upstream is down' } } },
      { status_code: 200, outcome: 'failed' },
    ],
  ];
  for (const [reply, expected] of days) {
    vendor.reset();
    vendor.onCall(/^\/bad\//, reply);
    // A success in between keeps the target from cooling down, so that each day is met.
    const job = await broker.waitForJob((await broker.submit(chatJob())).id);
    expect(job.status, JSON.stringify(reply)).toBe('completed');
    expect(job.attempts, JSON.stringify(reply)).toMatchObject([
      { provider: 'bad', outcome: 'failed', ...expected },
      { provider: 'good', outcome: 'succeeded' },
    ]);
    vendor.reset();
    await broker.waitForJob((await broker.submit(chatJob('alone'))).id);
  }
  expect((await broker.request('/readyz')).status).toBe(200);
});

test('an answer of 10 MB comes back whole', async () => {
  vendor.onCall(/^\/bad\//, bigAnswer());
  const job = await broker.waitForJob((await broker.submit(chatJob())).id);
  expect(job.status).toBe('completed');
  expect(JSON.stringify(job['result']).length).toBeGreaterThan(10 * 1024 * 1024);
});

test('a provider that refuses connections is passed by, and the attempt was not billed', async () => {
  const job = await broker.waitForJob((await broker.submit(chatJob('nobody'))).id);
  expect(job.attempts).toMatchObject([
    { provider: 'nowhere', rule: 'default.fault_connect', outcome: 'failed' },
    { provider: 'good', outcome: 'succeeded' },
  ]);
  expect(job.attempts[0]).not.toHaveProperty('maybe_billed');
});

test('a request that no provider will take fails at once with the provider’s own words', async () => {
  vendor.onCall(/^\/bad\//, openai.invalidPrompt);
  const job = await broker.waitForJob((await broker.submit(chatJob())).id);
  expect(job.status).toBe('failed');
  expect(job.attempts).toHaveLength(1);
  expect(job['error']).toMatchObject({
    code: 'provider_rejected',
    provider: 'bad',
    status_code: 400,
    provider_error: { code: 'invalid_prompt' },
  });
});

test('a key that a provider echoes is masked wherever its words are kept', async () => {
  vendor.onCall(/^\/bad\//, {
    status: 401,
    body: { error: { message: 'Incorrect API key: bad-test-key-123456', code: 'invalid_api_key' } },
  });
  const job = await broker.waitForJob((await broker.submit(chatJob())).id);
  expect(job.status).toBe('completed');
  expect(JSON.stringify(job)).not.toContain('bad-test-key-123456');
  expect(job.attempts[0]).toMatchObject({
    verdict: 'next',
    cooldown: { scope: 'provider' },
  });
  const log = broker.services.get('worker-openai-compatible')?.output.join('\n') ?? '';
  expect(log).not.toContain('bad-test-key-123456');
  expect(log).toContain('look at its key and billing');
});

test('the body reaches the provider byte for byte but for the model', async () => {
  const raw =
    '{ "model" : "chat", "messages":[{"role":"user","content":"h\\u00e9"}],\n "x_unknown": [1.0, 12345678901234567890], "stream": true}';
  const response = await broker.request('/v1/jobs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"endpoint":"/v1/chat/completions","body":${raw}}`,
  });
  expect(response.status).toBe(202);
  await vendor.waitForCalls(1);
  const sent = vendor.calls[0]?.body ?? '';
  expect(sent).toContain('"messages":[{"role":"user","content":"h\\u00e9"}]');
  expect(sent).toContain('"x_unknown": [1.0, 12345678901234567890]');
  expect(sent).not.toContain('stream');
  expect(JSON.parse(sent)).toMatchObject({ model: 'm' });
});
