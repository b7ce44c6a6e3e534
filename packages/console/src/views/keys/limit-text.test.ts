import { expect, test } from 'vitest';
import { formatBytes, limitLines, limitsText, providersText } from './limit-text.ts';

test('bytes are told in the largest unit that fits', () => {
  expect([0, 999, 1000, 123_456, 1_500_000_000].map(formatBytes)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.0 kB',
    '123 kB',
    '1.5 GB',
  ]);
});

test('what is neither limited nor counted has no line', () => {
  const lines = limitLines({ jobs_waiting: 100 }, { bytes_stored: 0, spend_per_day: 1 });
  expect(lines.map(({ name, used, limit }) => [name, used, limit])).toEqual([
    ['Jobs waiting', undefined, 100],
    ['Files', 0, undefined],
    ['Spent today', 1, undefined],
  ]);
});

test('where the jobs of a project may go is one line', () => {
  expect(providersText({ only: ['eu-1', 'eu-2'] })).toBe('only eu-1, eu-2');
  expect(providersText({ except: ['us-1'] })).toBe('none of us-1');
});

test('the limits of a key are one line', () => {
  expect(limitsText({ requests_per_minute: 60, routes: ['opus', 'haiku'], spend_per_day: 5 })).toBe(
    '60 requests/min, $5.00 a day, routes opus, haiku',
  );
  expect(limitsText(undefined)).toBe('');
});
