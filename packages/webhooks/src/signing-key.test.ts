import { expect, test } from 'vitest';
import { createSigningKey, currentKeys, rotateKeys, secretProblem } from './signing-key.ts';

const bytes = (count: number): string => Buffer.alloc(count, 7).toString('base64');

test.each([`whsec_${bytes(24)}`, `whsec_${bytes(64)}`])('%s is taken as a secret', (secret) => {
  expect(secretProblem(secret)).toBeUndefined();
});

test.each([bytes(32), `whsec_${bytes(23)}`, `whsec_${bytes(65)}`, 'whsec_', 'whsec_not base64!'])(
  '"%s" is refused, and the answer says what a secret is',
  (secret) => {
    expect(secretProblem(secret)).toContain('24 to 64 random bytes');
  },
);

test('a new secret is one that would be taken', () => {
  expect(secretProblem(createSigningKey('symmetric', 0).secret)).toBeUndefined();
});

test('after a rotation both keys sign until the overlap ends, then the new one alone', () => {
  const old = createSigningKey('symmetric', 1000);
  const added = createSigningKey('symmetric', 5000);
  const keys = rotateKeys([old], added, 60_000);
  expect(currentKeys(keys, 64_999).map(({ secret }) => secret)).toEqual([added.secret, old.secret]);
  expect(currentKeys(keys, 65_000)).toEqual([added]);
});

test('a rotation without overlap ends the old key at once', () => {
  const added = createSigningKey('symmetric', 5000);
  expect(rotateKeys([createSigningKey('symmetric', 0)], added, 0)).toEqual([added]);
});

test('a second rotation does not lengthen the life of a key that already leaves', () => {
  const old = createSigningKey('symmetric', 0);
  const once = rotateKeys([old], createSigningKey('symmetric', 1000), 10_000);
  const twice = rotateKeys(once, createSigningKey('symmetric', 2000), 50_000);
  expect(currentKeys(twice, 10_999)).toHaveLength(3);
  expect(currentKeys(twice, 11_000)).toHaveLength(2);
});
