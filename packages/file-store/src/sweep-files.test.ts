import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentOf, fileIdOf, openFileScene } from './testing/file-scene.ts';

const DAY_MS = 86_400_000;

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
