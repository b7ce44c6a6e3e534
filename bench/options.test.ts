import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

test('quick is the default, and each figure can be set', () => {
  expect(readOptions([])).toEqual(readOptions(['--', '--quick']));
  expect(readOptions(['--rounds', '5', '--jobs', '10'])).toMatchObject({ rounds: 5, jobs: 10 });
  expect(readOptions(['--full']).rounds).toBeGreaterThan(readOptions([]).rounds);
});

test('an option that makes no sense is named with its value', () => {
  expect(() => readOptions(['--jobs', 'many'])).toThrow('--jobs is "many"');
  expect(() => readOptions(['--only', 'redis'])).toThrow('--only is "redis"');
});
