import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createDerivedKeys } from './derived-keys.ts';
import { parseEncryptionKeys } from './encryption-keys.ts';

test('a message key is left behind after a million messages, long before nonces could repeat', () => {
  const [key] = parseEncryptionKeys(`k1:${randomBytes(32).toString('base64')}`);
  const keys = createDerivedKeys(key!);
  const first = keys.next();
  for (let count = 1; count < 2 ** 20; count += 1) keys.next();
  const second = keys.next();
  expect(second.salt.equals(first.salt)).toBe(false);
  expect(second.key.equals(first.key)).toBe(false);
  expect(keys.next().salt).toBe(second.salt);
  expect(createDerivedKeys(key!).of(first.salt).equals(first.key)).toBe(true);
});
