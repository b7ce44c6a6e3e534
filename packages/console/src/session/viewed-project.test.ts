import { expect, test } from 'vitest';
import { viewedProject } from './viewed-project.ts';

test('a project’s key sees its own project, whatever an address names', () => {
  expect(viewedProject({ project: 'acme' }, 'default')).toEqual({
    project: 'acme',
    linked: undefined,
  });
});

test('the operator sees the project that was chosen, or that an address names', () => {
  const operator = { project: 'default', acting: 'acme' };
  expect(viewedProject(operator, undefined)).toEqual({ project: 'acme', linked: undefined });
  expect(viewedProject(operator, 'beta')).toEqual({ project: 'beta', linked: 'beta' });
});

test('who looks at all projects sees that of the key until an address names another', () => {
  const operator = { project: 'default', acting: '*' };
  expect(viewedProject(operator, undefined)).toEqual({ project: 'default', linked: 'default' });
  expect(viewedProject(operator, 'acme')).toEqual({ project: 'acme', linked: 'acme' });
});
