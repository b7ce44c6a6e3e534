import { expect, test } from 'vitest';
import { openChunkReader } from './read-chunk.ts';
import { inputOf, openRunnerScene } from './testing/runner-scene.ts';

/** A batch of so many lines, its cursor at the beginning, and how often its input was opened. */
async function openInputScene(lines: number) {
  const { create, takeOver, context } = await openRunnerScene();
  await create(inputOf(lines));
  const { lease } = await takeOver();
  const batch = await context.runs.read(lease.batch);
  if (batch === undefined) throw new Error('the batch is not there');
  const opened: number[] = [];
  const files: typeof context.files = {
    ...context.files,
    content: (project, id, start) => {
      opened.push(start ?? 0);
      return context.files.content(project, id, start);
    },
  };
  return { batch, opened, files, dispatch: context.dispatch };
}

test('an input stays open from chunk to chunk, and is opened again where the cursor went elsewhere', async () => {
  const { batch, opened, ...context } = await openInputScene(10);
  await using input = openChunkReader(context);
  const numbers = async (from: typeof batch.cursor, limit: number) => {
    const chunk = await input.read({ ...batch, cursor: from }, limit);
    return { lines: chunk.requests.map(({ number }) => number), to: chunk.to };
  };
  const first = await numbers({ line: 0, byte: 0 }, 4);
  const second = await numbers(first.to, 4);
  expect([first.lines, second.lines]).toEqual([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ]);
  expect(opened).toEqual([0]);
  const again = await numbers(first.to, 2);
  const last = await numbers(again.to, 10);
  expect([again.lines, last.lines]).toEqual([
    [5, 6],
    [7, 8, 9, 10],
  ]);
  expect(opened).toEqual([0, first.to.byte]);
});

test('an input that could not be read is opened again at the next try', async () => {
  const { batch, files, dispatch } = await openInputScene(3);
  let tries = 0;
  const content: typeof files.content = (...given) => {
    tries += 1;
    return tries === 1 ? Promise.reject(new Error('the disk is away')) : files.content(...given);
  };
  await using input = openChunkReader({ files: { ...files, content }, dispatch });
  await expect(input.read(batch, 10)).rejects.toThrow('the disk is away');
  expect((await input.read(batch, 10)).requests).toHaveLength(3);
});
