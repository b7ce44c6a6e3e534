import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createSealer, parseEncryptionKeys } from '@understudy/sealing';
import { expect, test, vi } from 'vitest';
import { fileKeys, placeKey } from './file-keys.ts';
import { contentOf, fileIdOf, openFileScene } from './testing/file-scene.ts';

const DAY_MS = 86_400_000;
const KEYS = parseEncryptionKeys(`k1:${randomBytes(32).toString('base64')}`);

test('what has expired goes, with its bytes, and nothing else does', async () => {
  const { files, upload, readText, keysBelow } = await openFileScene();
  const now = Date.now();
  await upload(1, 'a', { expiresAt: now + 1000 });
  await upload(2, 'b', { expiresAt: now + 1001 });
  await upload(3, 'c');
  expect(await files.sweep(now + 1000)).toEqual({ expired: 1, orphaned: 0 });
  expect(await files.read('acme', fileIdOf(1))).toBeUndefined();
  expect(await keysBelow('acme/')).toHaveLength(2);
  expect(await files.sweep(now + 10 * DAY_MS)).toEqual({ expired: 1, orphaned: 0 });
  expect(await readText(fileIdOf(3))).toBe('c');
});

test('a file that is kept longer expires then, and none expires earlier for it', async () => {
  const { files, upload } = await openFileScene({ sealer: createSealer(KEYS) });
  const now = Date.now();
  const { record } = await upload(1, 'a', { expiresAt: now + 1000 });
  await upload(2, 'b', { expiresAt: now + 9000 });
  await upload(3, 'c');
  for (const number of [1, 2, 3]) {
    expect(await files.keepUntil('acme', fileIdOf(number), now + 5000)).toBe(true);
  }
  expect(await files.read('acme', fileIdOf(1))).toMatchObject({
    record: { ...record, expires_at: now + 5000 },
  });
  expect(await files.sweep(now + 4999)).toEqual({ expired: 0, orphaned: 0 });
  expect(await files.sweep(now + 5000)).toEqual({ expired: 1, orphaned: 0 });
  expect(await files.keepUntil('acme', fileIdOf(1), now + 9000)).toBe(false);
  expect(await files.sweep(now + 9000)).toEqual({ expired: 1, orphaned: 0 });
  expect((await files.read('acme', fileIdOf(3)))?.record).not.toHaveProperty('expires_at');
});

test('a file that is put off expires then, whatever its record says, and none earlier for it', async () => {
  const { files, redis, keyPrefix, upload, readText } = await openFileScene();
  const now = Date.now();
  await upload(1, 'a', { expiresAt: now + 1000 });
  await upload(2, 'b', { expiresAt: now + 9000 });
  await upload(3, 'c');
  await redis.hset(fileKeys(keyPrefix, 'acme', fileIdOf(1)).record, 'rec', '{');
  const all = [1, 2, 3, 4].map((number) => ({ project: 'acme', id: fileIdOf(number) }));
  await files.putOff(all, now + 5000);
  expect(await files.sweep(now + 4999)).toEqual({ expired: 0, orphaned: 0 });
  expect(await readText(fileIdOf(1))).toBe('a');
  expect(await files.sweep(now + 5000)).toEqual({ expired: 1, orphaned: 0 });
  expect(await readText(fileIdOf(2))).toBe('b');
  expect(await files.sweep(now + 9000)).toEqual({ expired: 1, orphaned: 0 });
  expect(await readText(fileIdOf(3))).toBe('c');
});

test('a file that is kept longer while a sweep is under way stays, with its bytes', async () => {
  const { files, redis, upload, readText } = await openFileScene();
  const now = Date.now();
  await upload(1, 'a', { expiresAt: now });
  await upload(2, 'b', { expiresAt: now });
  const expired = redis.zrangebyscore.bind(redis);
  vi.spyOn(redis, 'zrangebyscore').mockImplementationOnce(async (key, min, max) => {
    const ids = await expired(key, min, max);
    expect(await files.keepUntil('acme', fileIdOf(1), now + DAY_MS)).toBe(true);
    return ids;
  });
  expect(await files.sweep(now)).toEqual({ expired: 1, orphaned: 0 });
  expect(await readText(fileIdOf(1))).toBe('a');
  expect(await files.read('acme', fileIdOf(2))).toBeUndefined();
  expect(await files.sweep(now + DAY_MS)).toEqual({ expired: 1, orphaned: 0 });
});

