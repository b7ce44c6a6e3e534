import { expect, test, vi } from 'vitest';
import { liveThroughABadDay } from '../support/live-through-a-bad-day.ts';
import { RULES_FILE, alertQueries, dashboardQueries } from '../support/metrics-queries.ts';
import { METRICS_TOKEN, startMetricsScene } from '../support/metrics-scene.ts';
import { startPrometheus } from '../support/prometheus-server.ts';
import { checkRules, tryAlerts } from '../support/promtool.ts';

/** Needs Prometheus itself, which not every machine has. */
const isFull = process.env['UNDERSTUDY_METRICS'] === 'full';

test.runIf(isFull)(
  'a real Prometheus has data for every query of the dashboard',
  async () => {
    await using scene = await startMetricsScene();
    const services = [...scene.broker.services.keys()].filter((name) => name !== 'api');
    const before = await Promise.all(services.map(scene.portOf));
    await liveThroughABadDay(scene);
    // The worker that came after another listens elsewhere.
    const after = await Promise.all(services.map(scene.portOf));
    const targets = [...new Set([scene.broker.url, ...before, ...after])];
    await using prometheus = await startPrometheus(targets, METRICS_TOKEN);
    await vi.waitFor(
      async () => {
        const empty: string[] = [];
        for (const { name, query } of dashboardQueries(30)) {
          if ((await prometheus.countOf(query)) === 0) empty.push(`${name}: ${query}`);
        }
        expect(empty).toEqual([]);
      },
      { timeout: 60_000, interval: 1000 },
    );
    const firing = await Promise.all(
      alertQueries().map(
        async ({ name, query }) => [name, await prometheus.countOf(query)] as const,
      ),
    );
    const fired = firing.filter(([, count]) => count > 0).map(([name]) => name);
    expect(fired).toEqual(
      expect.arrayContaining([
        'UnderstudyRouteClosed',
        'UnderstudyAccountTrouble',
        'UnderstudyDeadLetters',
        'UnderstudyCallsInterrupted',
      ]),
    );
    expect(fired).not.toContain('UnderstudySchedulerWithoutLeader');
    expect(fired).not.toContain('UnderstudyRedisNearlyFull');
  },
  240_000,
);

test.runIf(isFull)('promtool takes the alert rules', async () => {
  expect(await checkRules(RULES_FILE)).toMatch(/SUCCESS: \d+ rules found/);
});

const severity = 'critical';

/** A broker with all it needs: each series with so many values, such as `1x10 stale`. */
function brokerIn(namespace: string, values: string): Record<string, string> {
  return {
    [`understudy_build_info{namespace="${namespace}",service="api"}`]: values,
    [`understudy_build_info{namespace="${namespace}",service="scheduler"}`]: values,
    [`understudy_scheduler_leader{namespace="${namespace}",service="scheduler"}`]: values,
  };
}

test.runIf(isFull)('of several brokers, the alerts tell of the one that has trouble', async () => {
  const alertname = 'UnderstudySchedulerWithoutLeader';
  const said = await tryAlerts(RULES_FILE, [
    {
      name: 'one of two is gone altogether',
      series: { ...brokerIn('a', '1x60'), ...brokerIn('b', '1x10 stale') },
      at: '20m',
      firing: [{ alertname, namespace: 'b', severity }],
    },
    {
      name: 'the only one is gone altogether',
      series: brokerIn('a', '1x10 stale'),
      at: '20m',
      firing: [{ alertname, namespace: 'a', severity }],
    },
    {
      name: 'the only one is gone for more than a day',
      series: brokerIn('a', '1x10 stale'),
      at: '25h',
      firing: [{ alertname, severity }],
    },
    {
      name: 'a deliverer alone is left of it for more than a day',
      series: {
        ...brokerIn('a', '1x10 stale'),
        'understudy_build_info{namespace="a",service="webhook-deliverer"}': '1x4000',
      },
      at: '25h',
      firing: [{ alertname, namespace: 'a', severity }],
    },
    {
      name: 'workers in a namespace of their own alone are left of it for more than a day',
      series: {
        ...brokerIn('a', '1x10 stale'),
        'understudy_build_info{namespace="w",service="worker-openai"}': '1x4000',
      },
      at: '25h',
      firing: [{ alertname, severity }],
    },
    {
      name: 'the schedulers are gone, and the API is there',
      series: {
        ...brokerIn('a', '1x10 stale'),
        'understudy_build_info{namespace="a",service="api"}': '1x60',
      },
      at: '20m',
      firing: [{ alertname, namespace: 'a', severity }],
    },
    {
      name: 'workers have a namespace of their own',
      series: {
        ...brokerIn('a', '1x60'),
        'understudy_build_info{namespace="w",service="worker-openai"}': '1x60',
      },
      at: '20m',
      firing: [],
    },
  ]);
  expect(said).toContain('SUCCESS');
});

/** A broker whose Redis uses so much, and has no finished jobs to drop. */
const withMemory = (share: number): Record<string, string> => ({
  ...brokerIn('a', '1x60'),
  'understudy_redis_memory_share{namespace="a",service="api"}': `${share}x60`,
  'understudy_redis_admission_stop_share{namespace="a",service="api"}': '0.75x60',
  'understudy_jobs_dropped_total{namespace="a",service="scheduler"}': '0x60',
});

