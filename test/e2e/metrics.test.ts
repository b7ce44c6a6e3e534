import { afterAll, beforeAll, expect, test } from 'vitest';
import { liveThroughABadDay } from '../support/live-through-a-bad-day.ts';
import { alertQueries, dashboardQueries, variableSources } from '../support/metrics-queries.ts';
import type { MetricsQuery } from '../support/metrics-queries.ts';
import { METRICS_TOKEN, startMetricsScene } from '../support/metrics-scene.ts';
import type { MetricsScene } from '../support/metrics-scene.ts';
import { readSelectors } from '../support/promql-query.ts';
import type { Selector } from '../support/promql-query.ts';
import { seriesOf, sumOf } from '../support/scraped-metrics.ts';
import type { Sample } from '../support/scraped-metrics.ts';

let scene: MetricsScene;
let samples: Sample[];

beforeAll(async () => {
  scene = await startMetricsScene();
  await liveThroughABadDay(scene);
  samples = await scene.scrape();
}, 240_000);
afterAll(() => scene?.[Symbol.asyncDispose]());

/** What Prometheus adds to each series, the namespace in Kubernetes alone. */
const TARGET_LABELS = ['job', 'instance', 'namespace'];

/** What of a selector no series of the broker has. */
function missingOf({ metric, matchers, groupedBy }: Selector): string[] {
  const series = samples.filter(({ name }) => name === metric);
  if (series.length === 0) return [`no series ${metric}`];
  const hasLabel = (label: string): boolean =>
    TARGET_LABELS.includes(label) || series.some(({ labels }) => label in labels);
  const labels = [...groupedBy, ...matchers.map(({ label }) => label)];
  const values = matchers.filter(({ label, operator, value }) => {
    const fits = operator === '=~' ? new RegExp(`^(?:${value})$`) : undefined;
    if (operator !== '=' && fits === undefined) return false;
    return !series.some((one) => {
      const found = one.labels[label] ?? '';
      return fits === undefined ? found === value : fits.test(found);
    });
  });
  return [
    ...labels.filter((label) => !hasLabel(label)).map((label) => `no label ${label} of ${metric}`),
    ...values.map(({ label, value }) => `no ${metric} with ${label} ${value}`),
  ];
}

function missingOfAll(queries: readonly MetricsQuery[]): string[] {
  return queries.flatMap(({ name, query }) =>
    readSelectors(query)
      .flatMap(missingOf)
      .map((problem) => `${name}: ${problem}`),
  );
}

test('every metric, label and value that the dashboard asks for is really there', () => {
  const queries = dashboardQueries(60);
  expect(queries.length).toBeGreaterThan(40);
  expect(missingOfAll(queries)).toEqual([]);
  for (const { metric, label } of variableSources()) {
    expect(missingOf({ metric, matchers: [], groupedBy: [label] })).toEqual([]);
  }
});

test('every metric, label and value that an alert asks for is really there', () => {
  const queries = alertQueries();
  expect(queries.length).toBeGreaterThan(8);
  expect(missingOfAll(queries)).toEqual([]);
});

const wrong = (query: string) => missingOfAll([{ name: 'x', query }]);

test('a query for what is not there is found', () => {
  expect(wrong('sum(rate(understudy_no_such_thing_total[1m]))')).toHaveLength(1);
  expect(wrong('sum by (colour) (understudy_queue_jobs)')).toHaveLength(1);
  expect(wrong('understudy_queue_jobs{state="asleep"}')).toHaveLength(1);
  expect(wrong('understudy_queue_jobs{state=~"asleep|dead"}')).toHaveLength(1);
  expect(() => wrong('sum(rate(understudy_queue_jobs[1m])')).toThrow(/no PromQL/);
});

const sum = (name: string, labels = {}) => sumOf(samples, `understudy_${name}`, labels);

test('what happened is what was counted', () => {
  expect(sum('jobs_accepted_total', { surface: 'batch' })).toBe(1);
  expect(sum('jobs_accepted_total', { surface: 'understudy', priority: 'high' })).toBe(1);
  expect(sum('jobs_ended_total', { status: 'cancelled' })).toBe(1);
  expect(sum('http_requests_refused_total', { code: 'invalid_json' })).toBe(1);
  expect(sum('http_requests_refused_total', { code: 'not_found' })).toBe(1);
  expect(sum('duplicate_calls_total', { provider: 'narrow', cause: 'worker_lost' })).toBe(1);
  expect(sum('fall_throughs_total', { from: 'first', to: 'second' })).toBe(1);
  expect(sum('dead_letters_total')).toBe(1);
  expect(sum('delivery_tries_total', { outcome: 'delivered', status: '2xx' })).toBe(1);
  expect(sum('delivery_tries_total', { outcome: 'failed', status: '5xx' })).toBe(2);
  expect(sum('batch_lines_admitted_total', { result: 'rejected' })).toBe(1);
  expect(sum('batches_ended_total', { status: 'completed' })).toBe(1);
  expect(sum('scheduler_leader')).toBe(1);
  const { api, scheduler } = { api: { service: 'api' }, scheduler: { service: 'scheduler' } };
  for (const by of [api, scheduler]) {
    expect(sum('route_closed', { route: 'cold', ...by })).toBe(1);
    const open = seriesOf(samples, 'understudy_route_closed', { route: 'chat', ...by });
    expect(open.map(({ value }) => value)).toEqual([0]);
    expect(sum('room_jobs', { provider: 'cold', ...by })).toBe(1);
    expect(sum('provider_account_trouble', { provider: 'refused', ...by })).toBe(1);
    expect(sum('redis_memory_share', by)).toBeGreaterThan(0);
  }
});

test('labels hold names alone: no id, no project, and few values each', () => {
  const values = new Map<string, Set<string>>();
  for (const { labels } of samples) {
    for (const [label, value] of Object.entries(labels)) {
      values.set(label, (values.get(label) ?? new Set()).add(value));
    }
  }
  const all = [...values.values()].flatMap((found) => [...found]);
  expect(all.filter((value) => /(?:job|batch|evt|del|req|key|file)[-_]\w{8}/.test(value))).toEqual(
    [],
  );
  expect(all).not.toContain('default');
  for (const [label, found] of values) expect([label, found.size <= 60]).toEqual([label, true]);
  const ours = samples.filter(({ name }) => /^(?:understudy|gen_ai)_/.test(name));
  expect(ours.length).toBeLessThan(3000);
});

test('health needs no token, metrics do, and an admin key opens those of the API', async () => {
  const { broker } = scene;
  for (const name of broker.services.keys()) {
    const url = name === 'api' ? broker.url : await scene.portOf(name);
    const ask = async (path: string, token?: string) => {
      const init = token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
      return (await fetch(`${url}${path}`, init)).status;
    };
    const asked = [
      await ask('/healthz'),
      await ask('/readyz'),
      await ask('/metrics'),
      await ask('/metrics', `${METRICS_TOKEN}x`),
      await ask('/metrics', METRICS_TOKEN),
    ];
    expect([name, ...asked]).toEqual([name, 200, 200, 401, 401, 200]);
  }
  expect((await broker.request('/metrics')).status).toBe(200);
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  expect((await fetch(`${broker.url}/v1/providers`, { headers })).status).toBe(401);
});
