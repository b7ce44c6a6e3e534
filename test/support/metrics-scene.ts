import { setTimeout as sleep } from 'node:timers/promises';
import { startFakeVendor, type FakeVendor } from './fake-vendor.ts';
import { parseMetrics, type Sample } from './scraped-metrics.ts';
import type { ServiceProcess } from './service-process.ts';
import { startBroker, type Broker } from './start-broker.ts';
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

/** A broker of which every service serves its metrics, and vendors with bad days. */
export interface MetricsScene extends AsyncDisposable {
  broker: Broker;
  vendor: FakeVendor;
  receiver: WebhookReceiver;
  /** Where a service other than the API serves metrics and health. */
  portOf(service: string): Promise<string>;
  /** Everything that all services say now. */
  scrape(): Promise<Sample[]>;
  submit(model: string, more?: Readonly<Record<string, unknown>>): Promise<string>;
}

export const METRICS_TOKEN = 'a-token-for-scrapes-only';
const LISTENING_MS = 30_000;

export async function startMetricsScene(): Promise<MetricsScene> {
  const [vendor, receiver] = await Promise.all([startFakeVendor(), startWebhookReceiver()]);
  const provider = (name: string, more = '') =>
    `  ${name}: { kind: openai-compatible, baseUrl: "${vendor.url}/${name}/v1"${more} }`;
  const broker = await startBroker({
    kinds: ['openai-compatible'],
    services: ['batch-runner', 'webhook-deliverer'],
    environment: {
      LOG_LEVEL: 'info',
      UNDERSTUDY_METRICS_PORT: '0',
      UNDERSTUDY_METRICS_TOKEN: METRICS_TOKEN,
    },
    configuration: `
providers:
${provider('first', ', preset: deepseek, apiKey: a-key-of-deepseek')}
${provider('second')}
${provider('cold')}
${provider('refused')}
${provider('narrow', ', concurrency: 1')}
autoRoutes: false
routes:
  chat: { targets: [ { provider: first, model: deepseek-v4-flash }, { provider: second, model: m } ] }
  cold: { targets: [ { provider: cold, model: m } ] }
  refused: { targets: [ { provider: refused, model: m }, { provider: second, model: m } ] }
  narrow: { targets: [ { provider: narrow, model: m } ] }
outbound: { allow: [ "127.0.0.1:${receiver.port}" ] }
webhooks: { timeout: 2s, retries: [ 0s, 50ms ] }
redis: { memoryBudgetBytes: 4000000000 }
`,
  });
  const portOf = async (service: string): Promise<string> => {
    const process = broker.services.get(service);
    if (process === undefined) throw new Error(`no service ${service} was started`);
    return metricsUrlOf(process);
  };
  return {
    broker,
    vendor,
    receiver,
    portOf,
    scrape: async () => {
      const names = [...broker.services.keys()];
      const urls = await Promise.all(
        names.map(async (name) => (name === 'api' ? broker.url : portOf(name))),
      );
      const texts = await Promise.all(urls.map((url) => readMetrics(url)));
      return texts.flatMap(parseMetrics);
    },
    submit: async (model, more = {}) => {
      const body = { model, messages: [{ role: 'user', content: 'Hello' }] };
      return (await broker.submit({ endpoint: '/v1/chat/completions', body, ...more })).id;
    },
    [Symbol.asyncDispose]: async () => {
      await broker.stop();
      await Promise.all([vendor.close(), receiver.close()]);
    },
  };
}

export async function readMetrics(url: string, token = METRICS_TOKEN): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text;
}

/** Where a service says that it serves its metrics; it says so at level info. */
export async function metricsUrlOf({ name, output }: ServiceProcess): Promise<string> {
  const deadline = performance.now() + LISTENING_MS;
  for (;;) {
    const line = output.find((one) => one.includes('metrics and health are served'));
    const url = /"url":"([^"]+)"/.exec(line ?? '')?.[1];
    if (url !== undefined) return url;
    if (performance.now() > deadline) {
      throw new Error(`${name} serves no metrics: ${output.slice(-5).join('\n')}`);
    }
    await sleep(20);
  }
}
