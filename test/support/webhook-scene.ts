import { setTimeout as sleep } from 'node:timers/promises';
import { startFakeVendor, type FakeVendor } from './fake-vendor.ts';
import { startBroker, type Broker } from './start-broker.ts';
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

/** A broker with its deliverer, a vendor that answers, and somebody who takes events. */
export interface WebhookScene extends AsyncDisposable {
  broker: Broker;
  vendor: FakeVendor;
  receiver: WebhookReceiver;
  /** Every answer of the API to `api` and `submit`, as it came. */
  answers: string[];
  /** A request below `/v1/webhooks`. @throws Error for an answer of another status */
  api(method: string, path: string, status: number, body?: unknown): Promise<Answer>;
  /** Submits a chat job and expects 202. */
  submit(callback?: Members, more?: Members): Promise<string>;
  /** Resolves with a delivery once it is settled. */
  settled(query: string, timeoutMs?: number): Promise<Answer>;
}

type Members = Readonly<Record<string, unknown>>;
export type Answer = Record<string, unknown> & { id: string };

export interface WebhookSceneOptions {
  redisUrl?: string;
  /** Ports of this machine that events may be sent to, beside the receiver's own. */
  ports?: readonly number[];
  /** The retry schedule; three tries within a moment unless told. */
  retries?: string;
  environment?: Readonly<Record<string, string>>;
}

const DELIVERER = 'webhook-deliverer';

export async function startWebhookScene(options: WebhookSceneOptions = {}): Promise<WebhookScene> {
  const [vendor, receiver] = await Promise.all([startFakeVendor(), startWebhookReceiver()]);
  const allowed = [receiver.port, ...(options.ports ?? [])].map((port) => `"127.0.0.1:${port}"`);
  const broker = await startBroker({
    kinds: ['openai-compatible'],
    ...(options.redisUrl === undefined ? {} : { redisUrl: options.redisUrl }),
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    configuration: `
providers:
  vendor: { kind: openai-compatible, baseUrl: "${vendor.url}/v1" }
  backup: { kind: openai-compatible, baseUrl: "${vendor.url}/backup/v1" }
routes:
  chat: { targets: [ { provider: vendor, model: m }, { provider: backup, model: m } ] }
outbound: { allow: [ ${allowed.join(', ')} ] }
webhooks: { timeout: 2s, retries: [ ${options.retries ?? '0s, 100ms, 200ms'} ] }
`,
  });
  if (!broker.services.has(DELIVERER)) await broker.startService(DELIVERER);
  const answers: string[] = [];

  const call = async (method: string, path: string, status: number, body?: unknown) => {
    const response = await broker.request(path, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    answers.push(text);
    if (response.status !== status) {
      throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    }
    return JSON.parse(text) as Answer;
  };
  const api: WebhookScene['api'] = (method, path, status, body) =>
    call(method, `/v1/webhooks${path}`, status, body);

  return {
    broker,
    vendor,
    receiver,
    answers,
    api,
    submit: async (callback, more) => {
      const job = await call('POST', '/v1/jobs', 202, {
        endpoint: '/v1/chat/completions',
        body: { model: 'chat', messages: [{ role: 'user', content: 'A prompt of nobody' }] },
        ...more,
        ...(callback === undefined ? {} : { callback }),
      });
      return job.id;
    },
    settled: async (query, timeoutMs = 20_000) => {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const { data } = await api('GET', `/deliveries?${query}`, 200);
        const [delivery] = data as Answer[];
        if (delivery !== undefined && delivery['state'] !== 'pending') {
          return api('GET', `/deliveries/${delivery.id}`, 200);
        }
        if (performance.now() > deadline) {
          throw new Error(`${query} has not settled: ${JSON.stringify(delivery)}`);
        }
        // The API tells of deliveries only when it is asked.
        await sleep(50);
      }
    },
    [Symbol.asyncDispose]: async () => {
      await broker.stop();
      await Promise.all([vendor.close(), receiver.close()]);
    },
  };
}
