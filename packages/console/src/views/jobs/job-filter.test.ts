import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  AGES,
  FILTER_FACETS,
  bulkFilterOf,
  conditionsOf,
  filterPath,
  queryOf,
  readFilter,
  toggled,
  typedAdvice,
  withTyped,
} from './job-filter.ts';
import type { JobFilter } from './job-filter.ts';

const NOON = Date.parse('2026-11-22T12:00:00.000Z');

test('a filter survives the way through the address', () => {
  const filter: JobFilter = {
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

test.each([
  '?age=century',
  '?age=constructor',
  '?status=lost',
  '?status=',
  '?metadata=team',
  '?metadata=:a',
])('%s is no filter', (search) => {
  expect(readFilter(search)).toEqual({ metadata: [] });
});

test('of two pairs of one key the later stays', () => {
  expect(readFilter('?metadata=team:a&metadata=run:1&metadata=team:b')).toEqual({
    metadata: ['run:1', 'team:b'],
  });
  expect(withTyped({ metadata: ['team:a', 'run:1'] }, 'team:b')).toEqual({
    metadata: ['run:1', 'team:b'],
  });
});

const textArbitrary = fc.oneof(
  fc.constantFrom('failed', 'waiting', '1h', 'constructor', 'team:a', 'team:b', 'a:b:c', ':', ''),
  fc.string(),
);
const nameArbitrary = fc.constantFrom(...FILTER_FACETS, 'batch', 'age', 'metadata', 'other');

/** The conditions in words, read back from what is sent. */
function conditionsSent(filter: JobFilter): string[] {
  const { created_after: after, metadata, ...rest } = bulkFilterOf(filter, NOON);
  const age = Object.values(AGES).find(
    ({ ms }) => after !== undefined && ms === NOON - Date.parse(after),
  );
  return [
    ...[...FILTER_FACETS, 'batch' as const].flatMap((name) =>
      rest[name] === undefined ? [] : [`${name} ${rest[name]}`],
    ),
    ...Object.entries(metadata ?? {}).map(([key, value]) => `${key}:${value}`),
    ...(age === undefined ? [] : [age.title.toLowerCase()]),
  ];
}

test('a bulk action is sent all that its dialog says, whatever was typed or stood in the address', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(nameArbitrary, textArbitrary)),
      fc.array(fc.tuple(nameArbitrary, textArbitrary)),
      (named, typed) => {
        const filter = typed.reduce<JobFilter>(
          (before, pair) => withTyped(before, pair.join(':')) ?? before,
          readFilter(`?${new URLSearchParams(named)}`),
        );
        expect(conditionsSent(filter).toSorted()).toEqual(conditionsOf(filter).toSorted());
      },
    ),
  );
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
  ['status:waiting', undefined],
  ['status:canceled', undefined],
  ['age:1h', undefined],
  ['nothing', undefined],
  ['key:', undefined],
])('typing %j filters by it', (typed, expected) => {
  expect(withTyped({ metadata: [] }, typed)).toEqual(expected);
});

test('who types a status that there is not is told which there are', () => {
  expect(typedAdvice('status:waiting')).toContain('queued, in_progress, completed');
  expect(typedAdvice('nothing')).toContain('key:value');
});
