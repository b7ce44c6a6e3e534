import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { readOpenAISchema } from '../support/openai-schema.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';
import { startWebhookReceiver } from '../support/webhook-receiver.ts';

/**
 * A copy of the description that OpenAI publishes, `openapi.yaml` or `.json` of
 * github.com/openai/openai-openapi; it is not part of this repository.
 */
const FILE = process.env['OPENAI_OPENAPI'];
const POLL_INTERVAL_MS = 200;
const WEBHOOK_SCHEMAS = {
  'batch.completed': 'WebhookBatchCompleted',
  'batch.failed': 'WebhookBatchFailed',
  'batch.cancelled': 'WebhookBatchCancelled',
  'response.completed': 'WebhookResponseCompleted',
};

let vendor: FakeVendor;
let broker: Broker;
beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({
    kinds: ['openai', 'anthropic'],
    services: ['batch-runner', 'webhook-deliverer'],
    environment: { UNDERSTUDY_OUTBOUND_ALLOW: '127.0.0.0/8' },
    configuration: `
providers:
  own: { kind: openai, baseUrl: "${vendor.url}/own/v1", apiKey: key-of-the-vendor }
  claude: { kind: anthropic, baseUrl: "${vendor.url}/claude", apiKey: key-of-the-vendor }
routes:
  own: { targets: [ { provider: own, model: gpt-5.5 } ] }
  foreign: { targets: [ { provider: claude, model: claude-opus-4-7 } ] }
  embed: { targets: [ { provider: own, model: text-embedding-3-small } ] }
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});

test.skipIf(FILE === undefined)(
  'answers, streams, files, batches and events are what OpenAI’s published schema says',
  async () => {
    const schema = readOpenAISchema(FILE ?? '');
    const baseURL = `${broker.url}/v1`;
    const openai = new OpenAI({
      baseURL,
      apiKey: broker.apiKey,
      fetch: schema.checkingFetch(baseURL),
    });
    await using receiver = await startWebhookReceiver();
    for (const type of Object.keys(WEBHOOK_SCHEMAS)) {
      await broker.request('/v1/webhooks/endpoints', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ url: `${receiver.url}/${type}`, events: [type] }),
      });
    }

    for (const model of ['own', 'foreign']) await converse(openai, model);
    await openai.embeddings.create({ model: 'embed', input: 'Hello', encoding_format: 'float' });
    await openai.models.list();
    for (const model of ['own', 'foreign']) await answerBatch(openai, model);
    await failBatch(openai);
    await cancelBatch(openai);
    for await (const file of openai.files.list()) await openai.files.retrieve(file.id);
    for await (const batch of openai.batches.list()) await openai.batches.retrieve(batch.id);
    const [file] = (await openai.files.list()).data;
    await openai.files.delete(file?.id ?? '');

    for (const [type, name] of Object.entries(WEBHOOK_SCHEMAS)) {
      for (const { event } of await receiver.waitFor(`/${type}`)) schema.check(name, event);
    }
    expect(schema.problems).toEqual([]);
    process.stdout.write(`checked: ${JSON.stringify(Object.fromEntries(schema.checked))}\n`);
  },
  180_000,
);

async function converse(openai: OpenAI, model: string): Promise<void> {
  const messages = [{ role: 'user' as const, content: 'Hello' }];
  await openai.chat.completions.create({ model, messages });
  const chunks = await openai.chat.completions.create({ model, messages, stream: true });
  for await (const chunk of chunks) expect(chunk.object).toBe('chat.completion.chunk');
  await openai.responses.create({ model, input: 'Hello' });
  const events = await openai.responses.create({ model, input: 'Hello', stream: true });
  for await (const event of events) expect(event.type).toMatch(/^response\./);
  const options = { metadata: { team: 'a' }, temperature: 0.5, instructions: 'Be brief.' };
  const { id } = await openai.responses.create({
    model,
    input: 'Hello',
    background: true,
    ...options,
  });
  await ended(
    () => openai.responses.retrieve(id),
    ({ status }) => status !== 'queued' && status !== 'in_progress',
  );
  await openai.responses.inputItems.list(id);
  await openai.responses.cancel(id);
  await openai.responses.delete(id);
}

async function createBatch(openai: OpenAI, lines: readonly object[]): Promise<string> {
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  const file = await openai.files.create({
    file: new File([text], 'input.jsonl'),
    purpose: 'batch',
    expires_after: { anchor: 'created_at', seconds: 3600 },
  });
  const batch = await openai.batches.create({
    input_file_id: file.id,
    endpoint: '/v1/responses',
    completion_window: '24h',
    metadata: { nightly: 'yes' },
  });
  return batch.id;
}

function batchLine(number: number, model: string): object {
  const body = { model, input: 'Hello' };
  return { custom_id: `line-${number}`, method: 'POST', url: '/v1/responses', body };
}

/** With a line that fails, so that both files are there. */
async function answerBatch(openai: OpenAI, model: string): Promise<void> {
  const lines = [batchLine(1, model), batchLine(2, 'no-such-model'), batchLine(3, model)];
  const id = await createBatch(openai, lines);
  const batch = await endedBatch(openai, id);
  expect(batch).toMatchObject({
    status: 'completed',
    request_counts: { total: 3, completed: 2, failed: 1 },
  });
  await openai.files.retrieve(batch.output_file_id ?? '');
  await openai.files.retrieve(batch.error_file_id ?? '');
}

async function failBatch(openai: OpenAI): Promise<void> {
  const id = await createBatch(openai, [batchLine(1, 'own'), batchLine(1, 'own')]);
  expect(await endedBatch(openai, id)).toMatchObject({ status: 'failed' });
}

async function cancelBatch(openai: OpenAI): Promise<void> {
  vendor.onCall(/^\/own\//, { delayMs: 20_000 });
  const id = await createBatch(openai, [batchLine(1, 'own')]);
  await ended(
    () => openai.batches.retrieve(id),
    ({ status }) => status === 'in_progress',
  );
  await openai.batches.cancel(id);
  expect(await endedBatch(openai, id)).toMatchObject({ status: 'cancelled' });
  vendor.reset();
}

function endedBatch(openai: OpenAI, id: string): Promise<OpenAI.Batch> {
  return ended(
    () => openai.batches.retrieve(id),
    ({ status }) => ['completed', 'failed', 'expired', 'cancelled'].includes(status),
  );
}

async function ended<State>(
  look: () => Promise<State>,
  isEnd: (state: State) => boolean,
): Promise<State> {
  for (;;) {
    const state = await look();
    if (isEnd(state)) return state;
    await sleep(POLL_INTERVAL_MS);
  }
}
