import type { Limits } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { holdersOf } from './caller.ts';
import { checkRoute, permittedPriority } from './check-terms.ts';

const holders = (project: Limits, keyLimits: Limits = {}) =>
  holdersOf({ project: 'acme', key: 'key_1', keyLimits }, { acme: project });

test('both the project and the key must allow a route, by its name or as the caller names it', () => {
  const both = holders({ routes: ['small', 'large'] }, { routes: ['small', 'alias'] });
  expect(() => checkRoute(both, { model: 'small', route: 'small' })).not.toThrow();
  expect(() => checkRoute(both, { model: 'small', route: 'large' })).not.toThrow();
  expect(() => checkRoute(both, { model: 'large', route: 'large' })).toThrow(
    'this key may not use the model "large"; it may use small, alias',
  );
  expect(() => checkRoute(both, { model: 'alias', route: 'other' })).toThrow(
    'this project may not use the model "alias"; it may use small, large',
  );
});

test('a priority above the allowed one is refused, the usual one becomes the allowed one', () => {
  const low = holders({ highest_priority: 4 }, { highest_priority: 7 });
  expect(permittedPriority(low, undefined, 5)).toBe(7);
  expect(permittedPriority(low, undefined, 8)).toBe(8);
  expect(permittedPriority(low, 7, 5)).toBe(7);
  expect(() => permittedPriority(low, 6, 5)).toThrow('it may have 7 to 9');
  expect(() => permittedPriority(low, 3, 5)).toThrow('this project may not have the priority 3');
  expect(permittedPriority(holders({}), 0, 5)).toBe(0);
});

test('a project named like a member of every object has no limits by that', () => {
  const [project] = holdersOf({ project: 'constructor' }, {});
  expect(project?.limits).toEqual({});
});
