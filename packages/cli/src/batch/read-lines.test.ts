import { expect, test } from 'vitest';
import { readLines } from './read-lines.ts';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function linesOf(text: string, size: number) {
  const lines = [];
  for await (const { number, bytes, offset } of readLines(inPieces(Buffer.from(text), size))) {
    lines.push({ number, text: bytes.toString(), offset });
  }
  return lines;
}

test.each([1, 3, 1000])(
  'lines are the same however the bytes come (%i at a time)',
  async (size) => {
    expect(await linesOf('one\r\n\nthrée\u2028still three\nlast', size)).toEqual([
      { number: 1, text: 'one', offset: 0 },
      { number: 2, text: '', offset: 5 },
      { number: 3, text: 'thrée\u2028still three', offset: 6 },
      { number: 4, text: 'last', offset: 27 },
    ]);
  },
);

test('a line feed at the end makes no further line', async () => {
  expect(await linesOf('one\n', 2)).toHaveLength(1);
  expect(await linesOf('', 2)).toEqual([]);
});
