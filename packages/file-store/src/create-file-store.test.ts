import { randomBytes } from 'node:crypto';
import { createSealer, parseEncryptionKeys } from '@understudy/sealing';
import { expect, test } from 'vitest';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { fileKeys, partKey } from './file-keys.ts';
import { contentOf, fileIdOf, openFileScene } from './testing/file-scene.ts';

const DAY_MS = 86_400_000;

test('an uploaded file is read back by its project, and is not there for another', async () => {
  const { files, upload, readText } = await openFileScene();
  const id = fileIdOf(1);
  const expiresAt = Date.now() + DAY_MS;
  const stored = await upload(1, 'one\ntwo\n', { expiresAt });
  expect(stored).toMatchObject({
    bytes: 8,
    complete: true,
    record: { id, project: 'acme', purpose: 'batch', filename: '1.jsonl', expires_at: expiresAt },
  });
  expect(await files.read('acme', id)).toEqual(stored);
  expect(await readText(id)).toBe('one\ntwo\n');
  expect(await readText(id, 4)).toBe('two\n');
  expect(await readText(id, 99)).toBe('');
  expect(await files.read('other', id)).toBeUndefined();
  expect(await files.content('other', id)).toBeUndefined();
  expect(await files.list('other', { limit: 10 })).toEqual({ files: [], hasMore: false });
  expect(await files.remove('other', id)).toBe(false);
  expect(await readText(id)).toBe('one\ntwo\n');
});

test('registering twice changes nothing, and drops what was received again', async () => {
  const { upload, readText, keysBelow } = await openFileScene();
  const first = await upload(1, 'first');
  expect(await upload(1, 'other', { filename: 'other.jsonl' })).toEqual(first);
  expect(await readText(fileIdOf(1))).toBe('first');
  expect(await keysBelow('acme/')).toHaveLength(1);
});

test('received bytes are no file until they are registered, and can be forgotten', async () => {
  const { files, keysBelow } = await openFileScene();
  const id = fileIdOf(1);
  const received = await files.receive('acme', id, contentOf('text'), 4);
  expect(received).toMatchObject({ id, bytes: 4 });
  expect(await files.read('acme', id)).toBeUndefined();
  expect(await files.content('acme', id)).toBeUndefined();
  await files.discard('acme', received);
  expect(await keysBelow('acme/')).toEqual([]);
  await expect(files.receive('acme', id, contentOf('texts'), 4)).rejects.toMatchObject({
    code: 'body_too_large',
  });
});

test.each(['file-short', 'file-../../../../etc/passwd-----', `FILE-${'0'.repeat(26)}`])(
  'the id %j is refused before a byte is taken',
  async (id) => {
    const { files } = await openFileScene();
    await expect(files.receive('acme', id, contentOf('x'), 9)).rejects.toThrow(TypeError);
    const draft = { id, purpose: 'batch_output', filename: 'x' } as const;
    await expect(files.openOutput('acme', draft)).rejects.toThrow(TypeError);
  },
);

test('a file that a batch writes grows by committed parts, and is what is there so far', async () => {
  const { redis, keyPrefix, bytes, files, readText, mergeParts } = await openFileScene();
  const id = fileIdOf(1);
  const draft = { id, purpose: 'batch_output', filename: 'out.jsonl', batch: 'batch_1' } as const;
  const opened = await files.openOutput('acme', draft);
  expect(opened).toMatchObject({ bytes: 0, complete: false, record: { batch: 'batch_1' } });
  expect(await files.openOutput('acme', { ...draft, filename: 'x' })).toEqual(opened);
  expect(await readText(id)).toBe('');

  const keys = fileKeys(keyPrefix, 'acme', id);
  for (const text of ['b1,', 'b2,', '', 'b3']) {
    const key = partKey('acme', id, `part-${text.slice(0, 2)}x`);
    await bytes.write(key, contentOf(text));
    await redis.rpush(keys.parts, JSON.stringify({ key, bytes: text.length }));
    await redis.hincrby(keys.record, 'bytes', text.length);
  }
  expect(await files.read('acme', id)).toMatchObject({ bytes: 8, complete: false });
  expect(await readText(id)).toBe('b1,b2,b3');
  expect(await readText(id, 4)).toBe('2,b3');

  const merged = { key: partKey('acme', id, 'merged'), bytes: 5 };
  await bytes.write(merged.key, contentOf('whole'));
  await mergeParts(id, merged);
  expect(await files.read('acme', id)).toMatchObject({ bytes: 5, complete: true });
  expect(await readText(id)).toBe('whole');
});

