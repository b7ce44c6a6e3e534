import type { ExplainedRoute, Provider } from '@understudy/client';
import { expect, test } from 'vitest';
import { createColours } from './colours.ts';
import { renderExplained, renderProviders } from './render-broker.ts';

const STYLE = {
  colours: createColours(false),
  now: Date.parse('2026-11-22T09:00:00.000Z'),
  columns: 200,
};

function rowOf(queue: Provider['queue']): string {
  const provider: Provider = {
    object: 'provider',
    id: 'main',
    kind: 'openai',
    registered: true,
    alive: true,
    dialects: ['chat-completions'],
    concurrency: 4,
    in_use: 1,
    requests_last_minute: 0,
    queue,
    waiting: [],
    cooldowns: [],
    stale_names: [],
  };
  return renderProviders([provider], STYLE).split('\n')[1] ?? '';
}

function explained(target: Partial<ExplainedRoute['targets'][number]>): string {
  const route: ExplainedRoute = {
    object: 'route',
    name: 'chat',
    automatic: false,
    targets: [{ target: 'main/m', provider: 'main', state: 'open', ...target }],
  };
  return renderExplained(route, STYLE);
}

test('turns that rest are told of beside those that are queued, where there are any', () => {
  expect(rowOf({ waiting: 3, active: 1, resting: 2 })).toMatch(/ 1\/4 +3 \+ 2 resting +0/);
  expect(rowOf({ waiting: 3, active: 1, resting: 0 })).toMatch(/ 1\/4 +3 +0/);
  // An API of the release before tells of none.
  expect(rowOf({ waiting: 3, active: 1 })).toMatch(/ 1\/4 +3 +0/);
});

test('a paused target says since when and why', () => {
  const since = '2026-11-22T08:57:00.000Z';
  expect(explained({ state: 'paused', paused: { since, reason: 'new key' } })).toMatch(
    / paused 3 m ago: new key$/m,
  );
  expect(explained({ state: 'paused', paused: { since }, fallback: true })).toMatch(
    / paused 3 m ago, fallback$/m,
  );
});

test('a paused target of a broker that tells no more is paused', () => {
  expect(explained({ state: 'paused' })).toMatch(/ paused$/m);
});
