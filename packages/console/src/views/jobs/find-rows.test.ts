import { expect, test } from 'vitest';
import type { JobPage, JobSummary } from '../../api/contract.ts';
import { findRows } from './find-rows.ts';

const ROW: JobSummary = {
  id: 'job_1',
  object: 'job',
  project: 'default',
  status: 'failed',
  endpoint: '/v1/chat/completions',
  model: 'chat',
  route: 'chat',
  priority: 5,
  created_at: '2026-11-22T09:00:00.000Z',
  expires_at: '2026-11-23T09:00:00.000Z',
};

/** A list in which that many pages without a row come first; each tells the number of the next. */
function listWith(emptyPages: number) {
  const asked: (string | undefined)[] = [];
  const read = async (after: string | undefined): Promise<JobPage> => {
    asked.push(after);
    const number = Number(after ?? 0);
    if (number >= emptyPages) return { object: 'list', data: [ROW], has_more: false };
    return { object: 'list', data: [], has_more: true, next_after: String(number + 1) };
  };
  return { asked, read };
}

test('a page with rows is the only one that is read', async () => {
  const { asked, read } = listWith(0);
  expect(await findRows(read, undefined)).toMatchObject({ page: { data: [ROW] }, from: undefined });
  expect(asked).toEqual([undefined]);
});

test('pages without a row are passed by, and not read again by the next look', async () => {
  const { asked, read } = listWith(3);
  const { page, from } = await findRows(read, undefined);
  expect([page.data, from]).toEqual([[ROW], '3']);
  expect(asked.splice(0)).toEqual([undefined, '1', '2', '3']);
  expect(await findRows(read, undefined, from)).toEqual({ page, from });
  expect(asked).toEqual([undefined, '3']);
});

test('after ten pages without a row it gives up, and says where to go on', async () => {
  const { asked, read } = listWith(11);
  const { page, from } = await findRows(read, undefined);
  expect([page.data, page.next_after, from]).toEqual([[], '10', '9']);
  expect(asked).toHaveLength(10);
  expect(await findRows(read, page.next_after)).toMatchObject({ page: { data: [ROW] } });
});

test('what came since before the passed pages is shown', async () => {
  const page: JobPage = { object: 'list', data: [ROW], has_more: true, next_after: '1' };
  expect(await findRows(async () => page, undefined, '3')).toEqual({ page, from: undefined });
});

test('a list without a row and without more is empty', async () => {
  const page: JobPage = { object: 'list', data: [], has_more: false };
  expect(await findRows(async () => page, undefined, '3')).toEqual({ page, from: undefined });
});
