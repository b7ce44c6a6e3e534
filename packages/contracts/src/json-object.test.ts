import { expect, test } from 'vitest';
import { own } from './json-object.ts';

test('a record gives what was written to it, and nothing that every object has', () => {
  const record = { model: 'a', toString: 'b' };
  expect(own<string>(record, 'model')).toBe('a');
  expect(own<string>(record, 'toString')).toBe('b');
  for (const key of ['constructor', '__proto__', 'hasOwnProperty', '']) {
    expect([key, own<string>(record, key)]).toEqual([key, undefined]);
  }
});
