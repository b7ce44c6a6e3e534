import { expect, test, vi } from 'vitest';
import { fileKeys } from './file-keys.ts';
import type { FileQuery } from './file-store.ts';
import { fileIdOf, openFileScene } from './testing/file-scene.ts';

async function sceneOfFive() {
  const scene = await openFileScene();
  for (let number = 1; number <= 5; number += 1) {
    const purpose = number % 2 === 0 ? 'batch_output' : 'batch';
    await scene.upload(number, 'x', { purpose });
  }
  const numbers = async (query: FileQuery) => {
    const { files, hasMore } = await scene.files.list('acme', query);
    const ids = files.map(({ record }) => record.id);
    return {
      numbers: ids.map((id) => [1, 2, 3, 4, 5].find((one) => fileIdOf(one) === id)),
      hasMore,
    };
  };
  return { ...scene, numbers };
}

test.each<[FileQuery, number[], boolean]>([
  [{ limit: 10 }, [5, 4, 3, 2, 1], false],
  [{ limit: 5 }, [5, 4, 3, 2, 1], false],
  [{ limit: 2 }, [5, 4], true],
  [{ limit: 2, after: fileIdOf(4) }, [3, 2], true],
  [{ limit: 2, after: fileIdOf(2) }, [1], false],
  [{ limit: 2, after: fileIdOf(1) }, [], false],
  [{ limit: 2, order: 'asc' }, [1, 2], true],
  [{ limit: 9, order: 'asc', after: fileIdOf(3) }, [4, 5], false],
  [{ limit: 2, purpose: 'batch' }, [5, 3], true],
  [{ limit: 2, purpose: 'batch', after: fileIdOf(3) }, [1], false],
  [{ limit: 1, purpose: 'batch_output', order: 'asc' }, [2], true],
  [{ limit: 2, purpose: 'batch_output', order: 'asc' }, [2, 4], false],
])('of five files %j lists %j, more: %j', async (query, expected, hasMore) => {
  const { numbers } = await sceneOfFive();
  expect(await numbers(query)).toEqual({ numbers: expected, hasMore });
});

test('whoever removes files while paging through them misses none', async () => {
  const { files, numbers } = await sceneOfFive();
  const seen = [];
  for (let after: string | undefined; ;) {
    const page = await numbers({ limit: 2, ...(after === undefined ? {} : { after }) });
    seen.push(...page.numbers);
    for (const number of page.numbers) await files.remove('acme', fileIdOf(number ?? 0));
    if (!page.hasMore) break;
    after = fileIdOf(page.numbers.at(-1) ?? 0);
  }
  expect(seen).toEqual([5, 4, 3, 2, 1]);
});

test('a place in the list that never was is refused by the name of its parameter', async () => {
  const { numbers } = await sceneOfFive();
  await expect(numbers({ limit: 2, after: 'file-nowhere' })).rejects.toMatchObject({
    code: 'invalid_request',
    param: 'after',
    message: expect.stringContaining('file-nowhere'),
  });
});

test('a file whose record does not open is left out, told of once, and in nobody’s way', async () => {
  const { redis, keyPrefix, logger, numbers } = await sceneOfFive();
  const warn = vi.spyOn(logger, 'warn');
  await redis.hset(fileKeys(keyPrefix, 'acme', fileIdOf(4)).record, 'rec', '{"v":');
  expect(await numbers({ limit: 9 })).toEqual({ numbers: [5, 3, 2, 1], hasMore: false });
  expect(await numbers({ limit: 2 })).toEqual({ numbers: [5, 3], hasMore: true });
  expect(warn).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ file: fileIdOf(4), project: 'acme' }),
    expect.stringContaining('not listed'),
  );
});

test('behind hundreds of files that do not open those that do are found in two looks', async () => {
  const { redis, keyPrefix, files, upload } = await openFileScene();
  await upload(1, 'x');
  await upload(2, 'x');
  const writing = redis.pipeline();
  for (let number = 3; number <= 502; number += 1) {
    const { record, list } = fileKeys(keyPrefix, 'acme', fileIdOf(number));
    writing.hset(record, { rec: '{"v":', bytes: 1, complete: 1 });
    writing.zadd(list, Date.now() + 60_000 + number, fileIdOf(number));
  }
  await writing.exec();
  const looks = vi.spyOn(redis, 'pipeline');
  const { files: found, hasMore } = await files.list('acme', { limit: 1 });
  expect([found.map(({ record }) => record.id), hasMore]).toEqual([[fileIdOf(2)], true]);
  expect(looks).toHaveBeenCalledTimes(2);
});
