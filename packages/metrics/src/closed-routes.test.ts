import { cooling, scene, NOON } from '@understudy/routing/testing';
import { expect, test } from 'vitest';
import { routeStates } from './closed-routes.ts';

const LATER = NOON + 60_000;
const routes = { m: { targets: [{ provider: 'a' }] } };

test.each([
  ['open', {}],
  ['probed', { availability: { kind: 'half_open', probing: true, until: LATER } }],
  ['half open', { availability: { kind: 'half_open', probing: false, until: NOON } }],
] as const)('a route whose target is %s is open', (_state, provider) => {
  const views = scene({ a: provider }, routes);
  expect(routeStates(views, NOON, true)).toEqual({ open: ['m'], closed: [] });
});

test.each([
  ['cools down', { availability: cooling(LATER) }],
  ['is paused', { availability: { kind: 'paused' } }],
  ['has no worker', { alive: false }],
  [
    'is half open and has no worker',
    { alive: false, availability: { kind: 'half_open', probing: false, until: NOON } },
  ],
  ['has retired the model', { registration: { retired: { m: '2026-01-01' } } }],
] as const)('a route whose only target %s is closed', (_state, provider) => {
  const views = scene({ a: provider }, routes);
  expect(routeStates(views, NOON, true)).toEqual({ open: [], closed: ['m'] });
});

test('of automatic routes those are told that an operator could open: none whose targets are all retired', () => {
  const views = scene({
    a: {
      registration: {
        models: { old: 'old-at-a', both: 'both-at-a', shut: 'shut-at-a', ok: 'ok-at-a' },
        retired: { old: '2026-01-01', both: '2026-01-01' },
      },
      availability: { 'shut-at-a': cooling(LATER) },
    },
    b: { registration: { models: { both: 'both-at-b' } }, availability: { kind: 'paused' } },
  });
  expect(routeStates(views, NOON, true)).toEqual({ open: [], closed: ['both', 'shut'] });
  expect(routeStates(views, NOON, false)).toEqual({ open: [], closed: [] });
});
