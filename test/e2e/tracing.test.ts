import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CollectedSpan } from '../support/decode-otlp-traces.ts';
import { openai } from '../support/fake-vendor-errors.ts';
import { startFakeVendor } from '../support/fake-vendor.ts';
import type { FakeVendor } from '../support/fake-vendor.ts';
import { startBroker } from '../support/start-broker.ts';
import type { Broker } from '../support/start-broker.ts';
import { startTraceCollector } from '../support/trace-collector.ts';
import type { TraceCollector } from '../support/trace-collector.ts';
import { startWebhookReceiver } from '../support/webhook-receiver.ts';
import type { WebhookReceiver } from '../support/webhook-receiver.ts';

const CANARY = 'canary-4711 of a prompt';
const CALLER_TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER_SPAN = 'b7ad6b7169203331';

/** What `links` gives of the first test's job, */
const WAY_OF_THE_JOB = [
  'POST /v1/jobs',
  'POST /v1/jobs > process first',
  'process first > chat m-first',
  'process first > send second',
  'POST /v1/jobs > process second',
  'process second > chat m-second',
  'process second > send third',
  'POST /v1/jobs > process third',
  'process third > chat m-third',
  'POST /v1/jobs > wait cooling_down',
  'POST /v1/jobs > send third',
  'POST /v1/jobs > process third',
  'process third > chat m-third',
  'POST /v1/jobs > deliver job.completed',
].toSorted(byText);
/** and of the batch of two lines. */
const WAY_OF_THE_BATCH = [
  'POST /v1/batches',
  'POST /v1/batches > process third',
  'POST /v1/batches > process third',
  'process third > chat m-third',
  'process third > chat m-third',
].toSorted(byText);

let vendor: FakeVendor;
let receiver: WebhookReceiver;
let collector: TraceCollector;
let broker: Broker;

