import { openDispatchScene } from '@understudy/dispatch/testing';
import { createMetrics } from '@understudy/metrics';
import { expect, test } from 'vitest';
import { measureScheduler } from './measure-scheduler.ts';
import { relayOutbox } from './relay-outbox.ts';

async function open(leads: boolean) {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const metrics = createMetrics('scheduler');
  const asked: (() => Promise<readonly string[]>)[] = [];
  const monitoring = {
    metrics,
    readyWhen: (missing: () => Promise<readonly string[]>) => void asked.push(missing),
    close: async () => undefined,
  };
  const leadership = { isLeader: () => leads, close: async () => undefined };
  const measures = measureScheduler(monitoring, scene.dispatch, leadership);
  const lines = async (name: string): Promise<string[]> =>
    (await metrics.text()).split('\n').filter((line) => line.startsWith(`${name}{`));
  return { ...scene, measures, lines, isReady: async () => (await asked[0]!()).length === 0 };
}

test('what became of due jobs is counted', async () => {
  const { measures, lines, isReady } = await open(true);
  measures.visited(['woken', 'in_place', 'woken']);
  measures.dropped(3);
  expect(await lines('understudy_scheduler_visits_total')).toEqual([
    'understudy_scheduler_visits_total{visit="woken",service="scheduler"} 2',
    'understudy_scheduler_visits_total{visit="in_place",service="scheduler"} 1',
  ]);
  expect(await lines('understudy_jobs_dropped_total')).toEqual([
    'understudy_jobs_dropped_total{service="scheduler"} 3',
  ]);
  expect(await isReady()).toBe(true);
});

test('a change is late by what passed until everybody had heard of it, and counts once', async () => {
  const { dispatch, submit, advance, measures, lines } = await open(true);
  const lag = async (series: 'sum' | 'count') => {
    const [line = ''] = await lines(`understudy_relay_lag_seconds_${series}`);
    return Number(line.split(' ')[1]);
  };
  const slow = async () => advance(4000);
  await submit();
  const failing = [slow, () => Promise.reject(new Error('away'))];
  await expect(relayOutbox(dispatch, failing, measures.relayed)).rejects.toThrow('away');
  await relayOutbox(dispatch, [slow], measures.relayed);
  await relayOutbox(dispatch, [slow], measures.relayed);
  expect(await lag('count')).toBe(1);
  expect(await lag('sum')).toBeGreaterThanOrEqual(8);
});

test.each([
  [true, [expect.stringMatching(/provider="a",scope="model",rule="default\.status_429".* 1$/)]],
  [false, []],
])('a cool-down is counted by the replica that leads (%s), once', async (leads, counted) => {
  const { cool, lines } = await open(leads);
  await cool('a', 60_000);
  await cool('a', 60_000);
  expect(await lines('understudy_cooldowns_started_total')).toEqual(counted);
  expect(await lines('understudy_scheduler_leader')).toEqual([
    `understudy_scheduler_leader{service="scheduler"} ${leads ? 1 : 0}`,
  ]);
});
