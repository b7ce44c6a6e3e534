import { array, assert, integer, nat, property } from 'fast-check';
import { expect, test } from 'vitest';
import { uncountedLines } from './uncounted-lines.ts';

test('the lines whose bit is not set are told, whatever else is set', () => {
  assert(
    property(array(nat(200)), integer({ min: 0, max: 200 }), (counted, last) => {
      const bitmap = Buffer.alloc(20);
      for (const line of counted) {
        if (line < 160) bitmap[line >> 3] = (bitmap[line >> 3] ?? 0) | (0x80 >> (line & 7));
      }
      const known = new Set(counted.filter((line) => line < 160));
      const expected = Array.from({ length: last }, (_, index) => index + 1);
      expect(uncountedLines(bitmap, last)).toEqual(expected.filter((line) => !known.has(line)));
    }),
  );
});
