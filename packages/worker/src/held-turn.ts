import type { Attempt, JobProgress, JobRequest, PlannedTarget } from '@understudy/contracts';
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
    number,
    round: progress.round,
    target: planned.target,
    provider: planned.provider,
    kind: provider.settings.kind,
    dialect: request.dialect,
    model_requested: request.model,
    ...(planned.model_drawn === undefined ? {} : { model_drawn: planned.model_drawn }),
    queued_ms: queuedMs,
    token,
  };
}
