import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { chatLine, chatLines, startBatchScene, type BatchScene } from '../support/batch-scene.ts';
import { redisContents } from '../support/redis-contents.ts';
import { connectToTestRedis } from '../support/redis.ts';
import { untilReady } from '../support/until-ready.ts';
import {
  startWebhookReceiver,
  verifyDelivery,
  type WebhookReceiver,
} from '../support/webhook-receiver.ts';

const PROMPT = 'canary-of-the-prompt';
const ANSWER = 'canary-of-the-answer';
const WORDS = 'canary-of-the-error';
const LINE = 'canary-of-the-line';
const SECRET = `whsec_${Buffer.from('canary-of-the-secret-4711').toString('base64')}`;
const CANARIES = [PROMPT, ANSWER, WORDS, LINE, SECRET, SECRET.slice(6, 30)];

const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

const [FIRST_KEY, SECOND_KEY] = [newKey('k1'), newKey('k2')];

let scene: BatchScene;
let keysFile: string;
let receiver: WebhookReceiver;
let redis: ReturnType<typeof connectToTestRedis>;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-keys-'));
  keysFile = join(folder, 'keys');
  await writeFile(keysFile, FIRST_KEY);
  receiver = await startWebhookReceiver();
  redis = connectToTestRedis();
  scene = await startBatchScene({
    environment: { UNDERSTUDY_ENCRYPTION_KEYS_FILE: keysFile },
    services: ['webhook-deliverer'],
    configuration: `outbound: { allow: ["127.0.0.0/8"] }
webhooks: { retries: [0s, 100ms] }`,
  });
  const { vendor } = scene;
  vendor.onCall(/./, { text: ANSWER });
  // Words that repeat what was asked, from the first target of some calls, and from the last of others.
  vendor.onCall((call) => call.path.includes('/first/') && call.body.includes('"falls"'), {
    status: 404,
    body: { error: { message: `no model for "${WORDS}"`, type: 'not_found' } },
  });
  vendor.onCall((call) => call.body.includes('"fails"'), {
    status: 400,
    body: { error: { message: `cannot answer "${WORDS}"`, type: 'invalid_request_error' } },
  });
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await receiver.close();
  redis.disconnect();
  await rm(dirname(keysFile), { recursive: true });
});

/** What of the canaries stands in Redis, or in a byte of a file. */
async function found(): Promise<string[]> {
  const { filesPath, keyPrefix } = scene.broker;
  const entries = await readdir(filesPath, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const stored = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')),
  );
  const contents = await redisContents(redis, keyPrefix);
  expect({ files: stored.length > 0, redis: contents.includes('completed') }).toEqual({
    files: true,
    redis: true,
  });
  return CANARIES.filter((canary) => [contents, ...stored].some((text) => text.includes(canary)));
}

function chatJob(user: string, more: Record<string, unknown> = {}) {
  const messages = [{ role: 'user', content: PROMPT }];
  return { endpoint: '/v1/chat/completions', body: { model: 'chat', user, messages }, ...more };
}

test('with encryption on, jobs, webhooks, files and batches work, and nothing of them stands in the clear', async () => {
  const { broker, create, ended, results } = scene;
  const callback = {
    url: `${receiver.url}/hook`,
    secret: SECRET,
    include: 'result',
    events: ['job.completed', 'job.failed'],
  };
  const [falls, fails] = [
    await broker.submit(chatJob('falls', { callback })),
    await broker.submit(chatJob('fails', { callback })),
  ];
  expect(await broker.waitForJob(falls.id)).toMatchObject({
    status: 'completed',
    attempts: [{ error: { message: expect.stringContaining(WORDS) } }, { outcome: 'succeeded' }],
  });
  expect(await broker.waitForJob(fails.id)).toMatchObject({
    status: 'failed',
    error: { provider_error: { body: expect.stringContaining(WORDS) } },
  });
  const deliveries = await receiver.waitFor('/hook', 2);
  for (const delivery of deliveries) verifyDelivery(delivery, SECRET);
  expect(deliveries.some(({ body }) => body.includes(ANSWER))).toBe(true);

  const lines = [
    chatLine('good', 'chat', LINE),
    JSON.stringify({ ...JSON.parse(chatLine('bad')), body: chatJob('fails').body }),
    chatLine('unknown', LINE),
    ...chatLines(1200).split('\n'),
  ];
  const { id } = await create(lines.join('\n'));
  const batch = await ended(id, 90_000);
  expect(batch).toMatchObject({
    status: 'completed',
    request_counts: { total: 1203, completed: 1201, failed: 2 },
  });
  const output = await results(batch.output_file_id);
  expect(output).toHaveLength(1201);
  expect(output.map((line) => line.custom_id).slice(0, 2)).toEqual(['good', 'r1']);
  expect(JSON.stringify(output[0]?.response?.body)).toContain(ANSWER);
  const errors = JSON.stringify(await results(batch.error_file_id));
  expect([errors.includes(WORDS), errors.includes(LINE)]).toEqual([true, true]);
  const input = await broker.request(`/v1/files/${String(batch['input_file_id'])}/content`);
  expect(await input.text()).toBe(lines.join('\n'));

  expect(await found()).toEqual([]);
});

test('an answer that is not to be stored is fetched once, and then its job is bare', async () => {
  const { broker } = scene;
  const { id } = await broker.submit(chatJob('falls', { store: false }));
  const first = await broker.waitForJob(id);
  expect(JSON.stringify(first['result'])).toContain(ANSWER);
  await vi.waitFor(async () => {
    expect(await broker.getJob(id)).toMatchObject({ payload_forgotten: true });
  });
  expect(JSON.stringify(await broker.getJob(id))).not.toContain('canary');
});

test('after a rotation old and new are read; a process without the old key names it in its log', async () => {
  const { broker } = scene;
  const old = await broker.submit(chatJob('falls'));
  await broker.waitForJob(old.id);
  const restart = async (keys: readonly string[]) => {
    await writeFile(keysFile, keys.join('\n'));
    await broker.services.get('api')?.stop();
    const api = await broker.startService('api');
    await untilReady(broker.url);
    return api;
  };

  const lacking = await restart([SECOND_KEY]);
  const refused = await broker.request(`/v1/jobs/${old.id}`);
  expect(refused.status).toBe(500);
  await vi.waitFor(() => {
    expect(lacking.output.join('\n')).toMatch(/under the key \\"k1\\".*UNDERSTUDY_ENCRYPTION_KEYS/);
  });

  await restart([SECOND_KEY, FIRST_KEY]);
  expect(await broker.getJob(old.id)).toMatchObject({ result: expect.anything() });
  expect(await found()).toEqual([]);
});
