/** Lines from 1 to `last` whose bit is not set, as Redis lays bitmaps out: the highest bit first. */
export function uncountedLines(bitmap: Uint8Array, last: number): number[] {
  const lines: number[] = [];
  for (let line = 1; line <= last; line += 1) {
    const byte = bitmap[line >> 3] ?? 0;
    // Most bytes of a batch that runs are full.
    if (byte === 0xff) line |= 7;
    else if ((byte & (0x80 >> (line & 7))) === 0) lines.push(line);
  }
  return lines;
}
