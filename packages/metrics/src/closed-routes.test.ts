import { cooling, scene, NOON } from '@understudy/routing/testing';
import { expect, test } from 'vitest';
import { routeStates } from './closed-routes.ts';

const LATER = NOON + 60_000;
const routes = { m: { targets: [{ provider: 'a' }] } };

const nobodyWaits = (): boolean => false;
const isMWaitedForAtA = (provider: string, model: string): boolean =>
  provider === 'a' && model === 'm-at-a';
const HALF_OPEN = { availability: { kind: 'half_open', probing: false, until: NOON } } as const;

test.each([
  ['open', {}],
  ['half open', HALF_OPEN],
] as const)('a route whose target is %s is open', (_state, provider) => {
  const views = scene({ a: provider }, routes);
  expect(routeStates(views, NOON, true, nobodyWaits)).toEqual({ open: ['m'], closed: [] });
});

test('a half-open target for which jobs wait takes none of them, though no probe is under way', () => {
  const views = scene({ a: HALF_OPEN, b: {} }, routes);
  const stateOf = (...given: Parameters<typeof scene>) =>
    routeStates(scene(...given), NOON, true, isMWaitedForAtA);
  expect(routeStates(views, NOON, true, isMWaitedForAtA)).toEqual({ open: [], closed: ['m'] });
  // One that is open takes jobs, whoever still stands in its room.
  expect(stateOf({ a: {} }, routes)).toEqual({ open: ['m'], closed: [] });
  const both = { m: { targets: [{ provider: 'a' }, { provider: 'b' }] } };
  expect(stateOf({ a: HALF_OPEN, b: {} }, both)).toEqual({ open: ['m'], closed: [] });
});

test.each([
  ['is probed', { availability: { kind: 'half_open', probing: true, until: LATER } }],
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
  expect(routeStates(views, NOON, true, nobodyWaits)).toEqual({ open: [], closed: ['m'] });
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
  expect(routeStates(views, NOON, true, nobodyWaits)).toEqual({
    open: [],
    closed: ['both', 'shut'],
  });
  expect(routeStates(views, NOON, false, nobodyWaits)).toEqual({ open: [], closed: [] });
});
