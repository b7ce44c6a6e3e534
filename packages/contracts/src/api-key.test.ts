import { expect, test } from 'vitest';
import { createApiKey, isApiKeyIntact } from './api-key.ts';

test('a key carries 32 random characters and a checksum that notices every changed character', () => {
  const key = createApiKey();
  expect(key).toMatch(/^us_[0-9A-Za-z]{38}$/);
  expect(isApiKeyIntact(key)).toBe(true);
  expect(createApiKey()).not.toBe(key);
  for (let index = 3; index < key.length; index += 1) {
    const other = key[index] === 'x' ? 'y' : 'x';
    expect(isApiKeyIntact(`${key.slice(0, index)}${other}${key.slice(index + 1)}`)).toBe(false);
  }
});

test('a key of another form has no checksum and passes', () => {
  expect(isApiKeyIntact('sixteen-letters!')).toBe(true);
  expect(isApiKeyIntact('us_')).toBe(false);
});
