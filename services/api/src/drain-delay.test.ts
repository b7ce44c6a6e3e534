import { loadSettings } from '@understudy/configuration';
import { expect, test } from 'vitest';
import { drainDelayMs } from './drain-delay.ts';

const { defaults } = loadSettings({ environment: {}, kinds: [], credentials: 'ignore' });

test.each(['127.0.0.1', '::1', 'localhost'])('an API on %s closes its door at once', (host) => {
  expect(drainDelayMs({ defaults }, host)).toBe(0);
});

test.each(['0.0.0.0', '::', '10.0.0.7', 'api.internal'])(
  'an API on %s leaves its balancer time to turn away',
  (host) => {
    expect(drainDelayMs({ defaults }, host)).toBe(5000);
  },
);

test('what the operator set wins wherever the API listens', () => {
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    expect(drainDelayMs({ defaults: { ...defaults, drainDelayMs: 700 } }, host)).toBe(700);
  }
});
