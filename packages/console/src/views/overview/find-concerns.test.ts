import { expect, test } from 'vitest';
import { provider } from '../providers/testing/provider-scene.ts';
import { findConcerns } from './find-concerns.ts';

const NONE = { count: 0, more: false };

function titles(providers: Parameters<typeof findConcerns>[0]['providers'], deadLetters = NONE) {
  return findConcerns({ providers, deadLetters }).map(({ title }) => title);
}

test('a healthy broker raises no concern', () => {
  expect(titles([provider()])).toEqual([]);
  expect(titles([])).toEqual([]);
});

test('account trouble is told before anything that only warns', () => {
  const paused = provider({ id: 'b', paused: { since: '2026-11-22T12:00:00Z' } });
  const broke = provider({
    id: 'a',
    cooldowns: [
      {
        scope: 'provider',
        model: '*',
        state: 'cooling',
        started_at: '2026-11-22T12:00:00Z',
        until: '2026-11-22T13:00:00Z',
        rule: 'openai.insufficient_quota',
        failures: 1,
        alert: true,
      },
    ],
  });
  expect(titles([paused, broke, provider({ id: 'c' })])).toEqual([
    'a: account trouble',
    'b is paused',
  ]);
});

test('that no provider is open is told first', () => {
  const dead = provider({ id: 'a', alive: false });
  expect(titles([dead])).toEqual(['No provider takes jobs now', 'a has no live worker']);
});

test('a provider that would take a job as a probe is not closed', () => {
  const cooldown = {
    scope: 'provider',
    model: '*',
    started_at: '2026-11-22T12:00:00Z',
    until: '2026-11-22T12:01:00Z',
    rule: 'default.status_503',
    failures: 1,
    alert: false,
  } as const;
  const cooling = provider({ id: 'a', cooldowns: [{ ...cooldown, state: 'cooling' }] });
  const probed = provider({ id: 'b', cooldowns: [{ ...cooldown, state: 'half_open' }] });
  expect(titles([cooling])).toEqual(['No provider takes jobs now']);
  expect(titles([cooling, probed])).toEqual([]);
});

test('an old job is a concern only at a provider that should have served it', () => {
  const queue = { waiting: 1, active: 0, oldest_ms: 200_000 };
  expect(titles([provider({ id: 'a', queue })])).toEqual(['a is behind']);
  const paused = { since: '2026-11-22T12:00:00Z' };
  expect(titles([provider({ id: 'a', queue, paused }), provider({ id: 'b' })])).toEqual([
    'a is paused',
  ]);
});

test('dead letters are counted, also where there are more than one page', () => {
  expect(titles([], { count: 1, more: false })).toEqual(['1 dead letter']);
  expect(titles([], { count: 100, more: true })).toEqual(['100+ dead letters']);
});

test('a model name that the provider does not know is named', () => {
  const stale = { model: 'gpt-4-old', since: '', until: '', rule: 'x', failures: 2 };
  expect(titles([provider({ id: 'a', stale_names: [stale] })])).toEqual([
    'a does not know gpt-4-old',
  ]);
});
