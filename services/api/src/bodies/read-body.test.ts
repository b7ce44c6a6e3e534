import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { bodyReader } from './read-body.ts';

const PACE = { graceMs: 40, bytesPerSecond: 100_000 };

const readBody = bodyReader(PACE);

function read(body: PassThrough, mostBytes = 1000, statedBytes = Number.NaN) {
  return readBody(body, { mostBytes, statedBytes });
}

test('a body is read whole, however it is cut', async () => {
  const body = new PassThrough();
  const reading = read(body);
  for (const piece of ['{"a"', ':', '"ü"}']) body.write(piece);
  body.end();
  expect((await reading).toString()).toBe('{"a":"ü"}');
});

test('a body that stops coming is too slow once its grace is over', async () => {
  const body = new PassThrough();
  body.write('{');
  const startedAt = performance.now();
  await expect(read(body)).rejects.toMatchObject({ code: 'request_timeout', status: 408 });
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(PACE.graceMs);
});

test('a body that comes byte by byte is too slow, though it never stops', async () => {
  const body = new PassThrough();
  const dripping = setInterval(() => body.write('a'), 5);
  await expect(read(body)).rejects.toMatchObject({ code: 'request_timeout' });
  clearInterval(dripping);
});

test('a body that keeps its pace may take longer than its grace', async () => {
  const body = new PassThrough();
  const startedAt = performance.now();
  const coming = setInterval(() => {
    if (performance.now() - startedAt < 4 * PACE.graceMs) body.write(Buffer.alloc(5000));
    else body.end();
  }, 5);
  expect((await read(body, 10_000_000)).length).toBeGreaterThan(50_000);
  expect(performance.now() - startedAt).toBeGreaterThan(3 * PACE.graceMs);
  clearInterval(coming);
});

test('a body that says it is too large is refused unread, one that does not as soon as it is', async () => {
  await expect(read(new PassThrough(), 10, 11)).rejects.toMatchObject({ code: 'body_too_large' });
  const body = new PassThrough();
  const reading = read(body, 10);
  body.write('x'.repeat(11));
  await expect(reading).rejects.toMatchObject({ code: 'body_too_large', status: 413 });
});

test.each([
  ['breaks', (body: PassThrough) => body.destroy(new Error('aborted'))],
  ['is closed early', (body: PassThrough) => body.destroy()],
])('a body that %s is no fault of ours', async (_how, end) => {
  const body = new PassThrough();
  const reading = read(body);
  body.write('{');
  end(body);
  await expect(reading).rejects.toMatchObject({ code: 'invalid_request', status: 400 });
});
