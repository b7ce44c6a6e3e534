import type { Attempt, AttemptOutcome, JobRecord, JobStatus } from '@understudy/contracts';
import { isTerminal } from '@understudy/contracts';
import type { StoredJob } from '@understudy/job-store';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { STORY_START, parseStoryPlace, untold } from './job-story.ts';

function stored(version: number, status: JobStatus, outcomes: AttemptOutcome[]): StoredJob {
  const record = {
    request: { id: 'job_1', endpoint: '/v1/responses', model: 'm' },
    progress: { route: 'm', place: { kind: 'queue', since: 0 } },
    status,
    version,
  } as unknown as JobRecord;
  const attempts = outcomes.map((outcome, index): Attempt => {
    const number = index + 1;
    return {
      number,
      round: 1,
      target: 'a',
      provider: 'a',
      model_requested: 'm',
      outcome,
      started_at: 0,
    };
  });
  return { record, attempts };
}

const typesOf = (events: readonly { type: string; id: string }[]): string[] =>
  events.map(({ type, id }) => `${id} ${type}`);

test('a listener who comes late hears the failed attempts and where the job stands', () => {
  const job = stored(7, 'in_progress', ['failed', 'skipped', 'interrupted']);
  const { events, ended } = untold(job, STORY_START);
  expect(typesOf(events)).toEqual([
    '0-1 job.attempt_failed',
    '0-3 job.attempt_failed',
    '7-3 job.in_progress',
  ]);
  expect(ended).toBe(false);
});

test('a listener who was cut between two events of one look hears the second', () => {
  const job = stored(7, 'failed', ['failed', 'failed']);
  const { events } = untold(job, { version: 5, attempts: 1 });
  expect(typesOf(events)).toEqual(['5-2 job.attempt_failed', '7-2 job.failed']);
});

test('a place beyond the record is none of this job: its story begins anew', () => {
  const job = stored(3, 'queued', []);
  expect(typesOf(untold(job, { version: 1_700_000_000_000, attempts: 0 }).events)).toEqual([
    '3-0 job.queued',
  ]);
});

test.each(['', '1', '1-', 'x-1', '1-1-1', '1.0-2', '$'])('%j is no place in a story', (text) => {
  expect(parseStoryPlace(text)).toBeUndefined();
});

const outcomes: AttemptOutcome[] = ['failed', 'skipped', 'interrupted', 'succeeded', 'cancelled'];
const stepArbitrary = fc.record({
  made: fc.array(fc.constantFrom(...outcomes), { maxLength: 3 }),
  status: fc.constantFrom<JobStatus>('queued', 'in_progress'),
  looks: fc.boolean(),
  /** How many of the events of this look arrive before the connection breaks. */
  heard: fc.nat({ max: 5 }),
});

test('however a connection breaks, each failed attempt and the end are heard once, in order', () => {
  fc.assert(
    fc.property(
      fc.array(stepArbitrary, { maxLength: 12 }),
      fc.constantFrom<JobStatus>('completed', 'failed', 'cancelled', 'expired'),
      (steps, end) => {
        const made: AttemptOutcome[] = [];
        const received: { id: string; type: string; data: string }[] = [];
        const resume = () => parseStoryPlace(received.at(-1)?.id ?? '0-0') ?? STORY_START;
        let version = 1;
        for (const step of steps) {
          made.push(...step.made);
          version += 1;
          if (!step.looks) continue;
          const { events } = untold(stored(version, step.status, [...made]), resume());
          received.push(...events.slice(0, step.heard));
        }
        version += 1;
        const job = stored(version, end, made);
        received.push(...untold(job, resume()).events);
        const ids = received.map(({ data }) => String(JSON.parse(data).id));
        expect(new Set(ids).size).toBe(ids.length);
        const failures = ids.filter((id) => id.includes('_a'));
        expect(failures).toEqual(
          made.flatMap((outcome, index) =>
            outcome === 'failed' || outcome === 'interrupted' ? [`evt_1_a${index + 1}`] : [],
          ),
        );
        expect(ids.at(-1)).toBe(`evt_1_v${version}`);
        expect(received.filter(({ type }) => isTerminal(type.slice(4) as JobStatus))).toHaveLength(
          1,
        );
        expect(untold(job, resume()).events).toEqual([]);
      },
    ),
  );
});
