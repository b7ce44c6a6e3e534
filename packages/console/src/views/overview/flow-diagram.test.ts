import { expect, test } from 'vitest';
import { layOutFlows } from './flow-diagram.ts';

const FRAME = { left: 10, right: 110, flowHeight: 100, least: 2, gap: 20 };

test('a node is as high as all its flows, and nodes have a gap between them', () => {
  const { from, to, height } = layOutFlows(
    [
      { from: 'a', to: 'b', count: 6 },
      { from: 'a', to: 'c', count: 2 },
      { from: 'b', to: 'c', count: 2 },
    ],
    FRAME,
  );
  expect(from).toEqual([
    { name: 'a', count: 8, y: 0, height: 80 },
    { name: 'b', count: 2, y: 100, height: 20 },
  ]);
  expect(to.map(({ name, y }) => [name, y])).toEqual([
    ['b', 0],
    ['c', 80],
  ]);
  expect(height).toBe(120);
});

test('what nobody answered stands last, however much it is', () => {
  const { to } = layOutFlows(
    [
      { from: 'a', to: null, count: 90 },
      { from: 'a', to: 'b', count: 1 },
    ],
    FRAME,
  );
  expect(to.map(({ name }) => name)).toEqual(['b', null]);
});

test('a rare flow beside a frequent one keeps a height that is seen', () => {
  const { from } = layOutFlows(
    [
      { from: 'a', to: 'b', count: 100_000 },
      { from: 'c', to: 'b', count: 1 },
    ],
    FRAME,
  );
  expect(from.find(({ name }) => name === 'c')?.height).toBe(2);
});

test('who is asked next stands near to where the jobs come from', () => {
  const { to } = layOutFlows(
    [
      { from: 'a', to: 'z', count: 9 },
      { from: 'b', to: 'y', count: 8 },
      { from: 'c', to: 'y', count: 7 },
    ],
    FRAME,
  );
  expect(to.map(({ name, count }) => [name, count])).toEqual([
    ['z', 9],
    ['y', 15],
  ]);
});

test('ribbons of one node lie below each other', () => {
  const { ribbons } = layOutFlows(
    [
      { from: 'a', to: 'c', count: 5 },
      { from: 'a', to: 'b', count: 5 },
    ],
    FRAME,
  );
  expect(ribbons.map(({ to, path }) => [to, path.split(' ')[0]])).toEqual([
    ['b', 'M10,0'],
    ['c', 'M10,50'],
  ]);
});

test('a provider that passes jobs on to itself stands on both sides', () => {
  const { from, to, ribbons } = layOutFlows([{ from: 'a', to: 'a', count: 3 }], FRAME);
  expect([from, to].map((nodes) => nodes.map(({ name }) => name))).toEqual([['a'], ['a']]);
  expect(ribbons).toHaveLength(1);
});

test('no flows make an empty diagram', () => {
  expect(layOutFlows([], FRAME)).toEqual({ from: [], to: [], ribbons: [], height: 0 });
});
