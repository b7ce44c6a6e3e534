import type { Attempt } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { failureSummary } from './failure-summary.ts';

const attempt = (given: Partial<Attempt>): Attempt => ({
  number: 1,
  round: 1,
  target: 'a',
  provider: 'a',
  model_requested: 'm',
  outcome: 'failed',
  started_at: 0,
  ...given,
});

test('the last answer of a provider decides, before faults and skips', () => {
  const summary = failureSummary('no_target_left', 'nobody is left', [
    attempt({ provider: 'a', status_code: 404, rule: 'r', error: { message: 'no such model' } }),
    attempt({ provider: 'b', error: { message: 'connection refused' } }),
    attempt({ provider: 'c', outcome: 'skipped', rule: 'unmapped' }),
  ]);
  expect(summary).toEqual({
    code: 'no_target_left',
    message: 'nobody is left; last answer: no such model',
    provider: 'a',
    status_code: 404,
    rule: 'r',
    provider_error: { message: 'no such model' },
  });
});

test('without an answer the last fault decides, and without one the last skip', () => {
  const fault = attempt({ provider: 'b', error: { message: 'connection refused' } });
  const skip = attempt({ provider: 'c', outcome: 'skipped', rule: 'unmapped' });
  expect(failureSummary('x', 'y', [fault, skip])).toMatchObject({ provider: 'b' });
  expect(failureSummary('x', 'y', [skip])).toMatchObject({ provider: 'c', rule: 'unmapped' });
  expect(failureSummary('x', 'y', [])).toEqual({ code: 'x', message: 'y' });
});
