import { randomFillSync } from 'node:crypto';

/** Drawn at a time: asking for a few bytes takes as long as asking for hundreds. */
const DRAWN_BYTES = 4096;

const drawn = Buffer.alloc(DRAWN_BYTES);
let spent = DRAWN_BYTES;

/** As many random bytes, 4096 at most, as hexadecimal digits. No byte is given out twice. */
export function randomHex(bytes: number): string {
  if (spent + bytes > DRAWN_BYTES) {
    randomFillSync(drawn);
    spent = 0;
  }
  const start = spent;
  spent += bytes;
  return drawn.toString('hex', start, spent);
}
