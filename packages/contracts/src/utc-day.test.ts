import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { utcDay } from './utc-day.ts';

test('a day ends with its last millisecond', () => {
  const midnight = Date.UTC(2026, 10, 23);
  expect(utcDay(midnight - 1)).toBe('2026-11-22');
  expect(utcDay(midnight)).toBe('2026-11-23');
  expect(utcDay(midnight - 1)).toBe('2026-11-22');
});

test('the day of an instant is that of its date, whichever was asked for before', () => {
  const instants = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) });
  fc.assert(
    fc.property(instants, (date) => {
      expect(utcDay(date.getTime())).toBe(date.toISOString().slice(0, 10));
    }),
  );
});
