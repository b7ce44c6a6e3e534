import type { Attempt, Job } from '../api/contract.ts';

type Wait = Job['waits'][number];

/** A stretch of time, in milliseconds since the job was accepted. */
export interface Span {
  fromMs: number;
  toMs: number;
}

export interface AttemptRow {
  kind: 'attempt';
  attempt: Attempt;
  /** In the provider's queue. */
  queued?: Span;
  /** With the provider; of a skipped attempt a point, or from its first to its last. */
  call: Span;
}

export interface WaitRow {
  kind: 'wait';
  wait: Wait;
  span: Span;
  /** Still waiting. */
  isOpen: boolean;
}

export interface NowRow {
  kind: 'now';
  status: 'queued' | 'in_progress';
  span: Span;
}

type WaterfallRow = AttemptRow | WaitRow | NowRow;

export interface Waterfall {
  /** From the submit to the end, or to now. */
  totalMs: number;
  /** In the order in which they began. */
  rows: WaterfallRow[];
}

/**
 * What a job's time went to, on one axis that begins with the submit.
 * @param now in milliseconds since the epoch; the end of the axis while the job is open
 */
export function waterfallRows(job: Job, now: number): Waterfall {
  const acceptedAt = Date.parse(job.created_at);
  const since = (at: number): number => Math.max(0, at - acceptedAt);
  const isOpen = job.completed_at === undefined;
  const rows: WaterfallRow[] = [
    ...job.attempts.map((attempt) => attemptRow(attempt, since)),
    ...job.waits.map((wait) => waitRow(wait, since, now)),
  ].toSorted((one, other) => startOf(one) - startOf(other));
  const lastEnd = Math.max(0, ...rows.map(endOf));
  const nowMs = Math.max(since(now), lastEnd);
  const isWaiting = rows.some((row) => row.kind === 'wait' && row.isOpen);
  if (isOpen && !isWaiting) {
    const status = job.status === 'in_progress' ? 'in_progress' : 'queued';
    rows.push({ kind: 'now', status, span: { fromMs: lastEnd, toMs: nowMs } });
  }
  const endMs = job.completed_at === undefined ? nowMs : since(Date.parse(job.completed_at));
  return { totalMs: Math.max(1, endMs, lastEnd), rows };
}

function attemptRow(attempt: Attempt, since: (at: number) => number): AttemptRow {
  const startedAt = Date.parse(attempt.first_at ?? attempt.started_at);
  const endedAt =
    attempt.last_at === undefined
      ? startedAt + (attempt.duration_ms ?? 0)
      : Date.parse(attempt.last_at);
  const call = { fromMs: since(startedAt), toMs: since(endedAt) };
  const { queued_ms: queuedMs = 0 } = attempt;
  if (queuedMs <= 0 || attempt.outcome === 'skipped') return { kind: 'attempt', attempt, call };
  const queued = { fromMs: since(startedAt - queuedMs), toMs: call.fromMs };
  return { kind: 'attempt', attempt, queued, call };
}

function waitRow(wait: Wait, since: (at: number) => number, now: number): WaitRow {
  const endedAt = wait.ended_at === undefined ? now : Date.parse(wait.ended_at);
  const span = { fromMs: since(Date.parse(wait.started_at)), toMs: since(endedAt) };
  return { kind: 'wait', wait, span, isOpen: wait.ended_at === undefined };
}

function startOf(row: WaterfallRow): number {
  return row.kind === 'attempt' ? (row.queued ?? row.call).fromMs : row.span.fromMs;
}

function endOf(row: WaterfallRow): number {
  return row.kind === 'attempt' ? row.call.toMs : row.span.toMs;
}
