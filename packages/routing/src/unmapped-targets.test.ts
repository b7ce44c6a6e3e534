import { expect, test } from 'vitest';
import { NOON, scene } from './testing/routing-scene.ts';
import { unmappedTargets } from './unmapped-targets.ts';

test('a target is told of whose provider knows no model by the name of the route', () => {
  const views = scene(
    { knows: {}, ignorant: { registration: { models: {} } }, silent: { registration: null } },
    {
      m: {
        targets: [
          { provider: 'knows' },
          { provider: 'silent' },
          { provider: 'ignorant', model: 'named' },
          { provider: 'ignorant' },
          { split: [{ provider: 'ignorant', weight: 1, fallback: false }] },
        ],
      },
      fine: { targets: [{ provider: 'ignorant', model: 'named' }] },
    },
  );
  expect(unmappedTargets(views, NOON)).toEqual([{ route: 'm', provider: 'ignorant' }]);
});