test('a reader of a file that is merged meanwhile reads on; a day later only the merged part is left', async () => {
  const { redis, keyPrefix, bytes, files, readText, keysBelow, mergeParts } = await openFileScene();
  const id = fileIdOf(1);
  await files.openOutput('acme', { id, purpose: 'batch_output', filename: 'out.jsonl' });
  const parts = ['a', 'b'].map((text) => ({ key: partKey('acme', id, text), bytes: 1, text }));
  for (const { key, text } of parts) {
    await bytes.write(key, contentOf(text));
    await redis.rpush(fileKeys(keyPrefix, 'acme', id).parts, JSON.stringify({ key, bytes: 1 }));
  }
  const merged = { key: partKey('acme', id, 'merged'), bytes: 2 };
  await bytes.write(merged.key, contentOf('ba'));
  const chunks = (await files.content('acme', id)) ?? [];
  const seen = [];
  for await (const chunk of chunks) {
    seen.push(String(chunk));
    await mergeParts(id, merged);
  }
  expect(seen).toEqual(['a', 'b']);

  expect(await files.sweep(Date.now())).toEqual({ expired: 0, orphaned: 0 });
  expect(await keysBelow('acme/')).toHaveLength(3);
  expect(await files.sweep(Date.now() + DAY_MS + 60_000)).toEqual({ expired: 0, orphaned: 2 });
  expect(await keysBelow('acme/')).toEqual([merged.key]);
  expect(await readText(id)).toBe('ba');
});

test('a removed file is gone with its bytes, once', async () => {
  const { files, upload, keysBelow } = await openFileScene();
  await upload(1, 'text');
  expect(await files.remove('acme', fileIdOf(1))).toBe(true);
  expect(await files.read('acme', fileIdOf(1))).toBeUndefined();
  expect(await files.content('acme', fileIdOf(1))).toBeUndefined();
  expect(await files.list('acme', { limit: 10 })).toEqual({ files: [], hasMore: false });
  expect(await keysBelow('acme/')).toEqual([]);
  expect(await files.remove('acme', fileIdOf(1))).toBe(false);
});

test('bytes that are lost are an error of their own, never a shorter file', async () => {
  const { bytes, upload, readText, keysBelow } = await openFileScene();
  await upload(1, 'text');
  const [key = ''] = await keysBelow('acme/');
  const lost = { code: 'unavailable', message: expect.stringContaining('read it again') };
  await bytes.write(key, contentOf('tex'));
  await expect(readText(fileIdOf(1))).rejects.toMatchObject(lost);
  await bytes.remove([key]);
  await expect(readText(fileIdOf(1))).rejects.toMatchObject(lost);
});

test('many who register one id at the same time make one file', async () => {
  const { upload, readText, keysBelow, files } = await openFileScene();
  const texts = Array.from({ length: 8 }, (_, index) => `text ${index}`);
  const stored = await Promise.all(texts.map((text) => upload(1, text, { filename: text })));
  expect(new Set(stored.map(({ record }) => record.filename)).size).toBe(1);
  expect(await readText(fileIdOf(1))).toBe(stored[0]?.record.filename);
  expect(await keysBelow('acme/')).toHaveLength(1);
  expect((await files.list('acme', { limit: 10 })).files).toHaveLength(1);
});

test('with a key the name of a file stands nowhere in Redis, and is read back and listed', async () => {
  const sealer = createSealer(parseEncryptionKeys(`k1:${randomBytes(32).toString('base64')}`));
  const { files, upload, redis, keyPrefix } = await openFileScene({ sealer });
  const filename = 'canary-of-the-name.jsonl';
  await upload(1, 'one', { filename });
  const contents = await redisContents(redis, keyPrefix);
  expect(contents).toContain(fileIdOf(1));
  expect(contents).not.toContain('canary');
  expect((await files.read('acme', fileIdOf(1)))?.record.filename).toBe(filename);
  const { files: listed } = await files.list('acme', { limit: 10 });
  expect(listed.map(({ record }) => record.filename)).toEqual([filename]);
});