test('hundreds of expired files go in one sweep, each counted once by many sweepers', async () => {
  const { files, upload, keysBelow } = await openFileScene();
  const expiresAt = Date.now();
  await Promise.all(Array.from({ length: 120 }, (_, number) => upload(number, 'x', { expiresAt })));
  const swept = await Promise.all([1, 2, 3].map(() => files.sweep(expiresAt)));
  expect(swept.reduce((sum, { expired }) => sum + expired, 0)).toBe(120);
  expect(await keysBelow('acme/')).toEqual([]);
});

test('bytes that became no file go when they are a day old', async () => {
  const { files, folder, upload, keysBelow } = await openFileScene();
  await upload(1, 'kept');
  const [kept = ''] = await keysBelow('acme/');
  const old = await files.receive('acme', fileIdOf(1), contentOf('old'), 9);
  const young = await files.receive('acme', fileIdOf(2), contentOf('young'), 9);
  const now = Date.now();
  const dayAgo = (now - DAY_MS - 1000) / 1000;
  for (const key of [kept, old.key]) await utimes(join(folder, key), dayAgo, dayAgo);
  expect(await files.sweep(now)).toEqual({ expired: 0, orphaned: 1 });
  expect(await keysBelow('acme/')).toEqual([kept, young.key].toSorted());
});

/** Everything below a place is of the day before. */
async function age(folder: string): Promise<void> {
  const dayAgo = (Date.now() - DAY_MS - 60_000) / 1000;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    await utimes(join(entry.parentPath, entry.name), dayAgo, dayAgo);
  }
}

test('what a broker did not write is left alone, and does not end the sweep', async () => {
  const { files, folder, upload, readText, keysBelow } = await openFileScene();
  await upload(1, 'kept');
  await files.receive('acme', fileIdOf(2), contentOf('old'), 9);
  const foreign = ['acme/foreign/x y', 'acme/plain', `acme/${fileIdOf(3)}/deep/part`];
  for (const key of foreign) {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), 'foreign');
  }
  await age(folder);
  expect(await files.sweep(Date.now())).toEqual({ expired: 0, orphaned: 1 });
  expect(await keysBelow('acme/')).toEqual(expect.arrayContaining(foreign));
  expect(await readText(fileIdOf(1))).toBe('kept');
});

test('brokers that share a place remove nothing of each other, and say what is to be done', async () => {
  const one = await openFileScene();
  const other = await openFileScene({ folder: one.folder });
  await one.upload(1, 'of one');
  await other.upload(2, 'of the other');
  const { key: left } = await one.files.receive('acme', fileIdOf(3), contentOf('left'), 9);
  for (const scene of [one, other]) await scene.files.sweep(Date.now());
  await age(one.folder);
  const warn = vi.spyOn(one.logger, 'warn');
  for (const scene of [one, other]) {
    expect(await scene.files.sweep(Date.now())).toEqual({ expired: 0, orphaned: 0 });
  }
  expect(await one.readText(fileIdOf(1))).toBe('of one');
  expect(await other.readText(fileIdOf(2))).toBe('of the other');
  const mark = `.place/${await other.redis.get(placeKey(other.keyPrefix))}`;
  expect(warn).toHaveBeenCalledExactlyOnceWith(
    { path: [mark] },
    expect.stringContaining('remove these marks'),
  );

  // The remedy: the other one is gone, and so is its mark.
  expect(await other.files.remove('acme', fileIdOf(2))).toBe(true);
  await rm(join(one.folder, mark));
  expect(await one.files.sweep(Date.now())).toEqual({ expired: 0, orphaned: 1 });
  expect(await one.keysBelow('acme/')).not.toContain(left);
  expect(await one.readText(fileIdOf(1))).toBe('of one');
});

test('the uploads of a place that is shared, or of projects that are not known, go on', async () => {
  const { files, bytes, upload } = await openFileScene();
  await upload(1, 'x');
  const removeAbandoned = vi.spyOn(bytes, 'removeAbandoned');
  await files.sweep(Date.now());
  const own = removeAbandoned.mock.calls[0]?.[1];
  const keys = [`acme/${fileIdOf(2)}/part`, `other/${fileIdOf(2)}/part`, 'acme/videos/one', 'acme'];
  expect(keys.filter((key) => own?.(key))).toEqual([keys[0]]);
  await bytes.mark('another');
  await files.sweep(Date.now());
  expect(removeAbandoned).toHaveBeenCalledTimes(1);
});
