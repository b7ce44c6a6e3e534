import { expect, test } from 'vitest';
import { isLongCall, usualTimeoutMs } from './long-call.ts';

const STREAMED = { streamed: 'server-sent-events' } as const;
const MINUTE_MS = 60_000;

test.each([
  ['at once', {}, 64_000, 10 * MINUTE_MS],
  ['at once without a limit', {}, undefined, 10 * MINUTE_MS],
  ['as a stream', STREAMED, 64_000, 30 * MINUTE_MS],
  ['as a stream', STREAMED, 128_000, 60 * MINUTE_MS],
  ['as a stream of few tokens', STREAMED, 1000, 10 * MINUTE_MS],
  ['as a stream without a limit', STREAMED, undefined, 10 * MINUTE_MS],
])('a call that is answered %s %j of %s tokens may take %i ms', (_how, surface, tokens, ms) => {
  const needs = tokens === undefined ? {} : { maxOutputTokens: tokens };
  expect(usualTimeoutMs(surface, needs)).toBe(ms);
});

test.each([1e12, Infinity])('of a limit of %s tokens a timer still counts the time', (tokens) => {
  expect(usualTimeoutMs(STREAMED, { maxOutputTokens: tokens })).toBe(2 ** 31 - 1);
});

test('the shortest call that is long may take longer than one that is not', () => {
  const [short, long] = [{ maxOutputTokens: 21_333 }, { maxOutputTokens: 21_334 }];
  expect([isLongCall(short), isLongCall(long)]).toEqual([false, true]);
  expect(usualTimeoutMs(STREAMED, short)).toBe(10 * MINUTE_MS);
  expect(usualTimeoutMs(STREAMED, long)).toBeGreaterThan(10 * MINUTE_MS);
});
