import { expect, test } from 'vitest';
import { answeredShare, lastMinute, seriesOf, statisticsTimes, sumOf } from './statistics.ts';
import type { Statistics } from '../../api/contract.ts';

type StatisticsBucket = Statistics['buckets'][number];

function bucket(at: string, counts: Partial<StatisticsBucket>): StatisticsBucket {
  const none = { accepted: 0, completed: 0, failed: 0, cancelled: 0, expired: 0 };
  return { at, ...none, cost_usd: 0, input_tokens: 0, output_tokens: 0, ...counts };
}

const HOUR = {
  resolution: 'minute' as const,
  from: '2026-11-22T12:00:00Z',
  to: '2026-11-22T12:04:00Z',
  buckets: [
    bucket('2026-11-22T12:01:00Z', { completed: 6, failed: 1, cost_usd: 0.5 }),
    bucket('2026-11-22T12:03:00Z', { completed: 3, expired: 2, cost_usd: 0.25 }),
  ],
  providers: [],
  flows: [],
};

test('a series has a value for each minute, 0 where nothing happened', () => {
  expect(seriesOf(HOUR, statisticsTimes(HOUR), 'completed')).toEqual([0, 6, 0, 3]);
});

test('the last minute is the last whole one', () => {
  expect(lastMinute(HOUR, 'completed', Date.parse('2026-11-22T12:02:30Z'))).toBe(6);
  expect(lastMinute(HOUR, 'completed', Date.parse('2026-11-22T12:03:59Z'))).toBe(0);
});

test('cost sums up over the range', () => {
  expect(sumOf(HOUR, 'cost_usd')).toBe(0.75);
});

test('cancelled jobs count neither as answered nor as unanswered', () => {
  expect(answeredShare(HOUR)).toBe(0.75);
  expect(answeredShare({ buckets: [bucket('2026-11-22T12:00:00Z', { cancelled: 4 })] })).toBe(
    undefined,
  );
});
