import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSealer, parseEncryptionKeys } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { expect, onTestFinished, test } from 'vitest';
import type { FileBytes } from './file-bytes.ts';
import { createFolderBytes } from './folder-bytes.ts';
import { readParts } from './read-parts.ts';
import { createSealedBytes } from './sealed-bytes.ts';
import { RECORD_BYTES } from './sealed-records.ts';
import { patternOf } from './testing/pattern.ts';

const KEY = 'p/file-1/part';

const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const sealerOf = (...keys: string[]): Sealer => createSealer(parseEncryptionKeys(keys.join(' ')));

interface SealedFolder {
  path: string;
  open(sealer: Sealer): FileBytes;
}

async function newFolder(): Promise<SealedFolder> {
  const path = await mkdtemp(join(tmpdir(), 'understudy-sealed-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return { path, open: (sealer) => createSealedBytes(createFolderBytes(path), sealer) };
}

async function* inPieces(content: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

async function readAll(bytes: FileBytes, key: string, range?: { start: number; end?: number }) {
  const stream = await bytes.read(key, range);
  return stream === undefined ? undefined : Buffer.concat(await stream.toArray());
}

async function drain<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function storedBytes(path: string): Promise<Buffer> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Buffer.concat(
    await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name)))),
  );
}

const LENGTHS = [0, 1, RECORD_BYTES - 1, RECORD_BYTES, RECORD_BYTES + 1, 5 * RECORD_BYTES + 17];

test.each(LENGTHS)(
  'of %i encrypted bytes every range reads as it would in the clear',
  async (length) => {
    const { open } = await newFolder();
    const bytes = open(sealerOf(newKey('k1')));
    const content = patternOf(1, length);
    const written = await bytes.write(KEY, inPieces(content, 100_003));
    expect(written).toEqual({
      key: `${KEY}.sealed`,
      bytes: length,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    expect((await readAll(bytes, written.key))?.equals(content)).toBe(true);
    const edges = [
      0,
      1,
      RECORD_BYTES - 1,
      RECORD_BYTES,
      RECORD_BYTES + 1,
      length - 1,
      length,
      length + 1,
    ];
    for (const start of edges.filter((edge) => edge >= 0)) {
      for (const end of [undefined, ...edges.filter((edge) => edge >= 0)]) {
        const range = { start, ...(end === undefined ? {} : { end }) };
        const expected = content.subarray(start, Math.max(start, end ?? length));
        const found = await readAll(bytes, written.key, range);
        expect({ range, same: found?.equals(expected) }).toEqual({ range, same: true });
      }
    }
  },
);

test('no byte of a content stands in the folder, and a content without a key is read as before', async () => {
  const { path, open } = await newFolder();
  const canary = Buffer.from('canary-of-a-prompt');
  const before = await open(createSealer([])).write(
    'p/file-0/part',
    inPieces(Buffer.from('in the clear'), 5),
  );
  const bytes = open(sealerOf(newKey('k1')));
  const content = Buffer.concat([
    Buffer.alloc(RECORD_BYTES - 5, 1),
    canary,
    Buffer.alloc(50, 2),
    canary,
  ]);
  const { key } = await bytes.write(KEY, inPieces(content, 7000));
  const stored = await storedBytes(path);
  expect([stored.includes(canary), stored.includes('in the clear')]).toEqual([false, true]);
  expect((await readAll(bytes, key))?.equals(content)).toBe(true);
  expect(String(await readAll(bytes, before.key))).toBe('in the clear');
});

test('a key that is missing is named, with a rotated key in its place and without any', async () => {
  const { open } = await newFolder();
  const [first, second] = [newKey('k1'), newKey('k2')];
  const { key } = await open(sealerOf(first)).write(KEY, inPieces(Buffer.from('old'), 2));
  expect(String(await readAll(open(sealerOf(second, first)), key))).toBe('old');
  for (const sealer of [sealerOf(second), createSealer([])]) {
    await expect(readAll(open(sealer), key, { start: 1, end: 2 })).rejects.toThrow(/the key "k1"/);
  }
});

test('records that were moved, left out or taken from another file do not read', async () => {
  const { path, open } = await newFolder();
  const bytes = open(sealerOf(newKey('k1')));
  const content = patternOf(2, 3 * RECORD_BYTES);
  const { key } = await bytes.write(KEY, inPieces(content, RECORD_BYTES));
  const other = await bytes.write('p/file-2/part', inPieces(content, RECORD_BYTES));
  const stored = join(path, key);
  const sealed = await readFile(stored);
  const third = sealed.length / 3;
  const [one, two, three] = [0, 1, 2].map((index) =>
    sealed.subarray(index * third, (index + 1) * third),
  );
  const forged = [
    Buffer.concat([two!, one!, three!]),
    Buffer.concat([one!, three!]),
    Buffer.concat([one!, two!, three!.subarray(0, -1)]),
    await readFile(join(path, other.key)),
    patternOf(3, sealed.length),
  ];
  for (const bad of forged) {
    await writeFile(stored, bad);
    await expect(readAll(bytes, key)).rejects.toThrow(/changed/);
  }
  // Cut between two records, it is found short by what its record says of its length.
  await writeFile(stored, sealed.subarray(0, 2 * third));
  const parts = readParts(bytes, [{ key, bytes: content.length }], 0);
  await expect(drain(parts)).rejects.toMatchObject({ code: 'unavailable' });
});

test('a source that fails or is too long leaves nothing, told with its own error', async () => {
  const { path, open } = await newFolder();
  const bytes = open(sealerOf(newKey('k1')));
  const failure = new Error('the caller hung up');
  const failing = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.alloc(3 * RECORD_BYTES);
    throw failure;
  };
  await expect(bytes.write(KEY, failing())).rejects.toBe(failure);
  const tooLong = bytes.write(KEY, inPieces(Buffer.alloc(1000), 100), { maxBytes: 999 });
  await expect(tooLong).rejects.toMatchObject({
    code: 'body_too_large',
    message: expect.stringContaining('999 bytes'),
  });
  expect((await storedBytes(path)).length).toBe(0);
  const exact = await bytes.write(KEY, inPieces(Buffer.alloc(1000), 100), { maxBytes: 1000 });
  expect(exact.bytes).toBe(1000);
});

test('what is not there is undefined; what is there is listed and removed by its key', async () => {
  const { open } = await newFolder();
  const bytes = open(sealerOf(newKey('k1')));
  expect(await bytes.read(`${KEY}.sealed`)).toBeUndefined();
  expect(await bytes.read(`${KEY}.sealed`, { start: 5, end: 5 })).toBeUndefined();
  const { key } = await bytes.write(KEY, inPieces(Buffer.from('x'), 1));
  const listed = await drain(bytes.list('p/'));
  expect(listed.map((found) => found.key)).toEqual([key]);
  await bytes.remove([key]);
  expect(await bytes.read(key)).toBeUndefined();
});

test('a reader that stops early closes what it reads from', async () => {
  const { path, open } = await newFolder();
  const sealer = sealerOf(newKey('k1'));
  const content = patternOf(4, 40 * RECORD_BYTES);
  const { key } = await open(sealer).write(KEY, inPieces(content, RECORD_BYTES));
  const folder = createFolderBytes(path);
  const closed = Promise.withResolvers<void>();
  const watched: FileBytes = {
    ...folder,
    read: async (wanted, range) => {
      const stream = await folder.read(wanted, range);
      stream?.once('close', closed.resolve);
      return stream;
    },
  };
  const stream = await createSealedBytes(watched, sealer).read(key);
  for await (const chunk of stream ?? []) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  await closed.promise;
});
