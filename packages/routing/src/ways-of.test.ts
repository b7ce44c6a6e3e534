import type { RouteSettings, Settings } from '@understudy/configuration';
import { expect, test } from 'vitest';
import { ab } from './testing/planned-scene.ts';
import { NOON, scene } from './testing/routing-scene.ts';
import type { SceneProvider } from './testing/routing-scene.ts';
import { waysOf } from './ways-of.ts';

const toA = { m: { targets: [{ provider: 'a' }] } };

function ways(
  providers: Record<string, SceneProvider>,
  routes: Record<string, Partial<RouteSettings>> = toA,
  settings: Partial<Settings> = {},
): string {
  return waysOf('m', scene(providers, routes, settings), NOON);
}

const before = ways({ a: {}, b: {} });

test.each([
  ['another target', ways({ a: {}, b: {} }, ab)],
  ['another name there', ways({ a: { registration: { models: { m: 'm-2' } } }, b: {} })],
  [
    'a model of its own',
    ways({ a: {}, b: {} }, { m: { targets: [{ provider: 'a', model: 'n' }] } }),
  ],
  ['the first word of a provider', ways({ a: { registration: null }, b: {} })],
  ['the end of the route', ways({ a: {}, b: {} }, {}, { autoRoutes: false })],
])('%s is another way', (_what, after) => {
  expect(after).not.toBe(before);
});

const knowing = (models: Record<string, string>): string =>
  ways({ a: {}, b: { registration: { models } } }, {});

test('a provider that comes to know the model is another way where the route is automatic', () => {
  expect(knowing({})).not.toBe(knowing({ m: 'm-at-b' }));
  expect(knowing({})).toBe(knowing({ n: 'n-at-b' }));
});

const passing = (passthrough: boolean): string =>
  ways({ a: {}, b: { registration: { models: {}, passthrough } } }, {});

test('so is one that takes any name, as some jobs may go to no other', () => {
  expect(passing(true)).not.toBe(passing(false));
});

const splitAmong = (names: string[], fallback: boolean) => ({
  m: { targets: [{ split: names.map((provider) => ({ provider, weight: 1, fallback })) }] },
});

const splitOf = (...names: string[]): string => ways({ a: {}, b: {} }, splitAmong(names, true));

test('an arm of a split is a way as any other', () => {
  expect(splitOf('a', 'b')).not.toBe(splitOf('a'));
});

test.each([
  ['a split whose arms stand in for each other', splitAmong(['a', 'b'], true)],
  ['two targets in place of the split', ab],
])('%s: another way for jobs that wait for the arm that was drawn for them', (_what, after) => {
  const split = ways({ a: {}, b: {} }, splitAmong(['a', 'b'], false));
  expect(ways({ a: {}, b: {} }, after)).not.toBe(split);
});

test('what passes by itself is none: cool-downs, workers and other routes', () => {
  const cooling = { kind: 'paused' } as const;
  expect(ways({ a: { availability: cooling, alive: false, staleUntil: NOON + 1 }, b: {} })).toBe(
    before,
  );
  expect(ways({ a: {}, b: {} }, { ...toA, n: { targets: [{ provider: 'b' }] } })).toBe(before);
});
