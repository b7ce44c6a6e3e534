import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cooldownDelayMs } from './cooldown-delay.ts';

const MAX_MS = 3_600_000;
const least = () => 0;
const most = () => 1 - Number.EPSILON;

test.each([1, 2])(
  'at failure %i in a row a stated delay is kept as it is, up to the longest, whatever was before',
  (streak) => {
    const row = { failures: 13, streak, restBeforeMs: 100 };
    const stated = (retryAfterMs: number) =>
      cooldownDelayMs({ retryAfterMs, baseMs: 2000, ...row, maxMs: MAX_MS, random: most });
    expect(stated(350)).toBe(350);
    expect(stated(7350)).toBe(7350);
    expect(stated(86_400_000)).toBe(MAX_MS);
  },
);

test.each([0, 1000, 5000])(
  'a stated delay of %i ms that does not suffice grows, so that hours cost few calls and the end is noticed soon',
  (retryAfterMs) => {
    const rests: number[] = [];
    const shares: number[] = [];
    for (let passedMs = 0; passedMs < 6 * MAX_MS; passedMs += rests.at(-1)!) {
      const restMs = cooldownDelayMs({
        retryAfterMs,
        baseMs: 2000,
        failures: 13,
        streak: rests.length + 1,
        restBeforeMs: rests.at(-1) ?? 0,
        maxMs: MAX_MS,
        random: most,
      });
      rests.push(restMs);
      shares.push(restMs / Math.max(1, passedMs));
    }
    expect(rests[2]).toBe(Math.max(100, retryAfterMs) * 1.25);
    expect(Math.max(...shares.slice(4))).toBeLessThan(0.5);
    expect(shares.length).toBeLessThan(60);
  },
);

test.each([
  ['longer than others', 60_000, 135_000, 168_750],
  ['longer than the rests', 600_000, 135_000, 600_000],
  ['shortly after a far longer rest', 1000, 2_400_000, Math.round(1000 * 1.25 ** 22)],
])(
  'late in an outage a delay stated %s rests for no longer than stated, or a quarter more than before',
  (_which, retryAfterMs, restBeforeMs, expected) => {
    const row = { baseMs: 2000, failures: 24, streak: 24, restBeforeMs };
    expect(cooldownDelayMs({ retryAfterMs, ...row, maxMs: MAX_MS, random: most })).toBe(expected);
  },
);

test('a target that asks for no delay is still left alone for a moment', () => {
  const options = { baseMs: 2000, failures: 1, streak: 1, restBeforeMs: 0, maxMs: MAX_MS };
  expect(cooldownDelayMs({ ...options, retryAfterMs: 0, random: least })).toBe(100);
});

test('without a stated delay the ceiling doubles with each failure', () => {
  const options = { baseMs: 2000, streak: 1, restBeforeMs: 0, maxMs: MAX_MS };
  const ceilings = [0, 1, 2, 3, 4].map((failures) =>
    cooldownDelayMs({ ...options, failures, random: most }),
  );
  expect(ceilings).toEqual([2000, 2000, 4000, 8000, 16_000]);
  const floors = [1, 2].map((failures) => cooldownDelayMs({ ...options, failures, random: least }));
  expect(floors).toEqual([200, 400]);
});

test('no delay leaves its limits', () => {
  const options = fc.record(
    {
      baseMs: fc.integer({ min: 1, max: 1e7 }),
      retryAfterMs: fc.integer({ min: 0, max: 1e9 }),
      failures: fc.integer({ min: 0, max: 5000 }),
      streak: fc.integer({ min: 0, max: 5000 }),
      restBeforeMs: fc.integer({ min: 0, max: 1e9 }),
      maxMs: fc.integer({ min: 100, max: MAX_MS }),
      drawn: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    },
    { requiredKeys: ['baseMs', 'failures', 'streak', 'restBeforeMs', 'maxMs', 'drawn'] },
  );
  fc.assert(
    fc.property(options, ({ drawn, ...rest }) => {
      const delayMs = cooldownDelayMs({ ...rest, random: () => drawn });
      expect(delayMs).toBeGreaterThanOrEqual(100);
      expect(delayMs).toBeLessThanOrEqual(rest.maxMs);
    }),
  );
});
