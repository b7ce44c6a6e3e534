import { expect, test } from 'vitest';
import { gatherCalls } from './gather-calls.ts';

interface Asked {
  key: string;
  value: number;
}

function doubling() {
  const works: number[][] = [];
  const double = gatherCalls<Asked, number>(
    ({ key }) => key,
    (items) => {
      works.push(items.map(({ value }) => value));
      return Promise.resolve(items.map(({ value }) => 2 * value));
    },
  );
  return { works, double: (value: number, key = 'a') => double({ key, value }) };
}

test('calls of one turn are done together, each gets its own result', async () => {
  const { works, double } = doubling();
  expect(await Promise.all([1, 2, 3].map((value) => double(value)))).toEqual([2, 4, 6]);
  expect(works).toEqual([[1, 2, 3]]);
});

test('calls of one turn that nothing else has in common are done together', async () => {
  const { works, double } = doubling();
  const own = Promise.withResolvers<number>();
  // As two requests do that come over two connections.
  setImmediate(() => void double(1).then(own.resolve));
  const other = await new Promise<number>((resolve) => {
    setImmediate(() => void double(2).then(resolve));
  });
  expect([await own.promise, other]).toEqual([2, 4]);
  expect(works).toEqual([[1, 2]]);
});

test('those who were answered together ask together again', async () => {
  const { works, double } = doubling();
  const again = async (value: number) => double(await double(value));
  expect(await Promise.all([again(1), again(2)])).toEqual([4, 8]);
  expect(works).toEqual([
    [1, 2],
    [2, 4],
  ]);
});

test('a call of a later turn is done by itself', async () => {
  const { works, double } = doubling();
  await double(1);
  await double(2);
  expect(works).toEqual([[1], [2]]);
});

test('calls of different keys are done apart', async () => {
  const { works, double } = doubling();
  await Promise.all([double(1, 'a'), double(2, 'b'), double(3, 'a')]);
  expect(works).toEqual([[1, 3], [2]]);
});

test('where the work fails, each of its calls fails, and none of another key', async () => {
  const work = gatherCalls<string, string>(
    (item) => item,
    async (items) => {
      if (items[0] === 'bad') throw new Error('no Redis');
      return items;
    },
  );
  const outcomes = await Promise.allSettled([work('bad'), work('good'), work('bad')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
});
