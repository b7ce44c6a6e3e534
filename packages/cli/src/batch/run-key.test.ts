import { expect, test } from 'vitest';
import { runKey, type RunIdentity } from './run-key.ts';

const run: RunIdentity = {
  sha256: 'of-the-requests',
  answersPath: '/here/answers.jsonl',
  generation: '',
  options: { metadata: { a: '1', b: '2' } },
};
const withOptions = (options: RunIdentity['options']) => ({ ...run, options });

test('what asks for the same batch has the same key, in whatever order it is written', () => {
  expect(runKey(withOptions({ metadata: { b: '2', a: '1' } }), 0)).toBe(runKey(run, 0));
});

test('a run that was begun by an earlier release is found by its key', () => {
  expect(runKey(run, 0)).toBe('batch-run-Kf6x2YDQ5uA4u35RQlO2AwvBYb1A8rO7GF8mvnVXrQs');
});

test('whatever makes the broker take a request for another one makes another key', () => {
  const { metadata = {} } = run.options;
  const keys = [
    runKey(run, 0),
    runKey(run, 1),
    runKey({ ...run, sha256: 'of-others' }, 0),
    runKey({ ...run, answersPath: '/there/answers.jsonl' }, 0),
    runKey({ ...run, generation: 'fresh' }, 0),
    runKey(withOptions({}), 0),
    runKey(withOptions({ metadata, priority: 'high' }), 0),
    runKey(withOptions({ metadata, expiresIn: '12h' }), 0),
    runKey(withOptions({ metadata, expiresIn: '48h' }), 0),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});
