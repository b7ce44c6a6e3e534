import { expect, test } from 'vitest';
import type { JobStatus, JobSummary } from '../../api/contract.ts';
import { mergeRows } from './merge-rows.ts';

function job(id: string, status: JobStatus = 'queued'): JobSummary {
  return {
    id,
    object: 'job',
    project: 'acme',
    status,
    endpoint: '/v1/messages',
    model: 'm',
    route: 'm',
    priority: 5,
    created_at: '2026-11-22T12:00:00.000Z',
    expires_at: '2026-11-23T12:00:00.000Z',
  };
}

test('a row that changed is shown as it is now, in its place', () => {
  const { rows, newer } = mergeRows([job('b'), job('a')], [job('b'), job('a', 'failed')]);
  expect(rows.map(({ id, status }) => [id, status])).toEqual([
    ['b', 'queued'],
    ['a', 'failed'],
  ]);
  expect(newer).toEqual([]);
});

test('new rows are counted and not inserted', () => {
  const { rows, newer } = mergeRows([job('b'), job('a')], [job('d'), job('c'), job('b')]);
  expect(rows.map(({ id }) => id)).toEqual(['b', 'a']);
  expect(newer.map(({ id }) => id)).toEqual(['d', 'c']);
});

test('when a whole page of new rows has come, all of it is newer', () => {
  expect(mergeRows([job('a')], [job('c'), job('b')]).newer).toHaveLength(2);
});

test('rows that move up from the next page are not taken for new ones', () => {
  const { newer } = mergeRows([job('c'), job('b')], [job('b'), job('a')]);
  expect(newer).toEqual([]);
});
