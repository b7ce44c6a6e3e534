import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isLargeInteger,
  markLargeIntegers,
  parseExact,
  unmarkLargeIntegers,
} from './exact-integers.ts';

const json = fc.oneof(fc.json(), fc.bigInt().map(String)).map((text) => `{"a":[${text}]}`);

test('any JSON is written as it was read, also with integers beyond 2^53', () => {
  fc.assert(
    fc.property(json, fc.bigInt({ min: 2n ** 53n }), (text, large) => {
      const written = `[${large},-${large},${JSON.stringify(JSON.parse('{"b":1.5}'))}]`;
      expect(JSON.stringify(parseExact(written))).toBe(written);
      expect(Number(JSON.stringify(parseExact(`${large}`)))).toBe(Number(large));
      expect(JSON.parse(JSON.stringify(parseExact(text)))).toEqual(JSON.parse(text));
    }),
  );
});

test('only integers that a number cannot hold are kept apart', () => {
  const values = parseExact(
    '[9007199254740991, 9007199254740992, 0.12345678901234567, 1e300, "9007199254740993"]',
  );
  expect(Array.isArray(values) && values.map(isLargeInteger)).toEqual([
    false,
    true,
    false,
    false,
    false,
  ]);
});

test('marked integers come back out of code that knows none of them', () => {
  const text = '{"id":9007199254740993,"text":"9007199254740993","n":1}';
  const marked: unknown = JSON.parse(markLargeIntegers(text));
  expect(unmarkLargeIntegers(JSON.stringify(marked))).toBe(text);
});
