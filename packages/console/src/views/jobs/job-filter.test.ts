import { expect, test } from 'vitest';
import { bulkFilterOf, filterPath, queryOf, readFilter, toggled, withTyped } from './job-filter.ts';

const NOON = Date.parse('2026-11-22T12:00:00.000Z');

test('a filter survives the way through the address', () => {
  const filter = {
    status: 'failed',
    route: 'opus & co',
    error: 'no_target',
    metadata: ['team:search', 'run:a:b'],
    age: '1h',
  };
  const { search } = new URL(filterPath(filter), 'http://broker.example');
  expect(readFilter(search)).toEqual(filter);
});

test('an empty filter has the plain address', () => {
  expect(filterPath(readFilter(''))).toBe('/console/jobs');
});

test('an age that is not offered is no filter', () => {
  expect(readFilter('?age=century')).toEqual({ metadata: [] });
});

test('a status that there is not is not asked for', () => {
  expect(queryOf(readFilter('?status=lost&model=m'), NOON)).toEqual({ model: 'm' });
});

test('an age is counted back from now', () => {
  expect(queryOf({ metadata: [], age: '1h' }, NOON)).toEqual({
    created_after: '2026-11-22T11:00:00.000Z',
  });
});

test('a bulk action leaves out what is accepted after it was begun', () => {
  expect(bulkFilterOf({ status: 'failed', metadata: ['run:a:b'] }, NOON)).toEqual({
    status: 'failed',
    metadata: { run: 'a:b' },
    created_before: '2026-11-22T12:00:00.000Z',
  });
});

test('choosing the value that is chosen clears the facet', () => {
  const chosen = toggled({ metadata: [] }, 'route', 'opus');
  expect(chosen).toEqual({ metadata: [], route: 'opus' });
  expect(toggled(chosen, 'route', 'opus')).toEqual({ metadata: [] });
});

test.each([
  ['status:failed', { status: 'failed', metadata: [] }],
  [' team : search ', { metadata: ['team:search'] }],
  ['url:http://a', { metadata: ['url:http://a'] }],
  ['age:1h', undefined],
  ['nothing', undefined],
  ['key:', undefined],
])('typing %j filters by it', (typed, expected) => {
  expect(withTyped({ metadata: [] }, typed)).toEqual(expected);
});
