import { expect, test } from 'vitest';
import { headerDelayMs, retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

function google(retryDelay: string): string {
  return JSON.stringify([{ error: { code: 429, details: [{ reason: 'X' }, { retryDelay }] } }]);
}

test.each([
  ['milliseconds', { 'retry-after-ms': '1400' }, 1400],
  ['milliseconds of Azure', { 'x-ms-retry-after-ms': '250' }, 250],
  ['seconds', { 'retry-after': '7' }, 7000],
  ['seconds with a fraction', { 'retry-after': ' 0.25 ' }, 250],
  ['no seconds at all', { 'retry-after': '0' }, 0],
  ['an HTTP date', { 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT' }, 30_000],
  ['an HTTP date of the old kind', { 'retry-after': 'Sunday, 22-Nov-26 12:00:30 GMT' }, 30_000],
])('a delay is stated in %s', (_title, headers, expected) => {
  expect(retryAfterMs(headers, '', NOW)).toBe(expected);
});

test.each([
  ['negative', '-1'],
  ['a date in the past', 'Sun, 22 Nov 2026 11:00:00 GMT'],
  ['an instant as a number', '1795348800'],
  ['a word', 'soon'],
  ['not decimal', '1e3'],
  ['several', '1, 2'],
  ['empty', ''],
])('a delay that is %s is ignored', (_title, value) => {
  expect(retryAfterMs({ 'retry-after': value }, '', NOW)).toBeUndefined();
});

test.each([
  ['7', 7000],
  ['6m0s', 360_000],
  ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
  ['soon', undefined],
  ['99999999', undefined],
  [undefined, undefined],
])('a header of a vendor’s own may state %s', (text, expected) => {
  expect(headerDelayMs(text, NOW)).toBe(expected);
});

test('the most exact statement wins, and an unusable one gives way to the next', () => {
  const headers = { 'retry-after-ms': '900', 'x-ms-retry-after-ms': '800', 'retry-after': '1' };
  expect(retryAfterMs(headers, google('37s'), NOW)).toBe(900);
  expect(retryAfterMs({ ...headers, 'retry-after-ms': 'x' }, google('37s'), NOW)).toBe(800);
  expect(retryAfterMs({ 'retry-after': '1' }, google('37s'), NOW)).toBe(1000);
  expect(retryAfterMs({ 'retry-after': '-1' }, google('37s'), NOW)).toBe(37_000);
});

test('Google states its delay in the body', () => {
  expect(retryAfterMs({}, google('1.5s'), NOW)).toBe(1500);
  expect(retryAfterMs({}, google('0.0001s'), NOW)).toBe(1);
  expect(retryAfterMs({}, google('later'), NOW)).toBeUndefined();
});

test('on a 429 the latest reset of the limits that are used up counts', () => {
  const headers = {
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': '20ms',
    'x-ratelimit-remaining-tokens': '0',
    'x-ratelimit-reset-tokens': '1h6m0.5s',
  };
  expect(retryAfterMs(headers, '', NOW, 429)).toBe(3_960_500);
  expect(retryAfterMs({ ...headers, 'x-ratelimit-remaining-tokens': '3' }, '', NOW, 429)).toBe(20);
  expect(retryAfterMs(headers, '', NOW, 503)).toBeUndefined();
  expect(retryAfterMs({ ...headers, 'retry-after': '2' }, '', NOW, 429)).toBe(2000);
});

test('Anthropic’s reset is an instant', () => {
  const headers = {
    'anthropic-ratelimit-output-tokens-remaining': '0',
    'anthropic-ratelimit-output-tokens-reset': '2026-11-22T12:00:21Z',
    'anthropic-ratelimit-requests-remaining': '0',
    'anthropic-ratelimit-requests-reset': '2026-11-22T11:59:00Z',
    'anthropic-ratelimit-tokens-remaining': '0',
  };
  expect(retryAfterMs(headers, '', NOW, 429)).toBe(21_000);
});
