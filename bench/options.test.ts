import { expect, test } from 'vitest';
import { asksForHelp, readOptions, UsageError } from './options.ts';
import { PART_NAMES } from './part.ts';

test('the full run is the default, and each figure can be set', () => {
  expect(readOptions(['--', '--quick']).rounds).toBeLessThan(readOptions([]).rounds);
  expect(readOptions([])).toMatchObject({ size: 'full', parts: PART_NAMES, profile: false });
  expect(readOptions(['--rounds', '5', '--jobs', '10'])).toMatchObject({ rounds: 5, jobs: 10 });
});

test('parts are chosen by name, and run in their own order', () => {
  expect(readOptions(['--only', 'idle,throughput', '--only', 'depth']).parts).toEqual([
    'throughput',
    'idle',
    'depth',
  ]);
  expect(readOptions(['--contender', 'broker']).contenders).toEqual(['broker']);
});

test('a quick run leaves out what wants very many jobs, unless it is named', () => {
  expect(readOptions(['--quick']).parts).not.toContain('depth');
  expect(readOptions(['--quick', '--only', 'depth']).parts).toEqual(['depth']);
});

test('a profile is of throughput unless another part is named that can be profiled', () => {
  expect(readOptions(['--profile']).parts).toEqual(['throughput']);
  expect(readOptions(['--profile', '--only', 'outage']).parts).toEqual(['outage']);
  expect(() => readOptions(['--profile', '--only', 'start'])).toThrow('--only is "start"');
});

test('an option that makes no sense is named with its value', () => {
  expect(() => readOptions(['--jobs', 'many'])).toThrow('--jobs is "many"');
  expect(() => readOptions(['--only', 'redis'])).toThrow(
    '--only is "redis"; give one of throughput',
  );
  expect(() => readOptions(['--contender', 'redis'])).toThrow('--contender is "redis"');
  expect(() => readOptions(['--fast'])).toThrow(UsageError);
  expect(asksForHelp(['--quick', '--help'])).toBe(true);
  expect(asksForHelp(['--quick'])).toBe(false);
});
