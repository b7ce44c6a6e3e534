import type { BatchCursor } from '@understudy/batch-store';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** One line of an input, blank ones included. */
export interface InputLine {
  /** Counts from 1. */
  number: number;
  /** Where the line after it begins. */
  next: number;
  /** Without its end; undefined of a line that is longer than allowed, and was not held. */
  bytes: Buffer | undefined;
}

/**
 * The lines of a JSONL file from a place on: LF or CRLF, with or without one at the end, a byte
 * order mark at the beginning passed over. Holds no more than one line, and that not beyond
 * `maxBytes`.
 */
export async function* splitLines(
  source: AsyncIterable<Buffer>,
  from: BatchCursor,
  maxBytes: number,
): AsyncGenerator<InputLine> {
  let number = from.line;
  let offset = from.byte;
  let held: Buffer[] = [];
  let length = 0;
  const hold = (piece: Buffer): void => {
    length += piece.length;
    if (length <= maxBytes) held.push(piece);
    else held = [];
  };
  const take = (): InputLine => {
    const bytes = length <= maxBytes ? trimmed(Buffer.concat(held), number === 0) : undefined;
    number += 1;
    held = [];
    length = 0;
    return { number, next: offset, bytes };
  };

  for await (const chunk of source) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end === -1) break;
      hold(chunk.subarray(start, end));
      offset += end + 1 - start;
      start = end + 1;
      yield take();
    }
    hold(chunk.subarray(start));
    offset += chunk.length - start;
  }
  if (length > 0) yield take();
}

function trimmed(line: Buffer, isFirst: boolean): Buffer {
  const start = isFirst && line.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  const end = line.at(-1) === RETURN ? line.length - 1 : line.length;
  return line.subarray(start, Math.max(start, end));
}

export function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === RETURN);
}
