import { expect, test } from 'vitest';
import { healthOf, jobsBefore, oldestMs, queuedText, takesJobs } from './provider-health.ts';
import type { ProviderCooldown } from './provider-health.ts';
import { provider } from './testing/provider-scene.ts';

const COOLING: ProviderCooldown = {
  scope: 'model',
  model: 'm',
  state: 'cooling',
  started_at: '2026-11-22T12:00:00Z',
  until: '2026-11-22T12:01:00Z',
  rule: 'default.status_429',
  failures: 1,
  alert: false,
};
const PAUSED = { since: '2026-11-22T12:00:00Z' };

test('the worst that is known of a provider is its health', () => {
  expect(healthOf(provider())).toBe('healthy');
  expect(healthOf(provider({ cooldowns: [COOLING] }))).toBe('partly');
  expect(healthOf(provider({ cooldowns: [{ ...COOLING, scope: 'provider' }] }))).toBe('cooling');
  expect(healthOf(provider({ cooldowns: [COOLING], paused: PAUSED }))).toBe('paused');
  expect(healthOf(provider({ cooldowns: [{ ...COOLING, alert: true }], paused: PAUSED }))).toBe(
    'trouble',
  );
  expect(healthOf(provider({ alive: false, paused: PAUSED }))).toBe('no_worker');
});

test('a provider whose cool-down is over takes a job as a probe', () => {
  const whole: ProviderCooldown = { ...COOLING, scope: 'provider', model: '*' };
  const probed = provider({ cooldowns: [{ ...whole, state: 'half_open' }] });
  expect([healthOf(probed), takesJobs(probed)]).toEqual(['probing', true]);
  expect(healthOf(provider({ cooldowns: [{ ...COOLING, state: 'half_open' }] }))).toBe('probing');
  const partly = provider({ cooldowns: [COOLING, { ...COOLING, model: 'n', state: 'half_open' }] });
  expect([healthOf(partly), takesJobs(partly)]).toEqual(['partly', true]);
  expect(takesJobs(provider({ cooldowns: [whole] }))).toBe(false);
  expect(takesJobs({ ...probed, paused: PAUSED })).toBe(false);
  expect(takesJobs({ ...probed, alive: false })).toBe(false);
});

test('jobs in the queue and jobs that wait for a model both stand before a provider', () => {
  const busy = provider({
    queue: { waiting: 3, active: 1, oldest_ms: 500 },
    waiting: [
      { model: 'm', count: 4, oldest_ms: 9000 },
      { model: 'n', count: 1, oldest_ms: 20 },
    ],
  });
  expect(jobsBefore(busy)).toBe(8);
  expect(oldestMs(busy)).toBe(9000);
  expect(oldestMs(provider())).toBeUndefined();
});

test('turns that rest in the queue are told apart from those that wait there', () => {
  const resting = provider({ queue: { waiting: 3, active: 1, resting: 2 } });
  expect([queuedText(resting), jobsBefore(resting)]).toEqual(['3 + 2 resting', 5]);
  expect(queuedText(provider({ queue: { waiting: 3, active: 1, resting: 0 } }))).toBe('3');
  // An API of the release before tells of none.
  expect(queuedText(provider({ queue: { waiting: 3, active: 1 } }))).toBe('3');
});
