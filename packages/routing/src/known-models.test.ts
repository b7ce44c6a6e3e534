import { expect, test } from 'vitest';
import { knownModels, nearestModels } from './known-models.ts';
import { scene } from './testing/routing-scene.ts';

const views = scene(
  {
    a: {
      registration: {
        models: { 'claude-sonnet-4': 'x', 'gpt-5': 'gpt-5' },
        overrides: { 'our-fine-tune': 'ft:1' },
      },
    },
    b: { registration: { models: { 'gpt-5': 'gpt-5', 'gpt-5-mini': 'gpt-5-mini' } } },
    silent: { registration: null },
  },
  { opus: { targets: [{ provider: 'a' }] } },
);

test('known are the routes and every name that a registered provider has, once and sorted', () => {
  expect(knownModels(views)).toEqual([
    'claude-sonnet-4',
    'gpt-5',
    'gpt-5-mini',
    'opus',
    'our-fine-tune',
  ]);
});

test('without automatic routes only the routes are known', () => {
  expect(knownModels({ ...views, settings: { ...views.settings, autoRoutes: false } })).toEqual([
    'opus',
  ]);
});

test('a misspelled name gets the names that look like it, nearest first', () => {
  expect(nearestModels('gpt-5-mni', views)).toEqual(['gpt-5-mini']);
  expect(nearestModels('Claude-Sonnet-4', views)[0]).toBe('claude-sonnet-4');
});

test('a name that looks like no other gets none', () => {
  expect(nearestModels('llama-4-maverick', views)).toEqual([]);
  expect(nearestModels('x', views)).toEqual([]);
});

test('at most three names are offered, and none where none is known', () => {
  const many = scene({
    a: {
      registration: {
        models: Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`model-number-${n}`, 'x'])),
      },
    },
  });
  expect(nearestModels('model-number-9', many)).toHaveLength(3);
  expect(nearestModels('m', scene({}))).toEqual([]);
});
