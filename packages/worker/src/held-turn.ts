import type { Attempt, JobProgress, JobRequest, PlannedTarget } from '@understudy/contracts';
import { plannedAttempt } from '@understudy/routing';
import type { TraceSpan } from '@understudy/tracing';
import type { RunningTurn } from './running-turns.ts';
import type { ServedProvider } from './worker-context.ts';

/** A turn that was begun: this process holds its fencing token. */
export interface HeldTurn {
  request: JobRequest;
  progress: JobProgress;
  turn: number;
  token: number;
  /** Attempts on the record when the turn began. */
  attemptsStored: number;
  body: Buffer;
  planned: PlannedTarget;
  provider: ServedProvider;
  running: RunningTurn;
  /** The turn as a part of the job's trace. */
  span: TraceSpan;
  /** An earlier start of this turn never ended: its call may have been made. */
  interrupted: boolean;
  /** When the turn began, and by which time the job entered the queue. */
  startedAt: number;
  queuedMs: number;
}

/** The members that every attempt of this turn has. */
export function attemptBase(
  held: HeldTurn,
  number: number,
): Omit<Attempt, 'outcome' | 'started_at'> {
  const { request, progress, planned, provider, token, queuedMs } = held;
  return {
    ...plannedAttempt(request, progress, planned, number),
    kind: provider.settings.kind,
    queued_ms: queuedMs,
    token,
  };
}
