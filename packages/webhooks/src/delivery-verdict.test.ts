import { expect, test } from 'vitest';
import { judgeDelivery } from './delivery-verdict.ts';

const answer = (status: number, headers: Record<string, string> = {}) =>
  judgeDelivery({ kind: 'answer', status, headers }, Date.parse('2026-11-22T12:00:00Z'));

test.each([200, 201, 202, 204, 299])('%d is a success', (status) => {
  expect(answer(status)).toEqual({ outcome: 'delivered' });
});

test.each([301, 302, 307, 308, 400, 401, 404, 429, 500, 503])('%d is a failure', (status) => {
  expect(answer(status, { location: 'https://elsewhere.example' })).toEqual({ outcome: 'failed' });
});

test('410 means that nothing is wanted any more', () => {
  expect(answer(410)).toEqual({ outcome: 'failed', gone: true });
});

test.each([429, 503])('%d says how long to wait, in seconds or as a date', (status) => {
  expect(answer(status, { 'retry-after': '7' }).retryAfterMs).toBe(7000);
  const date = 'Sun, 22 Nov 2026 12:01:00 GMT';
  expect(answer(status, { 'retry-after': date }).retryAfterMs).toBe(60_000);
  expect(answer(status, { 'retry-after': 'soon' }).retryAfterMs).toBeUndefined();
});

test('other answers have no say in when the next try is', () => {
  expect(answer(500, { 'retry-after': '7' })).toEqual({ outcome: 'failed' });
});

test('no answer is a failure', () => {
  expect(judgeDelivery({ kind: 'none' }, 0)).toEqual({ outcome: 'failed' });
});
