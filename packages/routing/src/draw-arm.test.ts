import type { ArmSettings } from '@understudy/configuration';
import { expect, test } from 'vitest';
import { drawArm, splitValue, targetName } from './draw-arm.ts';
import { jobRequest } from './testing/routing-scene.ts';

const arm = (provider: string, weight: number): ArmSettings => ({
  provider,
  weight,
  fallback: false,
});

function shares(arms: ArmSettings[], draws: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let index = 0; index < draws; index += 1) {
    const { provider } = drawArm(arms, 'opus#0', `job_${index}`);
    counts[provider] = (counts[provider] ?? 0) + 1 / draws;
  }
  return counts;
}

test('arms are drawn in proportion to their weights', () => {
  const drawn = shares([arm('a', 70), arm('b', 20), arm('c', 10)], 20_000);
  expect(drawn['a']).toBeCloseTo(0.7, 1.7);
  expect(drawn['b']).toBeCloseTo(0.2, 1.7);
  expect(drawn['c']).toBeCloseTo(0.1, 1.7);
});

test('an arm of weight 0 is never drawn', () => {
  expect(Object.keys(shares([arm('a', 0), arm('b', 1), arm('c', 0)], 2000))).toEqual(['b']);
});

test('the same salt and value always draw the same arm', () => {
  const arms = [arm('a', 1), arm('b', 1)];
  for (let index = 0; index < 100; index += 1) {
    expect(drawArm(arms, 'salt', `job_${index}`)).toBe(drawArm(arms, 'salt', `job_${index}`));
  }
});

test('two splits draw independently of each other', () => {
  const arms = [arm('a', 1), arm('b', 1)];
  const values = Array.from({ length: 4000 }, (_, index) => `user_${index}`);
  const same = values.filter((value) => drawArm(arms, 's1', value) === drawArm(arms, 's2', value));
  expect(same.length / values.length).toBeCloseTo(0.5, 1.5);
});

test('a split without arms is refused', () => {
  expect(() => drawArm([], 'salt', 'job_1')).toThrow(RangeError);
});

test('a split by user hashes the user, and the job where it names none', () => {
  expect(splitValue('user', jobRequest({ user: 'ann' }))).toBe('ann');
  expect(splitValue('user', jobRequest())).toBe('job_1');
});

test('a split by a metadata key hashes its value, and the job where it has none', () => {
  expect(splitValue('metadata.team', jobRequest({ metadata: { team: 'red' } }))).toBe('red');
  expect(splitValue('metadata.team', jobRequest({ metadata: { other: 'red' } }))).toBe('job_1');
});

test('a split by job hashes the job', () => {
  expect(splitValue('job', jobRequest({ user: 'ann' }))).toBe('job_1');
});

test('a target is named by its provider, and by its model where it has one', () => {
  expect(targetName({ provider: 'a' })).toBe('a');
  expect(targetName({ provider: 'a', model: 'm' })).toBe('a/m');
});
