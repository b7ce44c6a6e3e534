import { expect, test } from 'vitest';
import { newKeyOf } from './new-key.ts';

test('fields left empty are not asked for', () => {
  expect(newKeyOf({ project: 'acme' }, ['read'])).toEqual({ project: 'acme', scopes: ['read'] });
});

test('limits are numbers, and routes a list', () => {
  expect(
    newKeyOf(
      {
        project: 'acme',
        name: 'backend',
        expires_in: '90d',
        requests_per_minute: '60',
        spend_per_day: '2.5',
        routes: 'opus, haiku\nsonnet',
      },
      ['read', 'submit'],
    ),
  ).toEqual({
    project: 'acme',
    scopes: ['submit', 'read'],
    name: 'backend',
    expires_in: '90d',
    limits: { requests_per_minute: 60, spend_per_day: 2.5, routes: ['opus', 'haiku', 'sonnet'] },
  });
});

test('a scope that does not exist is not asked for', () => {
  expect(newKeyOf({}, ['root', 'submit']).scopes).toEqual(['submit']);
});
