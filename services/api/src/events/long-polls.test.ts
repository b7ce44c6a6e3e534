import type { JobEvent, JobStatus } from '@understudy/contracts';
import type { StoredJob } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { createLongPolls } from './long-polls.ts';

const JOB = { project: 'acme', id: 'job_1' };
const ANSWER = Buffer.from('{}');

/** A job that changes when it is told to, and what is asked of its store. */
function watchedJob() {
  let status: JobStatus = 'queued';
  let tell: ((event: JobEvent) => void) | undefined;
  const asked: string[] = [];
  const longPolls = createLongPolls(
    {
      watch: (_id, onChange) => {
        tell = onChange;
        return () => undefined;
      },
    },
    {
      read: async () => {
        asked.push('record');
        return { record: { status }, attempts: [] } as unknown as StoredJob;
      },
      readResult: async () => {
        asked.push('answer');
        return status === 'completed' ? ANSWER : undefined;
      },
    },
  );
  const change = (to: JobStatus): void => {
    status = to;
    tell?.({ ...JOB, status: to, version: 2 } as JobEvent);
  };
  const wait = () => longPolls.waitForEnd(JOB, 10_000, new AbortController().signal);
  return { asked, change, wait };
}

test('the answer of a job that is completed while somebody waits is read beside its record', async () => {
  const { asked, change, wait } = watchedJob();
  const waiting = wait();
  await Promise.resolve();
  change('in_progress');
  await Promise.resolve();
  expect(asked).toEqual(['record']);
  change('completed');
  expect(await waiting).toMatchObject({ record: { status: 'completed' }, answer: ANSWER });
  expect(asked).toEqual(['record', 'record', 'answer']);
});

test('of a job that had ended before, or ends without an answer, none is read', async () => {
  const early = watchedJob();
  early.change('completed');
  expect(await early.wait()).not.toHaveProperty('answer');
  expect(early.asked).toEqual(['record']);
  const late = watchedJob();
  const waiting = late.wait();
  late.change('failed');
  expect(await waiting).not.toHaveProperty('answer');
  expect(late.asked).not.toContain('answer');
});