beforeAll(async () => {
  [vendor, receiver, collector] = await Promise.all([
    startFakeVendor(),
    startWebhookReceiver(),
    startTraceCollector(),
  ]);
  broker = await startBroker({
    kinds: ['openai-compatible'],
    services: ['webhook-deliverer', 'batch-runner'],
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      LOG_LEVEL: 'info',
    },
    configuration: `
providers:
  first: { kind: openai-compatible, baseUrl: "${vendor.url}/first/v1" }
  second: { kind: openai-compatible, baseUrl: "${vendor.url}/second/v1" }
  third: { kind: openai-compatible, baseUrl: "${vendor.url}/third/v1" }
  ours: { kind: openai-compatible, baseUrl: "${vendor.url}/ours/v1", sendTraceparent: true }
routes:
  chat:
    targets:
      - { provider: first, model: m-first }
      - { provider: second, model: m-second }
      - { provider: third, model: m-third }
  own: { targets: [ { provider: ours, model: m-ours } ] }
  plain: { targets: [ { provider: third, model: m-third } ] }
outbound: { allow: [ "127.0.0.1:${receiver.port}" ] }
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await Promise.all([vendor.close(), receiver.close(), collector.close()]);
});

function chatJob(model: string): Record<string, unknown> {
  return {
    endpoint: '/v1/chat/completions',
    body: { model, messages: [{ role: 'user', content: CANARY }] },
  };
}

function batchLine(customId: string): string {
  const { endpoint, body } = chatJob('plain');
  return JSON.stringify({ custom_id: customId, method: 'POST', url: endpoint, body });
}

async function submit(job: Record<string, unknown>, traceparent?: string): Promise<string> {
  const response = await broker.request('/v1/jobs', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(traceparent === undefined ? {} : { traceparent }),
    },
    body: JSON.stringify(job),
  });
  expect(response.status).toBe(202);
  return ((await response.json()) as { id: string }).id;
}

/** The log lines of all services, as objects; the API's first, where what it tells began. */
function logLines(): Record<string, unknown>[] {
  return [...broker.services.values()]
    .toSorted((one, other) => byText(one.name, other.name))
    .flatMap(({ output }) => output)
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Record<string, unknown>];
      } catch {
        return [];
      }
    });
}

const ofTrace = (traceId: string) => collector.spans.filter((span) => span.traceId === traceId);

function byText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Each span with its parent, where that came too: `parent > child`. */
function links(spans: readonly CollectedSpan[]): string[] {
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  return spans
    .map(({ name, parentSpanId }) => {
      const parent = names.get(parentSpanId);
      return parent === undefined ? name : `${parent} > ${name}`;
    })
    .toSorted(byText);
}

test('one trace tells the whole way of a job: two fall-throughs, a wait, a probe, a callback', async () => {
  vendor.onCall(/^\/first\//, openai.modelNotFound);
  vendor.onCall(/^\/second\//, {
    ...openai.modelNotFound,
    body: { error: { code: 'model_not_found', message: `${CANARY}, said back` } },
  });
  vendor.onCall(/^\/third\//, [openai.rateLimitExceeded, { text: `${CANARY}, answered` }]);
  const id = await submit(
    { ...chatJob('chat'), callback: { url: `${receiver.url}/told` } },
    `00-${CALLER_TRACE}-${CALLER_SPAN}-01`,
  );
  const [delivery] = await receiver.waitFor('/told');
  await collector.waitFor(() => ofTrace(CALLER_TRACE).length >= WAY_OF_THE_JOB.length);

  const spans = ofTrace(CALLER_TRACE);
  expect(collector.spans).toHaveLength(spans.length);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  expect(ids.size).toBe(spans.length);
  const orphans = spans.filter(({ parentSpanId }) => !ids.has(parentSpanId));
  expect(orphans.map(({ name, parentSpanId }) => ({ name, parentSpanId }))).toEqual([
    { name: 'POST /v1/jobs', parentSpanId: CALLER_SPAN },
  ]);
  expect(links(spans)).toEqual(WAY_OF_THE_JOB);
  for (const { name, startedAt, endedAt } of spans) {
    expect(endedAt, name).toBeGreaterThanOrEqual(startedAt);
  }

  const calls = spans
    .filter(({ kind, name }) => kind === 'client' && name.startsWith('chat'))
    .toSorted((one, other) => one.startedAt - other.startedAt);
  expect(calls.map(({ isError }) => isError)).toEqual([true, true, true, false]);
  expect(calls[0]?.attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai-compatible',
    'gen_ai.request.model': 'm-first',
    'http.response.status_code': 404,
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(vendor.url).port),
    'error.type': expect.any(String),
    'understudy.job.id': id,
    'understudy.project': 'default',
    'understudy.provider': 'first',
    'understudy.attempt.number': 1,
    'understudy.attempt.outcome': 'failed',
    'understudy.verdict': 'next_for_good',
    'understudy.model.requested': 'chat',
  });
  expect(calls[2]?.attributes).toMatchObject({ 'http.response.status_code': 429 });
  expect(calls[3]?.attributes).toMatchObject({
    'gen_ai.response.model': 'm-third',
    'gen_ai.response.id': expect.any(String),
    'gen_ai.usage.input_tokens': expect.any(Number),
    'gen_ai.usage.output_tokens': expect.any(Number),
    'http.response.status_code': 200,
    'understudy.attempt.outcome': 'succeeded',
    'understudy.probe': true,
  });
  const wait = spans.find(({ name }) => name === 'wait cooling_down');
  expect(wait).toMatchObject({ kind: 'internal', resource: { 'service.namespace': 'understudy' } });
  const services = new Set(spans.map(({ resource }) => String(resource['service.name'])));
  expect([...services].toSorted(byText)).toEqual([
    'understudy-api',
    'understudy-scheduler',
    'understudy-webhook-deliverer',
    'understudy-worker-openai-compatible',
  ]);

  const delivered = spans.find(({ name }) => name === 'deliver job.completed');
  expect(delivery?.headers['traceparent']).toBe(`00-${CALLER_TRACE}-${delivered?.spanId}-01`);
  expect(delivered?.attributes).toMatchObject({
    'http.response.status_code': 204,
    'understudy.delivery.outcome': 'delivered',
    'understudy.event.type': 'job.completed',
    'understudy.job.id': id,
  });
  for (const call of vendor.calls) expect(call.headers).not.toHaveProperty('traceparent');
});

test('one line of the log tells of each step of that job, and none of what it asked', () => {
  const lines = logLines().filter((line) => line['trace_id'] === CALLER_TRACE);
  const steps = lines
    .toSorted((one, other) => String(one['time']).localeCompare(String(other['time'])))
    .map(({ msg, provider, from, reason, level, project }) => {
      expect({ level, project }).toEqual({ level: 30, project: 'default' });
      return [msg, from, provider ?? reason].filter((part) => part !== undefined);
    });
  expect(steps).toEqual([
    ['job accepted', 'first'],
    ['job started', 'first'],
    ['job handed over', 'first', 'second'],
    ['job started', 'second'],
    ['job handed over', 'second', 'third'],
    ['job started', 'third'],
    ['job waits', 'third', 'cooling_down'],
    ['job queued again', 'third'],
    ['job started', 'third'],
    ['job completed', 'third'],
    ['event delivered'],
  ]);
  expect(lines.find(({ msg }) => msg === 'job waits')).toMatchObject({
    rule: expect.any(String),
    status: 429,
    attempt: 3,
    until: expect.stringMatching(/Z$/),
  });
});

test('a job without a trace of its caller begins one, and one that the caller does not keep is not kept', async () => {
  vendor.reset();
  const unkept = await submit(
    chatJob('plain'),
    '00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00',
  );
  const own = await submit(chatJob('plain'));
  await Promise.all([broker.waitForJob(unkept), broker.waitForJob(own)]);
  const ofJob = (job: string) =>
    collector.spans.filter(({ attributes }) => attributes['understudy.job.id'] === job);
  await collector.waitFor(() => ofJob(own).some(({ name }) => name === 'process third'));
  const traceId = ofJob(own)[0]?.traceId ?? '';
  await collector.waitFor(() => ofTrace(traceId).length === 3);
  expect(links(ofTrace(traceId))).toEqual([
    'POST /v1/jobs',
    'POST /v1/jobs > process third',
    'process third > chat m-third',
  ]);
  expect(ofJob(unkept)).toEqual([]);
});

test('a provider hears of the trace only where its configuration says so', async () => {
  vendor.reset();
  const traceId = '3af7651916cd43dd8448eb211c80319c';
  await broker.waitForJob(await submit(chatJob('own'), `00-${traceId}-${CALLER_SPAN}-01`));
  await collector.waitFor(() => ofTrace(traceId).length === 3);
  const call = ofTrace(traceId).find(({ name }) => name === 'chat m-ours');
  expect(vendor.calls.map(({ headers }) => headers['traceparent'])).toEqual([
    `00-${traceId}-${call?.spanId}-01`,
  ]);
});

test('lines of a batch join below the request that made it', async () => {
  vendor.reset();
  const traceId = '2af7651916cd43dd8448eb211c80319c';
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new Blob([`${batchLine('a')}\n${batchLine('b')}\n`]), 'lines.jsonl');
  const uploaded = await broker.request('/v1/files', { method: 'POST', body: form });
  const file = (await uploaded.json()) as { id: string };
  const made = await broker.request('/v1/batches', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      traceparent: `00-${traceId}-${CALLER_SPAN}-01`,
    },
    body: JSON.stringify({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    }),
  });
  expect(made.status).toBe(200);
  const batch = (await made.json()) as { id: string };
  await collector.waitFor(() => ofTrace(traceId).length >= WAY_OF_THE_BATCH.length);
  expect(links(ofTrace(traceId))).toEqual(WAY_OF_THE_BATCH);
  const turn = ofTrace(traceId).find(({ name }) => name === 'process third');
  expect(turn?.attributes).toMatchObject({ 'understudy.batch.id': batch.id });
});

test('a job that is cancelled during its call says so, and so does the call', async () => {
  vendor.reset();
  vendor.onCall(/^\/third\//, { answer: 'never' });
  const traceId = '4af7651916cd43dd8448eb211c80319c';
  const id = await submit(chatJob('plain'), `00-${traceId}-${CALLER_SPAN}-01`);
  await vendor.waitForCalls(1);
  expect((await broker.request(`/v1/jobs/${id}/cancel`, { method: 'POST' })).status).toBe(200);
  await collector.waitFor(() => ofTrace(traceId).length === 4);
  expect(links(ofTrace(traceId))).toEqual([
    'POST /v1/jobs',
    'POST /v1/jobs > job cancelled',
    'POST /v1/jobs > process third',
    'process third > chat m-third',
  ]);
  const call = ofTrace(traceId).find(({ name }) => name === 'chat m-third');
  expect(call).toMatchObject({
    isError: true,
    attributes: { 'understudy.attempt.outcome': 'interrupted' },
  });
});

test('requests that are refused are told with their status, and those of nobody are not', async () => {
  const [nobodys, invalid] = ['5', '6'].map((digit) => `${digit}af7651916cd43dd8448eb211c80319c`);
  const post = (traceId: string | undefined, headers: Record<string, string>) =>
    fetch(`${broker.url}/v1/jobs`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        traceparent: `00-${traceId}-${CALLER_SPAN}-01`,
        ...headers,
      },
      body: JSON.stringify({ endpoint: '/v1/nothing', body: CANARY }),
    });
  expect((await post(nobodys, {})).status).toBe(401);
  expect((await post(invalid, { authorization: `Bearer ${broker.apiKey}` })).status).toBe(400);
  await collector.waitFor(() => ofTrace(invalid ?? '').length === 1);
  expect(ofTrace(invalid ?? '')).toMatchObject([
    {
      name: 'POST /v1/jobs',
      kind: 'server',
      parentSpanId: CALLER_SPAN,
      isError: false,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/jobs',
        'http.response.status_code': 400,
        'understudy.project': 'default',
      },
    },
  ]);
  expect(ofTrace(nobodys ?? '')).toEqual([]);
});

test('a call whose caller hangs up is told all the same, and its job goes on below it', async () => {
  vendor.reset();
  vendor.onCall(/^\/third\//, { delayMs: 300 });
  const traceId = '7af7651916cd43dd8448eb211c80319c';
  const hangUp = new AbortController();
  const call = broker.request('/v1/chat/completions', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      traceparent: `00-${traceId}-${CALLER_SPAN}-01`,
    },
    body: JSON.stringify(chatJob('plain')['body']),
    signal: hangUp.signal,
  });
  await vendor.waitForCalls(1);
  hangUp.abort();
  await expect(call).rejects.toThrow('aborted');
  await collector.waitFor(() => ofTrace(traceId).length === 3);
  expect(links(ofTrace(traceId))).toEqual([
    'POST /v1/chat/completions',
    'POST /v1/chat/completions > process third',
    'process third > chat m-third',
  ]);
});

test('a worker that is killed takes its own spans with it, and the rest of the trace holds together', async () => {
  vendor.reset();
  vendor.onCall(/^\/third\//, [{ answer: 'never' }]);
  const traceId = '8af7651916cd43dd8448eb211c80319c';
  const id = await submit(chatJob('plain'), `00-${traceId}-${CALLER_SPAN}-01`);
  await vendor.waitForCalls(1);
  const name = 'worker-openai-compatible';
  const worker = broker.services.get(name);
  worker?.kill('SIGKILL');
  await worker?.ended;
  await broker.startService(name);
  await broker.waitForJob(id);
  await collector.waitFor(() => ofTrace(traceId).length === 3);
  expect(links(ofTrace(traceId))).toEqual([
    'POST /v1/jobs',
    'POST /v1/jobs > process third',
    'process third > chat m-third',
  ]);
  const turn = ofTrace(traceId).find(({ name: called }) => called === 'process third');
  expect(turn?.attributes).toMatchObject({ 'understudy.interrupted': true });
});

test('what was asked and answered is in no span and in no line of the log', () => {
  expect(collector.received.length).toBeGreaterThan(0);
  expect(vendor.calls.some(({ body }) => body.includes('canary-4711'))).toBe(true);
  const sent = collector.received.map((message) => message.toString('latin1')).join('\n');
  expect(sent).not.toContain('canary-4711');
  expect(JSON.stringify(logLines())).not.toContain('canary-4711');
});
