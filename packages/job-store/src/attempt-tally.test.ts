import type { Attempt } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { parseTally, tallyText } from './attempt-tally.ts';

function attempt(number: number, provider: string, given: Partial<Attempt> = {}): Attempt {
  return {
    number,
    round: 1,
    target: provider,
    provider,
    model_requested: 'm',
    outcome: 'skipped',
    verdict: 'next',
    rule: 'cooling_down',
    started_at: 1,
    ...given,
  };
}

test('a change without an attempt has no tally, and of other versions nothing is counted', () => {
  expect(tallyText([])).toBe('');
  expect(parseTally('')).toEqual({ attempts: [] });
  expect(parseTally('{"a":[["a","postponed","",0,0]]}')).toEqual({ attempts: [] });
});

test('a tally tells what was done where and by which rule, and nothing that anybody wrote', () => {
  const text = tallyText([
    attempt(1, 'a', {
      outcome: 'failed',
      rule: 'default.status_500',
      duration_ms: 12.4,
      error: { message: 'secret words', body: 'secret words' },
      model_sent: 'secret-name',
    }),
    attempt(2, 'b', { verdict: 'next_for_good', rule: 'unmapped' }),
    attempt(3, 'c', { outcome: 'succeeded', duration_ms: 812 }),
  ]);
  expect(text).not.toContain('secret');
  expect(parseTally(text)).toEqual({
    attempts: [
      {
        provider: 'a',
        outcome: 'failed',
        rule: 'default.status_500',
        durationMs: 12,
        barred: false,
      },
      {
        provider: 'c',
        outcome: 'succeeded',
        rule: 'cooling_down',
        durationMs: 812,
        barred: false,
      },
      { provider: 'b', outcome: 'skipped', rule: 'unmapped', durationMs: 0, barred: true },
    ],
  });
});

test('a call comes before the skips that followed it, old ones and new ones', () => {
  const made = [attempt(4, 'c', { outcome: 'failed' }), attempt(5, 'b')];
  const folded = [attempt(2, 'a', { count: 2 })];
  const { attempts } = parseTally(tallyText(made, folded));
  expect(attempts.map(({ provider }) => provider)).toEqual(['c', 'a', 'b']);
});
