import { expect, test } from 'vitest';
import { nearNames } from './near-names.ts';
import { suggestName } from './suggest-name.ts';

const known = ['main', 'backup', 'anthropic', 'openai-europe', 'openai-america', 'a'];

test.each([
  ['mian', ['main']],
  ['Backup', ['backup']],
  ['antropic', ['anthropic']],
  ['openai-eurpe', ['openai-europe']],
  ['x', []],
  ['mistral', []],
  ['openai', []],
  ['', []],
])('the names that look like "%s" are %j', (name, near) => {
  expect(nearNames(name, known)).toEqual(near);
});

test('at most three names are offered, the nearest first', () => {
  expect(nearNames('model-9', ['model-10', 'model-8', 'model-7', 'model-19'])).toEqual([
    'model-8',
    'model-7',
    'model-19',
  ]);
});

test('a name like no other is told what there is, of many the first', () => {
  expect(suggestName('mian', known)).toBe('did you mean "main"?');
  expect(suggestName('mistral', ['main', 'backup'])).toBe('known are backup, main');
  expect(suggestName('mistral', [])).toBe('there are none');
  const many = Array.from({ length: 25 }, (_, index) => `provider-${100 + index}`);
  expect(suggestName('mistral', many)).toMatch(/^known are provider-100, .*-119 and 5 more$/);
});

test('a name as long as a book is compared quickly', () => {
  const started = performance.now();
  nearNames('x'.repeat(5_000_000), known);
  expect(performance.now() - started).toBeLessThan(500);
});
