import { expect, test } from 'vitest';
import { randomHex } from './random-hex.ts';

test('texts are as long as asked for, and none comes twice, however many are drawn', () => {
  const texts = Array.from({ length: 5000 }, () => randomHex(10));
  expect(texts.every((text) => /^[0-9a-f]{20}$/.test(text))).toBe(true);
  expect(new Set(texts).size).toBe(5000);
});

test('what no earlier draw has left enough of is drawn whole', () => {
  for (const bytes of [4095, 24, 4096, 1]) {
    expect(randomHex(bytes)).toHaveLength(2 * bytes);
  }
});
