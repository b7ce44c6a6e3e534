import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { splitLines } from './split-lines.ts';
import type { InputLine } from './split-lines.ts';

/** The text in pieces of so many bytes, as storage may give it. */
async function split(
  text: string,
  pieceBytes: number,
  from = { line: 0, byte: 0 },
  maxBytes = 100,
): Promise<InputLine[]> {
  const bytes = Buffer.from(text).subarray(from.byte);
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
  const lines: InputLine[] = [];
  for await (const line of splitLines(Readable.from(pieces), from, maxBytes)) lines.push(line);
  return lines;
}

const texts = (lines: InputLine[]) => lines.map(({ bytes }) => bytes?.toString());

test.each([1, 2, 3, 7, 1000])('lines are the same in pieces of %i bytes', async (pieceBytes) => {
  const lines = await split('\ufeffone\r\n\nthrée\n  \nlast', pieceBytes);
  expect(texts(lines)).toEqual(['one', '', 'thrée', '  ', 'last']);
  expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
});

test('a file may end its last line, or not', async () => {
  expect(texts(await split('a\nb\n', 2))).toEqual(['a', 'b']);
  expect(texts(await split('a\nb', 2))).toEqual(['a', 'b']);
  expect(await split('', 2)).toEqual([]);
});

test('whoever goes on after any line gets the same lines', async () => {
  const text = 'one\r\n\nthrée\nfour\n';
  const all = await split(text, 4);
  for (const [index, { number, next }] of all.entries()) {
    expect(await split(text, 3, { line: number, byte: next })).toEqual(all.slice(index + 1));
  }
});

test('a line beyond the limit is not held, and those after it are read', async () => {
  const lines = await split(`${'x'.repeat(500)}\nok\n${'y'.repeat(101)}\n${'z'.repeat(100)}`, 30);
  expect(texts(lines)).toEqual([undefined, 'ok', undefined, 'z'.repeat(100)]);
});
