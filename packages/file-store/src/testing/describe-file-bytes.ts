import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { FileBytes } from '../file-bytes.ts';
import type { BytesPlace } from './bytes-place.ts';
import { patternOf } from './pattern.ts';
import { startWriter } from './writer-process.ts';

const DAY_MS = 86_400_000;
/** More than the AWS SDK's clients have connections unless told, and than parts that are merged at a time. */
const READ_AT_ONCE = 70;
const LARGE_BYTES = 200 * 1024 * 1024;
/** Past what a first 50 MB left for the garbage collector to find. */
const MOST_GROWTH_BYTES = 50 * 1024 * 1024;

async function readAll(bytes: FileBytes, key: string, range?: { start: number; end?: number }) {
  const stream = await bytes.read(key, range);
  return stream === undefined ? undefined : Buffer.concat(await stream.toArray());
}

async function keysBelow(bytes: FileBytes, prefix: string): Promise<string[]> {
  const keys = [];
  for await (const { key } of bytes.list(prefix)) keys.push(key);
  return keys.toSorted();
}

async function* failingSource(error: Error): AsyncGenerator<Buffer> {
  for (let piece = 0; piece < 24; piece += 1) yield Buffer.alloc(512 * 1024, piece);
  throw error;
}

const reportSchema = z.object({ written: z.int(), read: z.int(), grownBytes: z.int() });

const HOSTILE_KEYS = [
  '',
  '.',
  '..',
  '/',
  '/etc/passwd',
  '../p/a',
  'p/../../a',
  'p//a',
  'p/.hidden',
  'p/a/',
  'p/a\0b',
  'p\\..\\a',
  'p/a b',
  'p/ä',
  'p/%2e%2e/a',
  'p/a\n',
  `p/${'a'.repeat(300)}`,
];