test.runIf(isFull)('that no job is accepted is told, also where nothing is dropped', async () => {
  const nearlyFull = {
    alertname: 'UnderstudyRedisNearlyFull',
    namespace: 'a',
    severity: 'warning',
  };
  const closed = { alertname: 'UnderstudyAdmissionClosed', namespace: 'a', severity };
  const said = await tryAlerts(RULES_FILE, [
    { name: 'closed', series: withMemory(0.76), at: '20m', firing: [nearlyFull, closed] },
    { name: 'nearly full', series: withMemory(0.7), at: '20m', firing: [nearlyFull] },
    { name: 'half full', series: withMemory(0.5), at: '20m', firing: [] },
  ]);
  expect(said).toContain('SUCCESS');
});

/** A broker at which jobs of one priority wait for a model to open, or do so on and off. */
const withRoom = (priority: string, age: string, closed: string): Record<string, string> => ({
  ...brokerIn('a', '1x60'),
  [`understudy_room_oldest_age_seconds{namespace="a",provider="p",model="m",priority="${priority}"}`]:
    age,
  'understudy_route_closed{namespace="a",route="r"}': closed,
});

test.runIf(isFull)('what waits for a model to open is told of, unless it is a batch', async () => {
  const names = { namespace: 'a', provider: 'p', model: 'm' };
  const roomOld = { alertname: 'UnderstudyRoomOld', ...names, severity: 'warning' };
  const closed = { alertname: 'UnderstudyRouteClosed', namespace: 'a', route: 'r', severity };
  const said = await tryAlerts(RULES_FILE, [
    {
      name: 'an outage',
      series: withRoom('normal', '0+30x60', '1x60'),
      at: '20m',
      firing: [roomOld, closed],
    },
    {
      name: 'one that lets a job through now and then',
      series: withRoom('high', '0+30x60', '1 1 1 1 0 1 1 1 1 0 1 1 1 1 0 1 1 1 1 0 1 1 1 1 0 1x40'),
      at: '12m',
      firing: [roomOld],
    },
    {
      name: 'a batch waits for the end of a quota',
      series: withRoom('low', '9000+30x60', '0x60'),
      at: '20m',
      firing: [],
    },
    { name: 'a short wait', series: withRoom('normal', '60x60', '0x60'), at: '20m', firing: [] },
  ]);
  expect(said).toContain('SUCCESS');
});

test.runIf(isFull)(
  'jobs that do not open are told of by the service that lacks their key',
  async () => {
    const service = 'worker-openai';
    const unreadable = (values: string) => ({
      ...brokerIn('a', '1x60'),
      [`understudy_unreadable_records_total{namespace="a",service="${service}",met="turn"}`]:
        values,
      [`understudy_unreadable_records_total{namespace="a",service="${service}",met="look"}`]:
        '0x60',
    });
    const alert = { alertname: 'UnderstudyJobsUnreadable', namespace: 'a', service };
    const firing = [{ ...alert, severity: 'warning' }];
    const said = await tryAlerts(RULES_FILE, [
      { name: 'a key is missing', series: unreadable('0x20 0+3x40'), at: '15m', firing },
      { name: 'the key came back', series: unreadable('0+3x10 30x50'), at: '25m', firing: [] },
      { name: 'all open', series: unreadable('0x60'), at: '15m', firing: [] },
    ]);
    expect(said).toContain('SUCCESS');
  },
);

const info = (namespace: string, service: string): string =>
  `understudy_build_info{namespace="${namespace}",service="${service}"}`;

const gone = (namespace: string, service: string): Record<string, string> => ({
  alertname: 'UnderstudyServiceGone',
  namespace,
  service,
  severity: 'warning',
});

test.runIf(isFull)(
  'a deliverer or batch runner that is gone is told of where there was one',
  async () => {
    const both = (deliverer: string, runner: string) => ({
      [info('a', 'webhook-deliverer')]: deliverer,
      [info('a', 'batch-runner')]: runner,
    });
    const others = {
      ...brokerIn('b', '1x60'),
      [info('b', 'webhook-deliverer')]: '1x60',
      [info('b', 'batch-runner')]: '1x60',
    };
    const said = await tryAlerts(RULES_FILE, [
      {
        name: 'the deliverer is gone, beside a broker that has one',
        series: { ...others, ...brokerIn('a', '1x60'), ...both('1x10 stale', '1x60') },
        at: '20m',
        firing: [gone('a', 'webhook-deliverer')],
      },
      {
        name: 'both are gone',
        series: { ...brokerIn('a', '1x60'), ...both('1x10 stale', '1x10 stale') },
        at: '20m',
        firing: [gone('a', 'batch-runner'), gone('a', 'webhook-deliverer')],
      },
      {
        name: 'neither ever ran',
        series: { ...others, ...brokerIn('a', '1x60') },
        at: '20m',
        firing: [],
      },
      {
        name: 'one was restarted',
        series: { ...brokerIn('a', '1x60'), ...both('1x10 stale _x4 1x40', '1x60') },
        at: '20m',
        firing: [],
      },
      {
        name: 'the whole broker is gone, of which another alert tells',
        series: { ...brokerIn('a', '1x10 stale'), ...both('1x10 stale', '1x10 stale') },
        at: '20m',
        firing: [{ alertname: 'UnderstudySchedulerWithoutLeader', namespace: 'a', severity }],
      },
    ]);
    expect(said).toContain('SUCCESS');
  },
);
