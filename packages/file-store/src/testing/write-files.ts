import { openPlace } from './bytes-place.ts';
import type { PlaceDescription } from './bytes-place.ts';
import { patternOf } from './pattern.ts';
import type { WriterTask } from './writer-process.ts';

const PIECE_BYTES = 64 * 1024;
const FIRST_BYTES = 50 * 1024 * 1024;
const KB = 1024;

const [place = '', task = ''] = process.argv.slice(2);
const description: PlaceDescription = JSON.parse(place);
const { mode, bytes: size }: WriterTask = JSON.parse(task);
const { bytes } = openPlace(description);

async function* pieces(seed: number, total: number): AsyncGenerator<Buffer> {
  const whole = mode === 'many' ? patternOf(seed, total) : undefined;
  for (let start = 0; start < total; start += PIECE_BYTES) {
    const length = Math.min(PIECE_BYTES, total - start);
    yield whole?.subarray(start, start + length) ?? Buffer.alloc(length, start / PIECE_BYTES);
  }
}

async function readLength(key: string): Promise<number> {
  let length = 0;
  for await (const chunk of (await bytes.read(key)) ?? []) length += chunk.length;
  return length;
}

if (mode === 'many') {
  for (let index = 0; ; index += 1) {
    const key = `p/file-${index}/part-${index}`;
    await bytes.write(key, pieces(index, size));
    process.send?.(key);
  }
}

// What the first calls load, and the garbage that Node lets gather, counts for no file.
await bytes.write('p/first/part', pieces(0, FIRST_BYTES));
await readLength('p/first/part');
const before = process.resourceUsage().maxRSS;
const { bytes: written } = await bytes.write('p/large/part', pieces(0, size));
const read = await readLength('p/large/part');
const grownBytes = (process.resourceUsage().maxRSS - before) * KB;
process.send?.({ written, read, grownBytes }, () => {
  process.disconnect();
});
