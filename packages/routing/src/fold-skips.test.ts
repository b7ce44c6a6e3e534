import { expect, test } from 'vitest';
import { foldSkips } from './fold-skips.ts';
import type { Skip } from './plan-next.ts';
import { NOON, jobProgress, jobRequest } from './testing/routing-scene.ts';

function skip(target: string, rule: string): Skip {
  return {
    candidate: {
      planned: { target, provider: target, kind: 'openai', model_sent: `m-at-${target}` },
      alive: true,
      availability: { kind: 'open' },
    },
    rule,
  };
}

const request = jobRequest();

test('first skips are attempts numbered after those that exist', () => {
  const { appended, folded } = foldSkips(
    [skip('a', 'cooling_down'), skip('b', 'unmapped')],
    request,
    jobProgress({ round: 2, closed: { b: 'unmapped' } }),
    3,
    NOON,
  );
  expect(folded).toEqual([]);
  expect(appended).toMatchObject([
    {
      number: 4,
      round: 2,
      target: 'a',
      provider: 'a',
      kind: 'openai',
      dialect: 'chat-completions',
      model_requested: 'm',
      model_sent: 'm-at-a',
      outcome: 'skipped',
      verdict: 'next',
      rule: 'cooling_down',
      started_at: NOON,
    },
    { number: 5, target: 'b', verdict: 'next_for_good', rule: 'unmapped' },
  ]);
  expect(appended[0]).not.toHaveProperty('count');
});

test('a target skipped again by the same rule is the same attempt with a higher count', () => {
  const first = foldSkips([skip('a', 'cooling_down')], request, jobProgress(), 0, NOON);
  const progress = jobProgress({ skips: first.skips });
  const second = foldSkips([skip('a', 'cooling_down')], request, progress, 1, NOON + 5000);
  expect(second.appended).toEqual([]);
  expect(second.folded).toMatchObject([
    { number: 1, count: 2, first_at: NOON, last_at: NOON + 5000, started_at: NOON },
  ]);
  const third = foldSkips(
    [skip('a', 'cooling_down')],
    request,
    jobProgress({ skips: second.skips }),
    1,
    NOON + 9000,
  );
  expect(third.folded).toMatchObject([{ number: 1, count: 3, first_at: NOON }]);
});

test('a target skipped by another rule is a new attempt', () => {
  const first = foldSkips([skip('a', 'cooling_down')], request, jobProgress(), 0, NOON);
  const progress = jobProgress({ skips: first.skips });
  const second = foldSkips([skip('a', 'no_worker')], request, progress, 1, NOON + 1);
  expect(second.folded).toEqual([]);
  expect(second.appended).toMatchObject([{ number: 2, rule: 'no_worker' }]);
});

test('each target is folded on its own', () => {
  const first = foldSkips([skip('a', 'cooling_down')], request, jobProgress(), 0, NOON);
  const progress = jobProgress({ skips: first.skips });
  const both = [skip('a', 'cooling_down'), skip('b', 'cooling_down')];
  const { appended, folded } = foldSkips(both, request, progress, 1, NOON + 1);
  expect(folded.map(({ number }) => number)).toEqual([1]);
  expect(appended.map(({ number, target }) => [number, target])).toEqual([[2, 'b']]);
});
