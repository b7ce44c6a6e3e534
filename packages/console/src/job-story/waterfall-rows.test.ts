import { expect, test } from 'vitest';
import type { Attempt, Job } from '../api/contract.ts';
import { waterfallRows } from './waterfall-rows.ts';

const NOON = Date.parse('2026-11-22T12:00:00.000Z');
const at = (ms: number): string => new Date(NOON + ms).toISOString();

function job(given: Partial<Job>): Job {
  return {
    id: 'job_1',
    object: 'job',
    project: 'acme',
    status: 'completed',
    endpoint: '/v1/messages',
    model: 'm',
    route: 'm',
    priority: 5,
    created_at: at(0),
    expires_at: at(86_400_000),
    attempts: [],
    waits: [],
    ...given,
  };
}

function attempt(given: Partial<Attempt>): Attempt {
  return {
    number: 1,
    round: 1,
    target: 'a',
    provider: 'a',
    model_requested: 'm',
    outcome: 'failed',
    started_at: at(0),
    ...given,
  };
}

test('an attempt stands where it was queued and where it was called', () => {
  const { rows, totalMs } = waterfallRows(
    job({
      completed_at: at(1000),
      attempts: [attempt({ started_at: at(300), queued_ms: 200, duration_ms: 650 })],
    }),
    NOON,
  );
  expect(totalMs).toBe(1000);
  expect(rows).toMatchObject([
    { queued: { fromMs: 100, toMs: 300 }, call: { fromMs: 300, toMs: 950 } },
  ]);
});

test('waits stand between the attempts that they part', () => {
  const { rows } = waterfallRows(
    job({
      completed_at: at(9000),
      attempts: [
        attempt({ number: 1, started_at: at(100), duration_ms: 100 }),
        attempt({ number: 2, started_at: at(8000), duration_ms: 100 }),
      ],
      waits: [{ reason: 'cooling_down', until: at(7000), started_at: at(250), ended_at: at(7500) }],
    }),
    NOON,
  );
  expect(rows.map(({ kind }) => kind)).toEqual(['attempt', 'wait', 'attempt']);
});

test('equal skips reach from the first to the last', () => {
  const { rows } = waterfallRows(
    job({
      completed_at: at(5000),
      attempts: [attempt({ outcome: 'skipped', count: 4, first_at: at(1000), last_at: at(4000) })],
    }),
    NOON,
  );
  expect(rows).toMatchObject([{ call: { fromMs: 1000, toMs: 4000 } }]);
});

test('what runs now reaches from the last end to now', () => {
  const { rows, totalMs } = waterfallRows(
    job({
      status: 'in_progress',
      attempts: [attempt({ started_at: at(100), duration_ms: 400 })],
    }),
    NOON + 3000,
  );
  expect(rows.at(-1)).toEqual({
    kind: 'now',
    status: 'in_progress',
    span: { fromMs: 500, toMs: 3000 },
  });
  expect(totalMs).toBe(3000);
});

test('a job that waits shows the wait and no further row', () => {
  const { rows } = waterfallRows(
    job({
      status: 'queued',
      waits: [{ reason: 'cooling_down', until: at(9000), started_at: at(100) }],
    }),
    NOON + 2000,
  );
  expect(rows).toMatchObject([{ kind: 'wait', isOpen: true, span: { fromMs: 100, toMs: 2000 } }]);
});

test('clocks that differ never give a stretch before the submit', () => {
  const { rows } = waterfallRows(
    job({ completed_at: at(10), attempts: [attempt({ started_at: at(-50), queued_ms: 5 })] }),
    NOON,
  );
  expect(rows).toMatchObject([{ queued: { fromMs: 0, toMs: 0 }, call: { fromMs: 0, toMs: 0 } }]);
});
