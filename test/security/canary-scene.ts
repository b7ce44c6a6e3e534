import { listenTo } from '../support/event-listener.ts';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { testRedisUrl } from '../support/redis.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';
import { startTraceCollector } from '../support/trace-collector.ts';
import { metricsUrlOf, readMetrics } from '../support/metrics-scene.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { canary } from './canary-texts.ts';
import { LEAKY_FAILURES, echoOf } from './leaky-vendor.ts';
import { watchRedisWrites, type RedisWrites } from './redis-writes.ts';

/** A text that left the broker, and what it was. */
export interface ToldText {
  what: string;
  text: string;
}

export interface CanaryScene {
  broker: Broker;
  vendor: FakeVendor;
  receiver: WebhookReceiver;
  writes: RedisWrites;
  /** Every event that the project's stream told. */
  readonly events: readonly ToldText[];
  /** What every service says of its metrics now. */
  metrics(): Promise<ToldText[]>;
  /** Every line of every process. */
  logLines(): ToldText[];
  /** Every trace that was sent, as it was sent, once each of these spans was among them. */
  traces(names: readonly string[]): Promise<ToldText[]>;
  stop(): Promise<void>;
}

export const FAILURES = Object.keys(LEAKY_FAILURES);

/** Every service at its most talkative, and vendors that repeat whatever they are sent. */
export async function startCanaryScene(
  environment: Readonly<Record<string, string>> = {},
): Promise<CanaryScene> {
  const [vendor, receiver, collector] = await Promise.all([
    startFakeVendor(),
    startWebhookReceiver(),
    startTraceCollector(),
  ]);
  vendor.onCall(/./, { text: `An answer, ${canary('answer')}.` });
  for (const [name, reply] of Object.entries(LEAKY_FAILURES)) {
    vendor.onCall(new RegExp(`^/${name}/`), (call) => reply(echoOf(call)));
  }
  const broker = await startBroker({
    kinds: ['openai-compatible', 'anthropic'],
    services: ['batch-runner', 'webhook-deliverer'],
    environment: {
      LOG_LEVEL: 'trace',
      UNDERSTUDY_METRICS_PORT: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_TRACES_SAMPLER: 'parentbased_always_on',
      UNDERSTUDY_API_KEY: canary('apikey', '-of-the-environment'),
      ...environment,
    },
    configuration: configurationFor(vendor.url, receiver.port),
  });
  const [writes, stream] = await Promise.all([
    watchRedisWrites(testRedisUrl(), broker.keyPrefix),
    listenTo(`${broker.url}/v1/events`, { apiKey: canary('apikey', '-of-the-environment') }),
  ]);
  const processes = [...broker.services.values()];
  const key = canary('apikey', '-of-the-environment');
  return {
    broker,
    vendor,
    receiver,
    writes,
    get events() {
      return stream.heard.map(({ event }) => ({ what: 'event', text: JSON.stringify(event) }));
    },
    metrics: () =>
      Promise.all(
        [...broker.services].map(async ([name, service]) => {
          const url = name === 'api' ? broker.url : await metricsUrlOf(service);
          return { what: `metrics of ${name}`, text: await readMetrics(url, key) };
        }),
      ),
    logLines: () =>
      [...new Set([...processes, ...broker.services.values()])].flatMap(({ name, output }) =>
        output.map((text) => ({ what: `log of ${name}`, text })),
      ),
    traces: async (names) => {
      await collector.waitFor((spans) =>
        names.every((name) => spans.some((span) => span.name === name)),
      );
      return collector.received.map((message) => ({
        what: 'trace',
        text: message.toString('latin1'),
      }));
    },
    stop: async () => {
      stream.hangUp();
      writes.close();
      await broker.stop();
      await Promise.all([vendor.close(), receiver.close(), collector.close()]);
    },
  };
}

const route = (name: string) =>
  `  ${name}: { targets: [ { provider: ${name}, model: m } ], maxCalls: 1 }`;

function configurationFor(vendorUrl: string, receiverPort: number): string {
  const provider = (name: string, path: string, key: string) =>
    `  ${name}: { kind: openai-compatible, baseUrl: "${vendorUrl}/${path}/v1", apiKey: "${key}", timeout: 700ms }`;
  return `
providers:
${FAILURES.map((name) => provider(name, name, `sk-${canary('providerkey', `-${name}`)}`)).join('\n')}
${provider('good', 'good', canary('providerkey', '-without-a-shape'))}
  messages: { kind: anthropic, baseUrl: "${vendorUrl}", apiKey: "sk-ant-${canary('providerkey')}" }
routes:
${[...FAILURES, 'good'].map(route).join('\n')}
  far: { targets: [ { provider: messages, model: claude-opus-4-7 } ] }
outbound: { allow: [ "127.0.0.1:${receiverPort}" ] }
webhooks: { timeout: 2s, retries: [ 0s, 100ms ] }
`;
}
