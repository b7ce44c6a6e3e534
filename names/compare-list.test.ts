import { expect, test } from 'vitest';
import { compareList } from './compare-list.ts';

const known = {
  tables: [
    {
      provider: 'a',
      source: 'a',
      models: { 'gpt-5.5': 'eu.big', 'gpt-5.4': 'us.old', o3: 'us.o3' },
    },
    { provider: 'b', source: 'b', models: { 'gpt-5.5': 'elsewhere' } },
  ],
  accepted: [{ provider: 'a', source: 'a', names: ['us.big-2026'] }],
  retired: [{ provider: 'a', source: 'a', dates: { o3: '2026-11-22' } }],
};

test('names of ours that are not listed are told from new ones, accepted names being ours', () => {
  const listed = new Set(['us.big-2026', 'us.new', 'us.old']);
  expect(compareList({ provider: 'a' }, listed, known, '2026-11-22')).toEqual({
    judged: 2,
    unlisted: ['eu.big'],
    unknown: ['us.new'],
  });
});

test('a retired name is looked for until its date', () => {
  const { unlisted } = compareList({ provider: 'a' }, new Set(['x']), known, '2026-11-21');
  expect(unlisted).toContain('us.o3');
});

test('a list of one region says nothing of the names of another', () => {
  const list = { provider: 'a', byPrefix: true } as const;
  const { judged, unlisted } = compareList(list, new Set(['us.new']), known, '2026-11-22');
  expect({ judged, unlisted }).toEqual({ judged: 1, unlisted: ['us.old'] });
});

test('names that cannot be on a list are not looked for', () => {
  const list = { provider: 'a', only: 'eu.' };
  expect(compareList(list, new Set(['x']), known, '2026-11-22').unlisted).toEqual(['eu.big']);
});
