import { expect, test } from 'vitest';
import { readObject } from './json-reading.ts';
import { createKnownMembers } from './known-members.ts';

test('members that nobody read are lost, those of a list together, and null is none', () => {
  const members = createKnownMembers();
  const body = { a: 1, b: null, c: 2, list: [{ x: 1, y: 2 }, { x: 1, y: 3 }, {}] };
  const reader = readObject(body, '', members);
  expect(reader.number('a')).toBe(1);
  expect(reader.objects('list')?.map((item) => item.number('x'))).toEqual([1, 1, undefined]);
  expect(members.losses().map((loss) => loss.field)).toEqual(['c', 'list[].y']);
});

test('however many members are lost, the list of losses stays short and clean', () => {
  const members = createKnownMembers();
  const names = Array.from({ length: 500 }, (_, index) => `${index}\n${'x'.repeat(1000)}`);
  readObject(Object.fromEntries(names.map((name) => [name, 1])), '', members);
  const losses = members.losses();
  expect(losses).toHaveLength(101);
  expect(losses.at(-1)).toEqual({
    field: '*',
    message: '400 more parts of the body are not carried',
  });
  expect(losses[0]?.field).toMatch(/^0\?x{198}$/);
});
