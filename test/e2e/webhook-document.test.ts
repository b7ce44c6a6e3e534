import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseDuration, parseSettings } from '../../packages/configuration/src/index.ts';
import { documentBlocks, readDocument } from '../support/document-blocks.ts';
import { openai } from '../support/fake-vendor-errors.ts';
import type { ReceivedEvent } from '../support/webhook-receiver.ts';
import { startWebhookScene, type WebhookScene } from '../support/webhook-scene.ts';

const PAGE = readDocument('webhooks.md');
const TYPES = ['job.completed', 'job.failed', 'job.cancelled', 'job.expired', 'job.attempt_failed'];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Paths of all members; of objects that vendors fill differently only their own name. */
function shapeOf(value: unknown, path = ''): string[] {
  if (!isObject(value) || /^\.data\.(?:usage|cost)$/.test(path)) return [path];
  return Object.entries(value).flatMap(([name, inner]) => shapeOf(inner, `${path}.${name}`));
}

let scene: WebhookScene;
/** One real event of each type. */
const events = new Map<string, ReceivedEvent>();

beforeAll(async () => {
  scene = await startWebhookScene();
  const { vendor, receiver, broker } = scene;
  const ask = { url: `${receiver.url}/in`, events: TYPES };
  await scene.submit(ask);
  await receiver.waitFor('/in');

  const restore = [
    vendor.onCall(/^\/v1\//, openai.serverError),
    vendor.onCall(/^\/backup\//, { status: 400, body: { error: { message: 'no' } } }),
  ];
  await scene.submit(ask);
  await receiver.waitFor('/in', 4);
  for (const back of restore) back();

  vendor.onCall(/^\//, { answer: 'never' });
  const cancelled = await scene.submit(ask);
  await vendor.waitForCalls(4);
  await broker.request(`/v1/jobs/${cancelled}/cancel`, { method: 'POST' });
  await receiver.waitFor('/in', 5);
  await scene.submit(ask, { expires_in: 1 });
  for (const { event } of await receiver.waitFor('/in', 6)) events.set(event.type, event);
});
afterAll(() => scene[Symbol.asyncDispose]());

test.each(TYPES)('the page shows %s as it is really sent', (type) => {
  const examples = documentBlocks(PAGE, 'json').map((text) => JSON.parse(text) as ReceivedEvent);
  const example = examples.find((one) => one.type === type);
  expect(shapeOf(example)).toEqual(shapeOf(events.get(type)));
});

test('the page tells the schedule that holds by default', () => {
  const settings = parseSettings('', { environment: {}, kinds: [], credentials: 'ignore' });
  const rows = [...PAGE.matchAll(/^\| *\d+ *\| *(\d+[smh]) *\|$/gm)].map(([, after = '']) => after);
  expect(rows.map(parseDuration)).toEqual(settings.webhooks.retriesMs);
  expect(settings.webhooks).toMatchObject({
    timeoutMs: 15_000,
    concurrency: 8,
    retentionMs: 7 * 86_400_000,
    maxEventBytes: 65_536,
  });
});

test('the configuration on the page is one that can be read', () => {
  const [text = ''] = documentBlocks(PAGE, 'yaml');
  const options = { environment: {}, kinds: [], credentials: 'ignore' } as const;
  const { outbound, webhooks } = parseSettings(text, options);
  expect(outbound.allow).toHaveLength(3);
  expect(webhooks).toEqual(parseSettings('', options).webhooks);
});

test('every path on the page is one that the API has', async () => {
  const document = (await (await fetch(`${scene.broker.url}/openapi.json`)).json()) as {
    paths: Record<string, unknown>;
  };
  const paths = [...PAGE.matchAll(/`[A-Z/]+ (\/v1\/[^`]+)`/g)].map(([, path = '']) => path);
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths) expect(Object.keys(document.paths)).toContain(path);
});
