import { expect, test, vi } from 'vitest';
import { liveThroughABadDay } from '../support/live-through-a-bad-day.ts';
import { RULES_FILE, alertQueries, dashboardQueries } from '../support/metrics-queries.ts';
import { METRICS_TOKEN, startMetricsScene } from '../support/metrics-scene.ts';
import { checkRules, startPrometheus } from '../support/prometheus-server.ts';

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
