import { expect, test } from 'vitest';
import { createUploadPace } from './upload-pace.ts';

const CHUNK = new Uint8Array(10_000);

async function* chunks(count: number): AsyncGenerator<Uint8Array> {
  for (let number = 0; number < count; number += 1) yield CHUNK;
}

async function readAll(source: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of source) bytes += chunk.length;
  return bytes;
}

test('two uploads at a time share one pace, and nothing of them is lost', async () => {
  const pace = createUploadPace(1_000_000, () => performance.now());
  const startedAt = performance.now();
  const bytes = await Promise.all([readAll(pace(chunks(10))), readAll(pace(chunks(10)))]);
  expect(bytes).toEqual([100_000, 100_000]);
  // 200 kB at 1 MB/s; the last pauses may be too short to be made.
  expect(performance.now() - startedAt).toBeGreaterThan(180);
});

test('an upload slower than the pace is not held up', async () => {
  let now = 0;
  const pace = createUploadPace(1_000_000, () => (now += 100));
  const startedAt = performance.now();
  await readAll(pace(chunks(50)));
  expect(performance.now() - startedAt).toBeLessThan(400);
});

test('who stops reading ends the source', async () => {
  let ended = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield CHUNK;
    } finally {
      ended = true;
    }
  }
  const pace = createUploadPace(1e9, () => performance.now());
  for await (const chunk of pace(endless())) {
    expect(chunk).toBe(CHUNK);
    break;
  }
  expect(ended).toBe(true);
});
