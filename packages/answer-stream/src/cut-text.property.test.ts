import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutText } from './cut-text.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 2000 }),
  fc.string({ unit: 'binary', maxLength: 2000 }),
);

test('the pieces of a text are the text again, and none is empty', () => {
  fc.assert(
    fc.property(text, (whole) => {
      const pieces = [...cutText(whole)];
      expect(pieces.join('')).toBe(whole);
      expect(pieces).not.toContain('');
    }),
  );
});

test('no piece of a well-formed text holds half a character', () => {
  fc.assert(
    fc.property(text, (whole) => {
      fc.pre(whole.isWellFormed());
      for (const piece of cutText(whole)) expect(piece.isWellFormed()).toBe(true);
    }),
  );
});

test('a family of four stays together', () => {
  const family = '👩‍👩‍👧‍👦';
  for (const piece of cutText(family.repeat(200))) {
    expect(piece.replaceAll(family, '')).toBe('');
  }
});

test('a text that is one endless grapheme is cut all the same', () => {
  const whole = `a${'\u0301'.repeat(500)}`;
  const pieces = [...cutText(whole)];
  expect(pieces.length).toBeGreaterThan(5);
  expect(pieces.join('')).toBe(whole);
});

test('a text comes in a bounded number of pieces, however long it is', () => {
  expect([...cutText('word '.repeat(1_000_000))].length).toBeLessThanOrEqual(1100);
});