/** What every place where files live keeps, run against a real one. */
export function describeFileBytes(
  place: 'a folder' | 'a bucket',
  openPlace: () => Promise<BytesPlace>,
): void {
  const open = async (): Promise<FileBytes> => (await openPlace()).bytes;

  describe(`bytes in ${place}`, () => {
    test('what was written is read back, with its size and its hash', async () => {
      const bytes = await open();
      const pieces = ['first ', 'second ', 'third'].map((text) => Buffer.from(text));
      const whole = Buffer.concat(pieces);
      expect(await bytes.write('p/file-1/part', iterate(pieces))).toEqual({
        key: 'p/file-1/part',
        bytes: whole.length,
        sha256: createHash('sha256').update(whole).digest('hex'),
      });
      expect(await readAll(bytes, 'p/file-1/part')).toEqual(whole);
    });

    test.each([
      [{ start: 3 }, '3456789'],
      [{ start: 0, end: 4 }, '0123'],
      [{ start: 4, end: 5 }, '4'],
      [{ start: 8, end: 99 }, '89'],
      [{ start: 10 }, ''],
      [{ start: 99 }, ''],
      [{ start: 5, end: 5 }, ''],
    ])('of ten digits the range %j is "%s"', async (range, expected) => {
      const bytes = await open();
      await bytes.write('p/file-1/part', iterate([Buffer.from('0123456789')]));
      expect(String(await readAll(bytes, 'p/file-1/part', range))).toBe(expected);
    });

    test('nothing at all is a file too', async () => {
      const bytes = await open();
      expect((await bytes.write('p/file-1/part', iterate([]))).bytes).toBe(0);
      expect(await readAll(bytes, 'p/file-1/part')).toEqual(Buffer.alloc(0));
      expect(await readAll(bytes, 'p/file-1/part', { start: 0 })).toEqual(Buffer.alloc(0));
    });

    test('writing again replaces the whole', async () => {
      const bytes = await open();
      await bytes.write('p/file-1/part', iterate([Buffer.from('a long first content')]));
      await bytes.write('p/file-1/part', iterate([Buffer.from('second')]));
      expect(String(await readAll(bytes, 'p/file-1/part'))).toBe('second');
      expect(await keysBelow(bytes, 'p/')).toEqual(['p/file-1/part']);
    });

    test('of many who write one key at the same time one wins, whole', async () => {
      const bytes = await open();
      const contents = Array.from({ length: 8 }, (_, index) => patternOf(index, 700_000));
      await Promise.all(
        contents.map((content) => bytes.write('p/file-1/part', iterate([content]))),
      );
      const found = await readAll(bytes, 'p/file-1/part');
      expect(contents.some((content) => found?.equals(content))).toBe(true);
    });

    test('a source that fails leaves nothing, and what stood there stands', async () => {
      const bytes = await open();
      await bytes.write('p/file-1/part', iterate([Buffer.from('kept')]));
      const error = new Error('the caller hung up');
      for (const key of ['p/file-1/part', 'p/file-2/part']) {
        await expect(bytes.write(key, failingSource(error))).rejects.toBe(error);
      }
      expect(await keysBelow(bytes, 'p/')).toEqual(['p/file-1/part']);
      expect(String(await readAll(bytes, 'p/file-1/part'))).toBe('kept');
    });

    test('a source longer than allowed is refused by its limit, and leaves nothing', async () => {
      const bytes = await open();
      const write = (maxBytes: number) =>
        bytes.write('p/file-1/part', iterate([Buffer.alloc(600), Buffer.alloc(400)]), { maxBytes });
      await expect(write(999)).rejects.toMatchObject({
        code: 'body_too_large',
        message: expect.stringContaining('999 bytes'),
      });
      expect(await keysBelow(bytes, 'p/')).toEqual([]);
      expect((await write(1000)).bytes).toBe(1000);
    });

    test('what is not there is undefined, and removing it is no error', async () => {
      const bytes = await open();
      await bytes.write('p/file-1/part', iterate([Buffer.from('here')]));
      await bytes.write('p/file-1/other', iterate([Buffer.from('here too')]));
      expect(await bytes.read('p/file-2/part')).toBeUndefined();
      await bytes.remove(['p/file-1/part', 'p/file-2/part', 'q/file-1/part']);
      expect(await bytes.read('p/file-1/part')).toBeUndefined();
      expect(String(await readAll(bytes, 'p/file-1/other'))).toBe('here too');
      await bytes.remove(['p/file-1/other']);
      await bytes.write('p/file-1/part', iterate([Buffer.from('again')]));
      expect(String(await readAll(bytes, 'p/file-1/part'))).toBe('again');
    });

    test('however many are read at a time and not yet to their end, others are read and written', async () => {
      const bytes = await open();
      const keys = Array.from({ length: READ_AT_ONCE }, (_, index) => `p/file-${index}/part`);
      for (const key of keys) await bytes.write(key, iterate([Buffer.from(key)]));
      const streams = await Promise.all(keys.map((key) => bytes.read(key)));
      await bytes.write('p/file-last/part', iterate([Buffer.from('written')]));
      expect(String(await readAll(bytes, 'p/file-last/part'))).toBe('written');
      for (const stream of streams) stream?.destroy();
    });

    test('a list holds what stands below its prefix, with the time of its change', async () => {
      const bytes = await open();
      const begun = Date.now();
      const keys = ['p/file-1/a', 'p/file-1/b', 'p/file-2/a', 'pp/file-1/a'];
      for (const key of keys) await bytes.write(key, iterate([Buffer.from(key)]));
      expect(await keysBelow(bytes, 'p/')).toEqual(keys.slice(0, 3));
      expect(await keysBelow(bytes, 'p/file-1/')).toEqual(keys.slice(0, 2));
      expect(await keysBelow(bytes, 'q/')).toEqual([]);
      for await (const { changedAt } of bytes.list('p/')) {
        // Some places keep whole seconds.
        expect(changedAt).toBeGreaterThanOrEqual(begun - 2000);
        expect(changedAt).toBeLessThanOrEqual(Date.now() + 2000);
      }
    });

    test.each(HOSTILE_KEYS)('the key %j is refused', async (key) => {
      const bytes = await open();
      const refused = expect.objectContaining({ name: 'TypeError' });
      await expect(bytes.write(key, iterate([Buffer.from('x')]))).rejects.toEqual(refused);
      await expect(bytes.read(key)).rejects.toEqual(refused);
      await expect(bytes.remove(['p/fine', key])).rejects.toEqual(refused);
    });

    test('a place that works passes its check and is as empty as before', async () => {
      const bytes = await open();
      await bytes.check();
      await bytes.removeAbandoned(Date.now() + DAY_MS, () => true);
      expect(await keysBelow(bytes, 'p/')).toEqual([]);
    });

    test('those who use a place know of each other by marks, which are no keys in it', async () => {
      const bytes = await open();
      expect(await bytes.mark('one')).toEqual(['one']);
      expect((await bytes.mark('two')).toSorted()).toEqual(['one', 'two']);
      expect((await bytes.mark('one')).toSorted()).toEqual(['one', 'two']);
      await expect(bytes.read('.place/one')).rejects.toThrow(TypeError);
    });

    test('a writer killed in the middle leaves whole files alone', async () => {
      const { bytes, description } = await openPlace();
      const writer = startWriter(description, { mode: 'many', bytes: 6 * 1024 * 1024 });
      const reported: string[] = [];
      // The third report comes as the fourth file is being written.
      for await (const [key] of writer.reports()) {
        reported.push(String(key));
        if (reported.length === 3) break;
      }
      writer.process.kill('SIGKILL');
      await once(writer.process, 'exit');
      const found = await keysBelow(bytes, 'p/');
      expect(found).toEqual(expect.arrayContaining(reported));
      for (const key of found) {
        const expected = patternOf(Number(key.split('-').at(-1)), 6 * 1024 * 1024);
        expect((await readAll(bytes, key))?.equals(expected)).toBe(true);
      }
      await bytes.removeAbandoned(Date.now() + DAY_MS, () => true);
      expect(await keysBelow(bytes, 'p/')).toEqual(found);
    }, 30_000);

    test('200 MB go in and out without being held in memory', async () => {
      const { description } = await openPlace();
      const writer = startWriter(description, { mode: 'large', bytes: LARGE_BYTES });
      const exited = once(writer.process, 'exit');
      const [message] = await once(writer.process, 'message');
      const report = reportSchema.parse(message);
      await exited;
      expect(report).toMatchObject({ written: LARGE_BYTES, read: LARGE_BYTES });
      expect(report.grownBytes).toBeLessThan(MOST_GROWTH_BYTES);
    }, 60_000);
  });
}

async function* iterate(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}
