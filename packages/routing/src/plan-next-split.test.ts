import { expect, test } from 'vitest';
import { called, plan, queuedAt } from './testing/planned-scene.ts';

const split = (weights: [number, number], fallback = false) => ({
  split: [
    { provider: 'a', model: 'm7', weight: weights[0], fallback },
    { provider: 'a', model: 'm6', weight: weights[1], fallback },
  ],
});

test('a drawn arm is kept when the weights change', () => {
  const first = plan({ a: {} }, {}, { m: { targets: [split([1, 0])] } });
  expect(queuedAt(first)).toBe('a/m7');
  const draws = first.progress.draws;
  const later = plan({ a: {} }, { draws }, { m: { targets: [split([0, 1])] } });
  expect(queuedAt(later)).toBe('a/m7');
  expect(later.progress.draws).toEqual(draws);
});

test('a drawn arm is kept when a target is put in front of its split', () => {
  const first = plan({ a: {} }, {}, { m: { targets: [split([1, 0])] } });
  const later = plan(
    { a: {}, b: {} },
    { draws: first.progress.draws, ...called('b') },
    {
      m: { targets: [{ provider: 'b' }, split([0, 1])] },
    },
  );
  expect(queuedAt(later)).toBe('a/m7');
});

test('an arm that was taken out of the configuration is drawn anew', () => {
  const first = plan({ a: {} }, {}, { m: { targets: [split([1, 0])] } });
  const left = { split: split([1, 1]).split.slice(1) };
  const later = plan({ a: {} }, { draws: first.progress.draws }, { m: { targets: [left] } });
  expect(queuedAt(later)).toBe('a/m6');
});

test('an arm that must not see the job is not drawn, nor kept where a later rule forbids it', () => {
  const routes = {
    m: {
      targets: [
        {
          split: [
            { provider: 'a', weight: 1, fallback: false },
            { provider: 'b', weight: 0, fallback: false },
          ],
        },
      ],
    },
  };
  const providers = { a: {}, b: {} };
  const settings = { projectProviders: { acme: { except: ['a'] } } };
  const request = { project: 'acme' };
  expect(queuedAt(plan(providers, {}, routes, { settings, request }))).toBe('b');
  const drawn = { draws: { 'm#0': 'a' } };
  expect(queuedAt(plan(providers, drawn, routes, { settings, request }))).toBe('b');
  expect(queuedAt(plan(providers, {}, routes, { settings }))).toBe('a');
  const asked = { providers: { only: ['b'] } };
  expect(queuedAt(plan(providers, {}, routes, { request: asked }))).toBe('b');
});

const splitThenPlain = (fallback: boolean) => ({
  m: { targets: [split([1, 1], fallback), { provider: 'b' }] },
});

test('arms that were not drawn are no fallbacks unless the operator says so', () => {
  const drawn = { draws: { 'm#0': 'a/m7' }, ...called('a/m7') };
  expect(queuedAt(plan({ a: {}, b: {} }, drawn, splitThenPlain(false)))).toBe('b');
  expect(queuedAt(plan({ a: {}, b: {} }, drawn, splitThenPlain(true)))).toBe('a/m6');
});

test('a split by user gives all jobs of a user the same arm', () => {
  const routes = { m: { targets: [split([1, 1])], splitBy: 'user' } };
  const arms = Array.from({ length: 50 }, (_, index) =>
    queuedAt(plan({ a: {} }, {}, routes, { request: { id: `job_${index}`, user: 'ann' } })),
  );
  expect(new Set(arms).size).toBe(1);
});
