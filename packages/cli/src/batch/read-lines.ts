/** A line without its end. */
export interface Line {
  /** Counts from 1, empty lines included. */
  number: number;
  bytes: Buffer;
  /** Of the line's first byte. */
  offset: number;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * Splits bytes at line feeds and nowhere else: node:readline would also split at U+2028, which may
 * stand raw in a JSON string. Holds one line at a time.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let number = 0;
  let offset = 0;
  let open: Buffer[] = [];
  let openLength = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, from);
      if (end === -1) break;
      open.push(chunk.subarray(from, end));
      const whole = open.length === 1 ? (open[0] ?? chunk) : Buffer.concat(open);
      number += 1;
      yield { number, bytes: withoutReturn(whole), offset };
      offset += whole.length + 1;
      open = [];
      openLength = 0;
      from = end + 1;
    }
    if (from === chunk.length) continue;
    open.push(chunk.subarray(from));
    openLength += chunk.length - from;
  }
  if (openLength === 0) return;
  yield { number: number + 1, bytes: withoutReturn(Buffer.concat(open)), offset };
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === RETURN ? line.subarray(0, -1) : line;
}
