import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test.each([
  ['250ms', 250],
  ['30s', 30_000],
  ['5m', 300_000],
  ['1.5h', 5_400_000],
  ['7d', 604_800_000],
  ['0s', 0],
])('%s are %d milliseconds', (text, durationMs) => {
  expect(parseDuration(text)).toBe(durationMs);
});

test.each(['30', 's', '-5s', '5 s', '5S', '1e3s', '5w', ''])('"%s" is refused by name', (text) => {
  expect(() => parseDuration(text)).toThrow(`"${text}" is not a duration`);
});
