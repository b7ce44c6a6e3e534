import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { createMetrics } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import { serveMonitoring } from './serve-monitoring.ts';

const TOKEN = 'a-token-for-scrapes-only';
const REPOSITORY = new URL('../../../package.json', import.meta.url);

async function serve(
  options: { token?: string; metrics?: Metrics; missing?: string[] } = {},
): Promise<string> {
  const { token, metrics, missing = [] } = options;
  const settings = { enabled: true, host: '127.0.0.1', port: 0 };
  const served = await serveMonitoring(
    token === undefined ? settings : { ...settings, token },
    metrics,
    async () => missing,
  );
  onTestFinished(() => served.close());
  return served.url;
}

test('metrics are served in the text format, with those of the process', async () => {
  const metrics = createMetrics('test');
  metrics.jobsDropped.inc(3);
  const response = await fetch(`${await serve({ metrics })}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  expect(text).toContain('understudy_jobs_dropped_total{service="test"} 3');
  const { version }: { version: string } = JSON.parse(readFileSync(REPOSITORY, 'utf8'));
  expect(text).toContain(`understudy_build_info{version="${version}",`);
  expect(text).toMatch(/^process_cpu_seconds_total\{service="test"\} [\d.]+$/m);
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds\{service="test"\} /m);
});

test('a token that is set opens metrics, and health needs none', async () => {
  const url = await serve({ metrics: createMetrics('test'), token: TOKEN });
  const ask = async (authorization?: string) =>
    (await fetch(`${url}/metrics`, { headers: authorization ? { authorization } : {} })).status;
  expect(await ask()).toBe(401);
  expect(await ask(`Bearer ${TOKEN.slice(1)}`)).toBe(401);
  expect(await ask(`Basic ${TOKEN}`)).toBe(401);
  expect(await ask(`Bearer ${TOKEN}`)).toBe(200);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test('a service that lacks something lives and is not ready', async () => {
  const url = await serve({ missing: ['Redis does not answer'] });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const response = await fetch(`${url}/readyz`);
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({
    status: 'not_ready',
    missing: ['Redis does not answer'],
  });
});

test('with metrics off there is health alone, and nothing else behind the port', async () => {
  const url = await serve();
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
  expect((await fetch(`${url}/v1/jobs`)).status).toBe(404);
  expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
});

test('a port that is taken is named, with the remedy', async () => {
  const { port } = new URL(await serve());
  const taken = { enabled: true, host: '127.0.0.1', port: Number(port) };
  await expect(serveMonitoring(taken, undefined, async () => [])).rejects.toThrow(
    new RegExp(`127\\.0\\.0\\.1:${port} \\(EADDRINUSE\\); set UNDERSTUDY_METRICS_PORT`),
  );
});

test('a reading that fails leaves the other metrics readable, and is counted', async () => {
  const metrics = createMetrics('test');
  metrics.onScrape(() => Promise.reject(new Error('Redis is away')));
  expect(await metrics.text()).toContain('understudy_system_read_failures_total{service="test"} 1');
});
